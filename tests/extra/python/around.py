"""What stands around sessions and reports in the official Python SDK: events, files, links to them, webhooks."""

import json
import urllib.error
import urllib.request

import stripe

from listener import Listener
from sandbox import bodies, control, ip_restricted, ready, restricted, secret, submit, tally
from shapes import listed

sessions = secret.v1.identity.verification_sessions
KINDS = ("created", "processing", "verified", "requires_input", "canceled", "redacted")


def events():
    every = [it.id for it in secret.v1.events.list({"limit": 100}).auto_paging_iter()]
    tally.check("many events", len(every) > 100 and len(set(every)) == len(every), len(every))
    oldest = every[-1]
    up = secret.v1.events.list({"limit": 100, "ending_before": oldest}).auto_paging_iter()
    tally.equal("events upwards", [it.id for it in up], every[-2::-1])
    by_kind = 0
    for kind in KINDS:
        name = f"identity.verification_session.{kind}"
        found = list(secret.v1.events.list({"type": name, "limit": 100}).auto_paging_iter())
        tally.check(name, found and all(it.type == name for it in found), len(found))
        tally.equal("one event", secret.v1.events.retrieve(found[0].id).to_dict(), found[0].to_dict())
        by_kind += len(found)
    tally.equal("every event has a kind", by_kind, len(every))
    several = {"types": [f"identity.verification_session.{kind}" for kind in KINDS[:2]], "limit": 100}
    kinds = {it.type for it in secret.v1.events.list(several).auto_paging_iter()}
    tally.equal("several types", kinds, set(several["types"]))
    start = secret.v1.events.retrieve(every[3]).created
    since = secret.v1.events.list({"created": {"gte": start}, "type": "identity.*", "limit": 100})
    tally.check("since", all(it.created >= start for it in since.auto_paging_iter()), start)
    invalid = stripe.InvalidRequestError
    wanted = {"http_status": 404, "code": "resource_missing"}
    tally.raises("no event", invalid, lambda: secret.v1.events.retrieve("evt_no"), **wanted)
    both = lambda: secret.v1.events.list({"type": "*", "types": ["identity.verification_session.created"]})
    tally.raises("type and types", invalid, both, http_status=400)


def contents(url, key=None):
    """Status and bytes of a picture, which the SDK leaves to others to download."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def files():
    options = {"document": {"require_matching_selfie": True, "allowed_types": ["driving_license"]}}
    session = sessions.create({"type": "document", "options": options})
    submit(session, "verified")
    report = sessions.retrieve(session.id, {"expand": ["last_verification_report"]}).last_verification_report
    named = [*report.document.files, report.selfie.selfie]
    tally.equal("front, back and selfie", len(set(named)), 3)
    tally.equal("the front is on both", report.selfie.document, named[0])
    for name in named:
        file = restricted.v1.files.retrieve(name)
        purpose = "selfie" if name == named[2] else "identity_document_downloadable"
        tally.equal("purpose", file.purpose, purpose)
        status, picture = contents(file.url, ready["restricted_key"])
        tally.equal("contents", (status, len(picture), picture[:4]), (200, file.size, b"\x89PNG"))
        tally.equal("not for secret keys", contents(file.url, ready["secret_key"])[0], 403)
        tally.equal("not without a key", contents(file.url)[0], 401)
    every = [it.id for it in restricted.v1.files.list({"limit": 100}).auto_paging_iter()]
    tally.check("all files, newest first", set(every[:3]) == set(named) and len(set(every)) == len(every), every[:3])
    for purpose in listed(stripe.File, "purpose"):
        tally.check(purpose, all(it.purpose == purpose for it in restricted.v1.files.list({"purpose": purpose}).data))
    selfies = restricted.v1.files.list({"purpose": "selfie", "limit": 1})
    tally.equal("by purpose", [it.id for it in selfies.data], [named[2]])
    links(named[2], session.created, picture)
    missing = lambda: restricted.v1.files.retrieve("file_no")
    tally.raises("no file", stripe.InvalidRequestError, missing, http_status=404, code="resource_missing")


def links(file, now, picture):
    make = ip_restricted.v1.file_links
    link = make.create({"file": file, "expires_at": now + 25, "metadata": {"a": "1"}, "expand": ["file"]})
    tally.equal("the file inside", link.file.id, file)
    tally.equal("open to everybody", contents(link.url), (200, picture))
    tally.equal("links of the file", [it.id for it in make.list({"file": file}).data], [link.id])
    tally.equal("and on it", [it.id for it in ip_restricted.v1.files.retrieve(file).links.data], [link.id])
    changed = make.update(link.id, {"metadata": {"a": "", "b": "2"}})
    tally.equal("changed", (changed.metadata.to_dict(), changed.expires_at), ({"b": "2"}, now + 25))
    tally.check("ended", make.update(link.id, {"expires_at": "now"}).expired, link.id)
    tally.equal("closed", contents(link.url)[0], 404)
    tally.equal("among the expired", [it.id for it in make.list({"file": file, "expired": True}).data], [link.id])
    tally.equal("none is open", make.list({"file": file, "expired": False}).data, [])
    tally.equal("retrieve", make.retrieve(link.id).file, file)
    invalid = stripe.InvalidRequestError
    for ends in ({"expires_at": now + 3600}, {}, {"expires_at": now - 60}):
        late = lambda: make.create({"file": file, **ends})
        tally.raises(f"a link with {ends}", invalid, late, http_status=400, param="expires_at")
    refused = lambda: secret.v1.file_links.create({"file": file, "expires_at": now + 25})
    tally.raises("a link by a secret key", stripe.PermissionError, refused, http_status=403)
    tally.raises("no link", invalid, lambda: make.retrieve("link_no"), http_status=404, code="resource_missing")


def webhooks():
    hooks = secret.v1.webhook_endpoints
    with Listener() as everything, Listener() as redactions:
        name = "identity.verification_session.redacted"
        first = hooks.create({"url": everything.url, "enabled_events": ["*"], "description": "a", "metadata": {"a": "1"}})
        second = hooks.create({"url": redactions.url, "enabled_events": [name], "api_version": "2025-01-27.acacia"})
        tally.check("secrets", first.secret.startswith("whsec_") and first.secret != second.secret, first.secret)
        tally.check("shown once", "secret" not in hooks.retrieve(first.id).to_dict(), first.id)
        tally.equal("listed", [it.id for it in hooks.list({"limit": 2}).data], [second.id, first.id])
        session = sessions.create({"type": "document"})
        sessions.redact(session.id)
        for kind in ("created", "canceled"):
            event = construct(everything, first.secret)
            tally.equal("in order", event.type, f"identity.verification_session.{kind}")
            tally.equal("its object", event.data.object.id, session.id)
        control("clock/advance", {"seconds": 4 * 86400})
        event = construct(redactions, second.secret)
        tally.equal("to those who name it", (event.type, event.api_version), (name, "2025-01-27.acacia"))
        sessions.create({"type": "document"})
        tally.equal("and not to the star", construct(everything, first.secret).type.rsplit(".", 1)[1], "created")
        changed = hooks.update(first.id, {"disabled": True, "metadata": "", "description": "b", "url": redactions.url})
        tally.equal("changed", (changed.status, changed.description, changed.url), ("disabled", "b", redactions.url))
        for hook in (first, second):
            tally.equal("deleted", hooks.delete(hook.id).deleted, True)
    invalid = stripe.InvalidRequestError
    gone = lambda: hooks.retrieve(first.id)
    tally.raises("a deleted hook", invalid, gone, http_status=404, code="resource_missing")
    for params, param in (({"enabled_events": ["*"]}, "url"), ({"url": "http://127.0.0.1/"}, "enabled_events")):
        tally.raises(f"no {param}", invalid, lambda: hooks.create(params), param=param, code="parameter_missing")
    wrong = {"url": "http://127.0.0.1/", "enabled_events": ["identity.verification_session.approved"]}
    tally.raises("no such event", invalid, lambda: hooks.create(wrong), http_status=400)


def construct(listener, secret):
    """The next webhook, whose signature has to be right, and wrong for anything else."""
    body, signature = listener.next()
    for forged in (body + " ", body.replace("identity", "Identity", 1)):
        fails = lambda: stripe.Webhook.construct_event(forged, signature, secret)
        tally.raises("a forged body", stripe.SignatureVerificationError, fails)
    bodies.append(json.loads(body))
    return stripe.Webhook.construct_event(body, signature, secret)


PARTS = (events, files, webhooks)
