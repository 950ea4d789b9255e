// What stands around sessions and reports in the official Node SDK: events, files, links to them, webhooks.
'use strict';

const http = require('http');

const KINDS = ['created', 'processing', 'verified', 'requires_input', 'canceled', 'redacted'];

/** A receiver of webhooks that answers 200 and hands over bodies and signatures in the order they came. */
async function receiver() {
  const waiting = [];
  const received = [];
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.end();
      const webhook = [Buffer.concat(chunks), request.headers['stripe-signature']];
      const next = waiting.shift();
      if (next) next(webhook);
      else received.push(webhook);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/webhook`,
    next: () => new Promise((resolve) => (received.length ? resolve(received.shift()) : waiting.push(resolve))),
    close: () => server.close(),
  };
}

/** The parts, for a walk that has these helpers. */
module.exports = ({stripe, restricted, ready, keep, check, equal, refused, submit}) => {
  const sessions = stripe.identity.verificationSessions;

  async function events() {
    const seen = [];
    for await (const event of stripe.events.list({limit: 100})) seen.push(keep(event));
    check('many events', seen.length > 100 && new Set(seen.map((event) => event.id)).size === seen.length, seen.length);
    const up = stripe.events.list({limit: 100, ending_before: seen[seen.length - 1].id});
    const upwards = (await up.autoPagingToArray({limit: 10000})).map((event) => event.id);
    equal('events upwards', upwards, seen.slice(0, -1).reverse().map((event) => event.id));
    for (const kind of KINDS) {
      const type = `identity.verification_session.${kind}`;
      const found = await stripe.events.list({type, limit: 3});
      check(type, found.data.every((event) => event.type === type), found);
      if (found.data.length) equal('one event', await stripe.events.retrieve(found.data[0].id), found.data[0]);
    }
    const several = await stripe.events.list({types: ['identity.verification_session.canceled'], created: {gte: 1}});
    check('types', several.data.length > 0, several);
    const missing = {statusCode: 404, code: 'resource_missing', param: 'id'};
    await refused('no event', 'StripeInvalidRequestError', missing, () => stripe.events.retrieve('evt_no'));
  }

  async function contents(url, key) {
    const answer = await fetch(url, {headers: key ? {authorization: `Bearer ${key}`} : {}});
    return [answer.status, Buffer.from(await answer.arrayBuffer())];
  }

  async function files() {
    const session = await sessions.create({type: 'document', options: {document: {require_matching_selfie: true}}});
    await submit(session.id, 'verified');
    const full = await sessions.retrieve(session.id, {expand: ['last_verification_report']});
    const id = full.last_verification_report.selfie.selfie;
    const file = keep(await restricted.files.retrieve(id));
    equal('purpose', file.purpose, 'selfie');
    const [status, picture] = await contents(file.url, ready.restricted_key);
    equal('contents', [status, picture.length], [200, file.size]);
    equal('not for secret keys', (await contents(file.url, ready.secret_key))[0], 403);
    const wanted = {file: id, expires_at: session.created + 25, metadata: {a: '1'}};
    const link = keep(await restricted.fileLinks.create({...wanted, expand: ['file']}));
    equal('the file inside', link.file.id, id);
    equal('open to everybody', (await contents(link.url))[1].length, file.size);
    equal('metadata', keep(await restricted.fileLinks.update(link.id, {metadata: {a: '', b: '2'}})).metadata, {b: '2'});
    equal('ended', keep(await restricted.fileLinks.update(link.id, {expires_at: 'now'})).expired, true);
    equal('closed', (await contents(link.url))[0], 404);
    equal('retrieve', keep(await restricted.fileLinks.retrieve(link.id)).file, id);
    for await (const one of restricted.fileLinks.list({file: id})) keep(one);
    for await (const one of restricted.files.list({limit: 100})) keep(one);
    const late = () => restricted.fileLinks.create({...wanted, expires_at: session.created + 3600});
    await refused('an hour', 'StripeInvalidRequestError', {param: 'expires_at'}, late);
    const secret = () => stripe.fileLinks.create(wanted);
    await refused('a secret key', 'StripePermissionError', {statusCode: 403}, secret);
  }

  async function webhooks() {
    const listener = await receiver();
    const hook = keep(await stripe.webhookEndpoints.create({url: listener.url, enabled_events: ['*']}));
    const session = await sessions.create({type: 'document'});
    await submit(session.id, 'document_expired');
    for (const kind of ['created', 'processing', 'requires_input']) {
      const [body, signature] = await listener.next();
      const event = keep(stripe.webhooks.constructEvent(body, signature, hook.secret));
      equal('in order', event.type, `identity.verification_session.${kind}`);
      equal('its object', event.data.object.id, session.id);
      const forged = () => stripe.webhooks.constructEvent(`${body} `, signature, hook.secret);
      await refused('a forged body', 'StripeSignatureVerificationError', {}, forged);
    }
    equal('shown once', keep(await stripe.webhookEndpoints.retrieve(hook.id)).secret, undefined);
    const changed = keep(await stripe.webhookEndpoints.update(hook.id, {disabled: true, description: 'b'}));
    equal('changed', [changed.status, changed.description], ['disabled', 'b']);
    for await (const one of stripe.webhookEndpoints.list({limit: 100})) keep(one);
    equal('deleted', (await stripe.webhookEndpoints.del(hook.id)).deleted, true);
    const gone = {statusCode: 404, code: 'resource_missing'};
    await refused('gone', 'StripeInvalidRequestError', gone, () => stripe.webhookEndpoints.retrieve(hook.id));
    listener.close();
  }

  return [events, files, webhooks];
};
