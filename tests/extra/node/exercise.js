// Uses every Identity operation of the official Node SDK on a sandbox, and writes every object that came back into a
// TypeScript file, so that the compiler compares them with the SDK's own types.
//
// The sandbox's line of JSON comes in the environment variable SANDBOX, the TypeScript file's name as argument.
'use strict';

const fs = require('fs');
const Stripe = require('stripe');

const ready = JSON.parse(process.env.SANDBOX);
const address = new URL(ready.api_base);
const TYPES = {
  event: 'Stripe.Event',
  file: 'Stripe.File',
  file_link: 'Stripe.FileLink',
  'identity.verification_report': 'Stripe.Identity.VerificationReport',
  'identity.verification_session': 'Stripe.Identity.VerificationSession',
  webhook_endpoint: 'Stripe.WebhookEndpoint',
};
const seen = Object.fromEntries(Object.keys(TYPES).map((object) => [object, []]));
let passed = 0;
let failed = 0;

function check(name, holds, found) {
  if (holds) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAILED ${name}: ${JSON.stringify(found)}`);
  }
}

function equal(name, found, wanted) {
  check(name, JSON.stringify(found) === JSON.stringify(wanted), found);
}

function connect(key, settings) {
  const config = {host: address.hostname, port: address.port, protocol: 'http', maxNetworkRetries: 0, ...settings};
  return new Stripe(key, config);
}

// Keeps an object, and what is expanded inside it.
function keep(object) {
  const plain = JSON.parse(JSON.stringify(object));
  if (seen[plain.object]) seen[plain.object].push(plain);
  return object;
}

async function control(path, body) {
  const answer = await fetch(`${ready.api_base}/_vetty/${path}`, {method: 'POST', body: JSON.stringify(body)});
  check(path, answer.ok, answer.status);
}

const submit = (id, outcome, delay = 0) =>
  control(`verification_sessions/${id}/submit`, {outcome, delay_seconds: delay});

async function refused(name, type, wanted, call) {
  try {
    await call();
    check(name, false, 'nothing was thrown');
  } catch (error) {
    equal(`${name}, type`, error.type, type);
    for (const field of Object.keys(wanted)) equal(`${name}, ${field}`, error[field], wanted[field]);
  }
}

const stripe = connect(ready.secret_key);
const restricted = connect(ready.restricted_key);
// Reads sensitive fields of any age; the others only those of the last 48 hours.
const ipRestricted = connect('rk_test_IPRestrictedOfficialClients');
const sessions = stripe.identity.verificationSessions;
const reports = stripe.identity.verificationReports;
const OUTPUTS = ['dob', 'id_number', 'sex', 'unparsed_sex', 'unparsed_place_of_birth'].map(
  (name) => `verified_outputs.${name}`
);
const DETAILS = ['dob', 'number', 'expiration_date', 'sex', 'unparsed_sex', 'unparsed_place_of_birth']
  .map((name) => `document.${name}`)
  .concat(['id_number.dob', 'id_number.id_number']);

async function operations() {
  const session = keep(
    await sessions.create({
      type: 'document',
      options: {document: {allowed_types: ['passport', 'driving_license'], require_matching_selfie: true}},
      provided_details: {email: 'jenny+test@example.com', phone: '+15550100'},
      metadata: {'a b': 'u 1&é', c: '2'},
      client_reference_id: 'node user',
      related_person: {account: 'acct_1', person: 'person_1'},
      return_url: 'https://example.com/done?a=b',
      expand: ['provided_details', 'verified_outputs'],
    })
  );
  equal('metadata', session.metadata, {'a b': 'u 1&é', c: '2'});
  equal('details', session.provided_details, {email: 'jenny+test@example.com', phone: '+15550100'});
  check('a request id', session.lastResponse.requestId.startsWith('req_'), session.lastResponse);
  check('a version', /^20\d\d-/.test(session.lastResponse.apiVersion), session.lastResponse.apiVersion);
  equal('unset', keep(await sessions.update(session.id, {metadata: {c: ''}})).metadata, {'a b': 'u 1&é'});
  equal('cleared', keep(await sessions.update(session.id, {metadata: ''})).metadata, {});
  equal('options', keep(await sessions.update(session.id, {options: {document: ''}})).options, {});
  await submit(session.id, 'document_expired');
  const again = keep(await sessions.retrieve(session.id, {expand: ['last_verification_report']}));
  equal('failed', again.last_verification_report.document.error.code, 'document_expired');
  keep(await reports.retrieve(again.last_verification_report.id));
  await submit(session.id, 'verified', 60);
  equal('processing', keep(await sessions.retrieve(session.id)).status, 'processing');
  await control('clock/advance', {seconds: 60});
  equal('verified', keep(await sessions.retrieve(session.id, {expand: ['verified_outputs']})).status, 'verified');
  equal('redacting', keep(await sessions.redact(session.id)).redaction, {status: 'processing'});
  const other = await sessions.create({type: 'id_number'});
  equal('canceled', keep(await sessions.cancel(other.id)).status, 'canceled');
  const flow = keep(await sessions.create({verification_flow: 'vf_1VettyEmailPhone'}));
  await submit(flow.id, 'verified');
  const path = {expand: ['last_verification_report', 'verified_outputs', 'provided_details']};
  equal('a flow', keep(await sessions.retrieve(flow.id, path)).last_verification_report.type, 'verification_flow');
}

async function sensitiveData() {
  const options = {document: {require_id_number: true, require_matching_selfie: true}};
  const session = await sessions.create({type: 'document', options});
  await submit(session.id, 'verified');
  const nested = DETAILS.map((path) => `last_verification_report.${path}`);
  const identity = restricted.identity;
  const full = keep(await identity.verificationSessions.retrieve(session.id, {expand: [...OUTPUTS, ...nested]}));
  equal('the same birth date', full.verified_outputs.dob, full.last_verification_report.document.dob);
  const report = keep(await identity.verificationReports.retrieve(full.last_verification_report.id, {expand: DETAILS}));
  equal('the same report', report, full.last_verification_report);
  const dob = () => sessions.retrieve(session.id, {expand: ['verified_outputs.dob']});
  await refused('a secret key', 'StripePermissionError', {statusCode: 403}, dob);
}

async function paging() {
  const made = [];
  for (let count = 0; count < 7; count += 1) {
    made.push((await sessions.create({type: 'document', client_reference_id: 'node paging'})).id);
  }
  const ids = async (list) => (await list.autoPagingToArray({limit: 100})).map((object) => keep(object).id);
  const filter = {client_reference_id: 'node paging', limit: 2};
  equal('down', await ids(sessions.list(filter)), [...made].reverse());
  equal('up', await ids(sessions.list({...filter, ending_before: made[0]})), made.slice(1));
  const within = [];
  for await (const session of sessions.list({created: {gte: 1}, limit: 100})) within.push(keep(session).id);
  check('everything once', new Set(within).size === within.length && within.length > 100, within.length);
  for await (const report of ipRestricted.identity.verificationReports.list({
    limit: 100,
    expand: DETAILS.map((path) => `data.${path}`),
  })) {
    keep(report);
  }
}

async function errors() {
  const missing = {statusCode: 404, code: 'resource_missing', param: 'session'};
  await refused('no session', 'StripeInvalidRequestError', missing, () => sessions.retrieve('vs_no'));
  const unknown = {statusCode: 400, code: 'resource_missing', param: 'verification_flow'};
  const flow = () => sessions.create({verification_flow: 'vf_no'});
  await refused('no flow', 'StripeInvalidRequestError', unknown, flow);
  const name = {code: 'parameter_unknown', param: 'x'};
  const named = () => sessions.create({type: 'document', x: [1]});
  await refused('an unknown parameter', 'StripeInvalidRequestError', name, named);
  const list = (key) => () => connect(key).identity.verificationSessions.list();
  await refused('a wrong key', 'StripeAuthenticationError', {statusCode: 401}, list('wrong'));
  await refused('a live key', 'StripeAuthenticationError', {statusCode: 401}, list(`sk_live_${'1'.repeat(20)}`));
  await refused('a publishable key', 'StripePermissionError', {statusCode: 403}, list('pk_test_1234567890'));
  for (const [kind, type] of [
    ['rate_limit', 'StripeRateLimitError'],
    ['lock_timeout', 'StripeRateLimitError'],
    ['server_error', 'StripeAPIError'],
    ['garble', 'StripeAPIError'],
    ['reset', 'StripeConnectionError'],
  ]) {
    // A connection that is closed is tried once more, whatever the settings.
    await control('faults', {kind, count: kind === 'reset' ? 2 : 1});
    await refused(kind, type, {}, () => sessions.list({limit: 1}));
  }
}

async function idempotency() {
  const once = {idempotencyKey: 'node-once'};
  const first = await sessions.create({type: 'document'}, once);
  const again = await sessions.create({type: 'document'}, once);
  equal('done once', again, first);
  equal('replayed', again.lastResponse.headers['idempotent-replayed'], 'true');
  const other = () => sessions.create({type: 'id_number'}, once);
  await refused('other parameters', 'StripeIdempotencyError', {statusCode: 400}, other);
  const patient = connect(ready.secret_key, {maxNetworkRetries: 2}).identity.verificationSessions;
  await control('faults', {kind: 'server_error', count: 1});
  await control('faults', {kind: 'reset', count: 1});
  await patient.create({type: 'document', client_reference_id: 'node retried'});
  equal('retried once', (await sessions.list({client_reference_id: 'node retried'})).data.length, 1);
}

// One line for each object, so that the compiler's complaints name it.
function typed() {
  const lines = ["import Stripe from 'stripe';"];
  for (const [object, type] of Object.entries(TYPES)) {
    seen[object].forEach((one, at) => {
      lines.push(`export const ${object.split('.').pop()}_${at}: ${type} = ${JSON.stringify(one)};`);
    });
  }
  return lines.join('\n');
}

(async () => {
  const around = require('./around')({stripe, restricted, ready, keep, check, equal, refused, submit});
  for (const part of [operations, sensitiveData, paging, errors, idempotency, ...around]) {
    try {
      await part();
    } catch (error) {
      check(part.name, false, `${error.type || error.name}: ${error.message}`);
    }
  }
  fs.writeFileSync(process.argv[2], typed());
  const counts = Object.values(seen).map((objects) => objects.length);
  check('enough was seen', Math.min(...counts) > 2, counts);
  check('many were seen', counts.reduce((sum, count) => sum + count) > 500, counts);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
})();
