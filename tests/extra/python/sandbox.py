"""The sandbox under test, the clients that ask it, and everything that it answered.

The sandbox's line of JSON comes in the environment variable SANDBOX.
"""

import json
import os
import urllib.request

import stripe

from tally import Tally

ready = json.loads(os.environ["SANDBOX"])
base = ready["api_base"]
tally = Tally()
bodies = []


class Recorder(stripe.RequestsClient):
    """Sends requests as the SDK does, and keeps what came back."""

    exchanges = []

    def request(self, method, url, headers, post_data=None):
        content, status, answer = super().request(method, url, headers, post_data)
        self.exchanges.append((method, dict(headers), status, answer))
        try:
            bodies.append(json.loads(content))
        except ValueError:
            pass
        return content, status, answer


def client(key, retries=0):
    return stripe.StripeClient(
        key, base_addresses={"api": base, "files": base}, max_network_retries=retries, http_client=Recorder()
    )


def control(path, body):
    """Asks the sandbox for what the API has no word for."""
    request = urllib.request.Request(f"{base}/_vetty/{path}", json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def submit(session, outcome, delay=0):
    control(f"verification_sessions/{session.id}/submit", {"outcome": outcome, "delay_seconds": delay})


secret, restricted = client(ready["secret_key"]), client(ready["restricted_key"])
# Reads sensitive fields of any age; the others only those of the last 48 hours.
ip_restricted = client("rk_test_IPRestrictedOfficialClients")
