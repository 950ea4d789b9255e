"""Uses every Identity operation of the official Python SDK on a sandbox, and judges every answer."""

import stripe
from stripe.identity import VerificationReport, VerificationSession

import around
from sandbox import (
    Recorder, base, bodies, client, control, ip_restricted, ready, restricted, secret, submit, tally,
)
from shapes import BY_OBJECT, CHANGES, listed, problems

sessions = secret.v1.identity.verification_sessions
reports = secret.v1.identity.verification_reports
EVERY_OUTPUT = [
    f"verified_outputs.{name}" for name in ("dob", "id_number", "sex", "unparsed_sex", "unparsed_place_of_birth")
]
# A version of the API that older apps speak.
OLDER = "2020-08-27"
OF_DOCUMENT = ("dob", "number", "expiration_date", "sex", "unparsed_sex", "unparsed_place_of_birth")
EVERY_DETAIL = [f"document.{name}" for name in OF_DOCUMENT] + ["id_number.dob", "id_number.id_number"]


def create_and_update():
    session = sessions.create({
        "type": "document",
        "options": {"document": {
            "allowed_types": ["passport", "id_card"], "require_id_number": False,
            "require_live_capture": True, "require_matching_selfie": True,
        }},
        "provided_details": {"email": "jenny+test@example.com", "phone": "+15550100"},
        "metadata": {"a": "1", "b c": "u 1&é"},
        "client_reference_id": "user 1/ä",
        "related_customer": "cus_1",
        "related_customer_account": "acct_1",
        "related_person": {"account": "acct_1", "person": "person_1"},
        "return_url": "https://example.com/done?a=b&c=d",
        "expand": ["provided_details", "verified_outputs", "last_verification_report"],
    })
    tally.equal("types", session.options.document.allowed_types, ["passport", "id_card"])
    tally.equal("booleans", session.options.document.require_id_number, False)
    tally.equal("details", session.provided_details.email, "jenny+test@example.com")
    tally.equal("metadata", session.metadata.to_dict(), {"a": "1", "b c": "u 1&é"})
    tally.equal("person", session.related_person.person, "person_1")
    tally.equal("status", session.status, "requires_input")
    tally.check("secret", session.client_secret.startswith(f"{session.id}_secret_test_"), session.client_secret)
    tally.check("unexpanded", "verified_outputs" not in sessions.retrieve(session.id), "verified_outputs")
    update = lambda **params: sessions.update(session.id, params)
    tally.equal("merged", update(metadata={"a": "", "d": "4"}).metadata.to_dict(), {"b c": "u 1&é", "d": "4"})
    tally.equal("cleared", update(metadata="").metadata.to_dict(), {})
    tally.equal("unset options", update(options={"document": ""}).options.to_dict(), {})
    changed = update(type="id_number", provided_details={"email": "b@example.com"}, expand=["provided_details"])
    tally.equal("type", changed.type, "id_number")
    tally.equal("email", changed.provided_details.email, "b@example.com")
    only_email = sessions.create(
        {"type": "document", "provided_details": {"email": "c@example.com"}, "expand": ["provided_details"]}
    )
    tally.equal("what is not given is absent", only_email.provided_details.to_dict(), {"email": "c@example.com"})
    tally.equal("no options", only_email.options.to_dict(), {})


def endings():
    """Every way a submission can end, and what the SDK's enum says of it."""
    codes = listed(VerificationSession, "LastError", "code")
    tally.check("codes", len(codes) == 19, sorted(codes))
    seen = set()
    for code in sorted(codes):
        session = sessions.create({"type": "document", "options": {"document": {"require_matching_selfie": True}}})
        submit(session, code)
        failed = sessions.retrieve(session.id, {"expand": ["last_verification_report", "verified_outputs"]})
        tally.equal(code, (failed.status, failed.last_error.code), ("requires_input", code))
        tally.equal(f"{code}, outputs", failed.verified_outputs, None)
        seen.add(failed.last_error.code)
    tally.equal("every code was seen", seen, codes)
    for kind in ("document", "id_number"):
        session = sessions.create({"type": kind, "client_reference_id": "endings"})
        submit(session, "verified", 3600)
        waiting = sessions.retrieve(session.id)
        tally.equal("processing", (waiting.status, waiting.url, waiting.client_secret), ("processing", None, None))
        for refused in (sessions.cancel, sessions.redact):
            tally.raises("processing forbids it", stripe.InvalidRequestError, lambda: refused(session.id), http_status=400)
        control("clock/advance", {"seconds": 3600})
        tally.equal("verified", sessions.retrieve(session.id).status, "verified")


def sensitive_data():
    read = restricted.v1.identity
    options = {"document": {"require_id_number": True, "require_matching_selfie": True}}
    session = sessions.create({"type": "document", "options": options})
    submit(session, "verified")
    plain = sessions.retrieve(session.id, {"expand": ["verified_outputs", "last_verification_report"]})
    tally.check("a name", bool(plain.verified_outputs.first_name), plain.verified_outputs)
    tally.check("no birth date", "dob" not in plain.verified_outputs, plain.verified_outputs)
    tally.check("no number", "number" not in plain.last_verification_report.document, "number")
    nested = [f"last_verification_report.{path}" for path in EVERY_DETAIL]
    full = read.verification_sessions.retrieve(session.id, {"expand": EVERY_OUTPUT + nested})
    outputs, report = full.verified_outputs, full.last_verification_report
    tally.equal("the same birth date", outputs.dob.to_dict(), report.document.dob.to_dict())
    tally.equal("the same ID number", outputs.id_number, report.id_number.id_number)
    tally.check("a document number", bool(report.document.number), report.document)
    direct = read.verification_reports.retrieve(report.id, {"expand": EVERY_DETAIL})
    tally.equal("the report itself", direct.to_dict(), report.to_dict())
    page = read.verification_sessions.list(
        {"limit": 3, "expand": ["data.last_verification_report.document.number", "data.verified_outputs.dob"]}
    )
    tally.equal("expanded in a list", page.data[0].last_verification_report.document.number, report.document.number)
    for path in EVERY_OUTPUT + nested:
        call = lambda: sessions.retrieve(session.id, {"expand": [path]})
        error = tally.raises(path, stripe.PermissionError, call, http_status=403)
        tally.check(f"{path}, permission", "configure a restricted API key" in str(error), error)


def flows():
    session = sessions.create({"verification_flow": "vf_1VettyEmailPhone", "expand": ["provided_details"]})
    tally.equal("a flow", (session.type, session.verification_flow), ("verification_flow", "vf_1VettyEmailPhone"))
    tally.equal("options of the flow", session.options.email.require_verification, True)
    submit(session, "verified")
    done = sessions.retrieve(session.id, {"expand": ["verified_outputs", "last_verification_report"]})
    tally.equal("the e-mail", done.last_verification_report.email.email, done.verified_outputs.email)
    tally.equal("the phone", done.last_verification_report.phone.phone, done.verified_outputs.phone)
    tally.equal("type of the report", done.last_verification_report.type, "verification_flow")
    unknown = lambda: sessions.create({"verification_flow": "vf_nowhere"})
    wanted = {"http_status": 400, "code": "resource_missing", "param": "verification_flow"}
    tally.raises("an unknown flow", stripe.InvalidRequestError, unknown, **wanted)


def end_of_life():
    session = sessions.create({"type": "document", "metadata": {"a": "1"}})
    canceled = sessions.cancel(session.id, {"expand": ["verified_outputs"]})
    tally.equal("canceled", (canceled.status, canceled.url, canceled.client_secret), ("canceled", None, None))
    tally.equal("canceled again", sessions.cancel(session.id).status, "canceled")
    update = lambda: sessions.update(session.id, {"type": "id_number"})
    tally.raises("a canceled session stays", stripe.InvalidRequestError, update, http_status=400)
    person = sessions.create({"type": "document", "metadata": {"a": "1"}, "provided_details": {"email": "d@example.com"}})
    submit(person, "verified")
    error = tally.raises("verified", stripe.InvalidRequestError, lambda: sessions.cancel(person.id), http_status=400)
    tally.check("it says why", 'has a status of "verified"' in str(error), error)
    redacted = sessions.redact(person.id)
    tally.equal("redacting", (redacted.status, redacted.redaction.status), ("verified", "processing"))
    tally.equal("metadata is gone", redacted.metadata.to_dict(), {})
    control("clock/advance", {"seconds": 4 * 86400})
    everything = EVERY_OUTPUT + [f"last_verification_report.{it}" for it in EVERY_DETAIL[:6]] + ["provided_details"]
    gone = restricted.v1.identity.verification_sessions.retrieve(person.id, {"expand": everything})
    tally.equal("redacted", gone.redaction.status, "redacted")
    tally.equal("placeholders", (gone.verified_outputs.first_name, gone.verified_outputs.sex), ("[redacted]",) * 2)
    tally.equal("no birth date", gone.verified_outputs.dob.to_dict(), {"day": 1, "month": 1, "year": 1})
    tally.equal("open ones too", sessions.redact(sessions.create({"type": "document"}).id).status, "canceled")


def paging():
    made = [sessions.create({"type": "document", "client_reference_id": "paging"}).id for _ in range(7)]
    newest_first = made[::-1]
    down = sessions.list({"client_reference_id": "paging", "limit": 2})
    tally.equal("paging down", [it.id for it in down.auto_paging_iter()], newest_first)
    up = sessions.list({"client_reference_id": "paging", "limit": 2, "ending_before": made[0]})
    tally.equal("paging up", [it.id for it in up.auto_paging_iter()], made[1:])
    start = sessions.retrieve(made[0]).created
    among = sessions.list({"created": {"gte": start}, "client_reference_id": "paging", "status": "requires_input"})
    tally.equal("filters", len(among.data), 7)
    tally.equal("nothing before", sessions.list({"created": {"lt": 1}}).data, [])
    session = sessions.create({"type": "document", "client_reference_id": "tries", "related_customer": "cus_tries"})
    for outcome in ("document_expired", "selfie_manipulated", "verified"):
        submit(session, outcome)
    page = reports.list({"verification_session": session.id, "limit": 1})
    tries = [it.id for it in page.auto_paging_iter()]
    tally.equal("every try has a report", len(set(tries)), 3)
    tally.equal("by reference", [it.id for it in reports.list({"client_reference_id": "tries"}).data], tries)
    last = reports.list({"ending_before": tries[2], "verification_session": session.id, "limit": 1})
    tally.equal("reports upwards", [it.id for it in last.auto_paging_iter()], tries[1::-1])
    tally.equal("by customer", [it.id for it in sessions.list({"related_customer": "cus_tries"}).data], [session.id])
    tally.check("by type", all(it.type == "document" for it in reports.list({"type": "document"}).data), "another")


def errors():
    invalid = stripe.InvalidRequestError
    missing = {"http_status": 404, "code": "resource_missing"}
    tally.raises("no session", invalid, lambda: sessions.retrieve("vs_no"), param="session", **missing)
    tally.raises("no report", invalid, lambda: reports.retrieve("vr_no"), param="report", **missing)
    cases = [
        ({"type": "face"}, None, "type"),
        ({}, "parameter_missing", "type"),
        ({"type": "document", "x": {"y": 1}}, "parameter_unknown", "x"),
        ({"type": "document", "options": {"document": {"a": 1}}}, "parameter_unknown", "options[document][a]"),
        ({"type": "document", "expand": ["a.b.c.d.e"]}, "property_expansion_max_depth", None),
        ({"type": "document", "metadata": {"k" * 41: "1"}}, None, "metadata"),
    ]
    for params, code, param in cases:
        tally.raises(str(params)[:60], invalid, lambda: sessions.create(params), code=code, param=param, http_status=400)
    for params in ({"limit": 0}, {"limit": 101}, {"starting_after": "vs_no"}, {"ending_before": "vs_no"}, {"status": "x"}):
        tally.raises(str(params), invalid, lambda: sessions.list(params), param=next(iter(params)))
    for key, kind in (("sk_test_", stripe.AuthenticationError), ("pk_test_1234567890", stripe.PermissionError)):
        tally.raises(key, kind, lambda: client(key).v1.identity.verification_sessions.list())
    live = lambda: client("sk_live_" + "1234567890").v1.identity.verification_sessions.list()
    tally.raises("a live key", stripe.AuthenticationError, live)
    faults = [
        ("rate_limit", stripe.RateLimitError), ("lock_timeout", stripe.RateLimitError), ("server_error", stripe.APIError),
        ("garble", stripe.APIError), ("reset", stripe.APIConnectionError), ("truncate", stripe.APIConnectionError),
    ]
    for kind, wanted in faults:
        control("faults", {"kind": kind, "count": 1})
        tally.raises(kind, wanted, lambda: sessions.list({"limit": 1}))


def account_and_ephemeral_keys():
    v1 = client(ready["secret_key"]).v1
    tally.equal("the account", v1.accounts.retrieve_current().object, "account")
    session = sessions.create({"type": "document"})
    key = v1.ephemeral_keys.create({"verification_session": session.id}, {"stripe_version": OLDER})
    tally.check("a secret", key.secret.startswith("ek_test_"), key.secret)
    tally.equal("an hour", key.expires - key.created, 3600)
    tally.equal("ended", v1.ephemeral_keys.delete(key.id).id, key.id)
    for version in ("nonsense", "2020-08-27; link_beta=v1"):
        call = lambda: sessions.list({}, {"stripe_version": version})
        error = tally.raises(version, stripe.InvalidRequestError, call, http_status=400)
        tally.check(f"{version}, message", f"Invalid Stripe API version: {version}" in str(error), error)


def idempotency():
    params = {"type": "document", "metadata": {"a": "1"}}
    once = {"idempotency_key": "python-once"}
    first, again = sessions.create(params, once), sessions.create(params, once)
    tally.equal("done once", again.to_dict(), first.to_dict())
    tally.equal("replayed", again.last_response.headers["Idempotent-Replayed"], "true")
    tally.equal("the first request", again.last_response.headers["Original-Request"], first.last_response.request_id)
    other = lambda: sessions.create({"type": "id_number"}, once)
    tally.raises("other parameters", stripe.IdempotencyError, other, http_status=400)
    control("faults", {"kind": "server_error", "count": 1})
    control("faults", {"kind": "reset", "count": 1})
    patient = client(ready["secret_key"], retries=2).v1.identity.verification_sessions
    before = len(Recorder.exchanges)
    made = patient.create({"type": "document", "client_reference_id": "retried"})
    keys = {headers["Idempotency-Key"] for _, headers, _, _ in Recorder.exchanges[before:]}
    tally.equal("a retry has the same key", len(keys), 1)
    tally.equal("and does nothing twice", [it.id for it in sessions.list({"client_reference_id": "retried"}).data], [made.id])


def older_style():
    """The SDK without a client: classes, and settings of the module."""
    stripe.api_key, stripe.api_base = ready["secret_key"], base
    session = VerificationSession.create(type="document", metadata={"style": "old"})
    tally.equal("modify", VerificationSession.modify(session.id, metadata={"style": ""}).metadata.to_dict(), {})
    tally.equal("an instance cancels itself", session.cancel().status, "canceled")
    tally.equal("refresh", session.refresh().status, "canceled")
    tally.check("auto-paging of a class", len(list(VerificationReport.list(limit=100).auto_paging_iter())) > 20)
    tally.equal("redact by id", VerificationSession.redact(session.id).redaction.status, "processing")


parts = (
    create_and_update, endings, sensitive_data, flows, end_of_life, paging, errors, account_and_ephemeral_keys,
    idempotency, older_style,
)
for part in (*parts, *around.PARTS):
    try:
        part()
    except Exception as error:
        tally.check(part.__name__, False, f"{type(error).__name__}: {error}")
everybody = ip_restricted.v1.identity
for page in (
    everybody.verification_sessions.list({"limit": 100, "expand": [f"data.{it}" for it in EVERY_OUTPUT]}),
    everybody.verification_reports.list({"limit": 100, "expand": [f"data.{it}" for it in EVERY_DETAIL]}),
):
    for _ in page.auto_paging_iter():
        pass
for method, sent, status, headers in Recorder.exchanges:
    if headers and status != 421 and "html" not in headers.get("Content-Type", ""):
        tally.check("a request id", headers.get("Request-Id", "").startswith("req_"), f"{method}: {dict(headers)}")
        named = sent["Stripe-Version"]
        echoed = named if named in (stripe.api_version, OLDER) else stripe.api_version
        tally.equal("the version is echoed", headers.get("Stripe-Version"), echoed)
wrong = {problem for body in bodies for problem in problems(body)}
for problem in sorted(wrong)[:40]:
    tally.check("shape", False, problem)
samples = {body["object"]: body for body in bodies if "object" in body and not body.get("deleted")}
tally.equal("every kind was seen", set(samples), {*BY_OBJECT, "list"})
for kind, sample in samples.items():
    for change in CHANGES[kind]:
        tally.check(f"the comparison finds {kind} {change}", problems({**sample, **change}) != [], "nothing")
refusal = next(body for body in bodies if "error" in body)
for change in ({"type": "nonsense"}, {"surplus": "1"}, {"code": 1}):
    tally.check(f"the comparison finds {change}", problems({"error": {**refusal["error"], **change}}) != [], "nothing")
tally.check("enough was seen", len(bodies) > 200, len(bodies))
if not wrong:
    tally.passed += len(bodies)
tally.finish()
