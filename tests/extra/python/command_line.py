"""Uses every Identity operation of the official command line tool on a sandbox.

The sandbox's line of JSON comes in the environment variable SANDBOX, the tool's path as argument.
"""

import json
import os
import subprocess
import sys

import stripe

from listener import Listener
from shapes import problems
from tally import Tally

ready = json.loads(os.environ["SANDBOX"])
tool = sys.argv[1]
tally = Tally()


def run(*arguments):
    access = ["--api-key", ready["secret_key"], "--api-base", ready["api_base"]]
    done = subprocess.run([tool, *arguments, *access], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def ask(*arguments):
    """The object that an operation answers with. The tool ends well on errors too: they are in the answer."""
    text = run("identity", *arguments)
    answer = json.loads(text[text.index("{") :])
    wrong = problems(answer)
    tally.check(" ".join(arguments[:2]), not wrong, wrong)
    return answer


sessions = lambda *arguments: ask("verification_sessions", *arguments)
session = sessions(
    "create", "--type", "document", "-d", "metadata[user_id]=u 1&é", "-d", "options[document][allowed_types][]=passport",
    "--client-reference-id", "command line", "--expand", "verified_outputs", "--idempotency", "command-line-1",
)
tally.equal("metadata", session["metadata"], {"user_id": "u 1&é"})
tally.equal("types", session["options"], {"document": {"allowed_types": ["passport"]}})
tally.equal("expanded", session.get("verified_outputs", ""), None)
name = session["id"]
tally.equal("retrieve", sessions("retrieve", name)["id"], name)
tally.equal("update", sessions("update", name, "-d", "metadata[user_id]=")["metadata"], {})
listed = sessions("list", "--limit", "2", "--client-reference-id", "command line")
tally.equal("list", [it["id"] for it in listed["data"]], [name])
tally.equal("cancel", sessions("cancel", name, "--confirm")["status"], "canceled")
tally.equal("redact", sessions("redact", name, "--confirm")["redaction"], {"status": "processing"})
tally.equal("an error", sessions("retrieve", "vs_no")["error"]["code"], "resource_missing")
found = ask("verification_reports", "list", "--limit", "3", "-d", "type=document")
tally.equal("reports", len(found["data"]), 3)
report = ask("verification_reports", "retrieve", found["data"][0]["id"])
tally.equal("a report", report, found["data"][0])


def events(*arguments):
    text = run("events", *arguments)
    return json.loads(text[text.index("{") :])


with Listener() as listener:
    access = ["--api-key", ready["secret_key"], "--api-base", ready["api_base"]]
    listening = subprocess.Popen(
        [tool, "listen", "--all-snapshot", "--forward-to", listener.url, *access],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    for line in listening.stdout:
        if "Ready!" in line:
            break
    tally.check("the signing secret", ready["webhook_secret"] in line, line)
    for event in ("created", "canceled", "redacted"):
        said = run("trigger", f"identity.verification_session.{event}")
        tally.check(f"trigger {event}", "Trigger succeeded" in said, said)
    kinds = []
    for _ in range(5):
        body, signature = listener.next()
        event = stripe.Webhook.construct_event(body, signature, ready["webhook_secret"])
        kinds.append(event.type.rsplit(".", 1)[1])
    # The tool forwards several at once, so that they may overtake one another.
    tally.equal("forwarded", sorted(kinds), ["canceled", "canceled", "created", "created", "created"])
    newest = events("list", "--limit", "1", "-d", "type=identity.verification_session.canceled")["data"][0]
    tally.equal("an event", events("retrieve", newest["id"]), newest)
    tally.equal("resend", events("resend", newest["id"])["id"], newest["id"])
    body, signature = listener.next()
    again = stripe.Webhook.construct_event(body, signature, ready["webhook_secret"])
    tally.equal("forwarded again", again.id, newest["id"])
    listening.terminate()
    listening.wait(timeout=30)
    hook = json.loads(
        run("webhook_endpoints", "create", "-d", f"url={listener.url}", "-d", "enabled_events[]=*")
    )
    run("identity", "verification_sessions", "create", "--type", "document")
    body, signature = listener.next()
    tally.equal(
        "webhook", stripe.Webhook.construct_event(body, signature, hook["secret"]).type,
        "identity.verification_session.created",
    )
    gone = run("webhook_endpoints", "delete", hook["id"], "--confirm")
    tally.check("delete", '"deleted": true' in gone, gone)
tailing = subprocess.Popen(
    [tool, "logs", "tail", "--filter-http-method", "POST", "--format", "JSON", *access],
    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
)
for line in tailing.stdout:
    if "Ready!" in line:
        break
run("identity", "verification_sessions", "list", "--limit", "1")
run("identity", "verification_sessions", "create", "--type", "document")
run("identity", "verification_sessions", "create", "--type", "face")
logged = [json.loads(tailing.stdout.readline()) for _ in range(2)]
tally.equal("the request log", [line["status"] for line in logged], [200, 400])
tally.equal("its error", (logged[1]["error"]["param"], logged[1]["url"]), ("type", "/v1/identity/verification_sessions"))
tailing.terminate()
tailing.wait(timeout=30)
thin = run("listen", "--all-thin")
tally.check("thin events are refused in words", "--all-snapshot" in thin, thin)
shown = run("get", "/v1/identity/verification_sessions", "--show-headers", "--limit", "1")
tally.check("headers", "Request-Id: req_" in shown and "HTTP 200" in shown, shown[:400])
tally.finish()
