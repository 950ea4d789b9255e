"""Compares JSON objects with the type definitions of the official Python SDK.

The SDK allows any text where it lists values of an enum, so that it survives new ones. Here only listed values pass.
"""

import typing

import stripe
from stripe import StripeObject
from stripe.identity import VerificationReport, VerificationSession

BY_OBJECT = {
    "account": stripe.Account,
    "ephemeral_key": stripe.EphemeralKey,
    "event": stripe.Event,
    "file": stripe.File,
    "file_link": stripe.FileLink,
    "identity.verification_report": VerificationReport,
    "identity.verification_session": VerificationSession,
    "webhook_endpoint": stripe.WebhookEndpoint,
}
BY_NAME = {kind.__name__: kind for kind in BY_OBJECT.values()}
ERROR_TYPES = {"api_error", "card_error", "idempotency_error", "invalid_request_error"}
# Each of these makes an object of its kind wrong.
CHANGES = {
    "account": ({"type": "nonsense"}, {"settings": {}}, {"charges_enabled": "no"}, {"surplus": 1}),
    "ephemeral_key": ({"expires": None}, {"secret": 1}, {"surplus": 1}),
    "event": ({"type": "identity.verification_session.approved"}, {"pending_webhooks": None}, {"data": {}}),
    "file": ({"purpose": "nonsense"}, {"size": "1"}, {"links": {"object": "list", "data": [{}]}}),
    "file_link": ({"expired": None}, {"file": {"object": "file"}}, {"surplus": 1}),
    "identity.verification_report": ({"type": "nonsense"}, {"document": {}}, {"surplus": 1}),
    "identity.verification_session": (
        {"status": "nonsense"}, {"surplus": 1}, {"created": "today"}, {"metadata": {"a": 1}}, {"id": None},
    ),
    "list": ({"has_more": None}, {"total_count": 1}, {"data": [{}]}),
    "webhook_endpoint": ({"enabled_events": "*"}, {"status": None}, {"object": "webhook"}),
}


def problems(body, path="body"):
    """What is wrong with one answer of the API, as a list of sentences."""
    if not isinstance(body, dict):
        return [f"{path} is no object"]
    if "error" in body:
        return error_problems(body)
    name = body.get("object")
    if name == "list":
        return list_problems(body, path)
    if name not in BY_OBJECT:
        return [f"{path}.object is {name!r}"]
    if "deleted" in body:
        # The SDK has one type for what is there and what is gone.
        plain = set(body) == {"id", "object", "deleted"} and body["deleted"] is True
        return [] if plain else [f"{path} is deleted and has the fields {sorted(body)}"]
    found = compare(body, BY_OBJECT[name], path)
    if name == "event" and not found:
        found = problems(body["data"]["object"], f"{path}.data.object")
    return found


def list_problems(body, path, kind=None):
    """What is wrong with a list, of objects of this kind if that is known."""
    found = [] if set(body) == {"object", "data", "has_more", "url"} else [f"{path} has the fields {sorted(body)}"]
    if not isinstance(body.get("has_more"), bool):
        found.append(f"{path}.has_more is no boolean")
    for at, item in enumerate(body.get("data", [])):
        found += problems(item, f"{path}.data[{at}]")
        if kind and item.get("object") != kind.OBJECT_NAME:
            found.append(f"{path}.data[{at}] is {item.get('object')!r}")
    return found


def error_problems(body):
    error = body["error"]
    fields = stripe.ErrorObject.__annotations__
    found = [f"error has the unknown field {name}" for name in set(error) - set(fields)]
    for name in set(error) & set(fields):
        found += compare(error[name], fields[name], f"error.{name}")
    if error.get("type") not in ERROR_TYPES:
        found.append(f"error.type is {error.get('type')!r}")
    if set(body) != {"error"} or "message" not in error:
        found.append(f"an error has the fields {sorted(body)} and {sorted(error)}")
    return found


def compare(value, wanted, path):
    """What is wrong with `value` where the SDK says `wanted`."""
    if isinstance(wanted, typing.ForwardRef):
        wanted = BY_NAME[wanted.__forward_arg__]
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Union:
        return compare_union(value, arguments, path)
    if origin is typing.Literal:
        return [] if value in arguments else [f"{path} is {value!r}, which is none of {arguments}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [it for at, item in enumerate(value) for it in compare(item, arguments[0], f"{path}[{at}]")]
    if origin is stripe.ListObject:
        kind = BY_NAME[arguments[0].__forward_arg__]
        return list_problems(value, path, kind) if isinstance(value, dict) else [f"{path} is no list"]
    if wanted is typing.Any:
        return []
    if origin is not None:
        # The only other generic type is the one of metadata: any key, values of one type.
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        return [it for key, item in value.items() for it in compare(item, arguments[0], f"{path}.{key}")]
    if issubclass(wanted, StripeObject):
        return compare_object(value, wanted, path)
    fits = isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))
    return [] if fits else [f"{path} is {value!r}, not of type {wanted.__name__}"]


def compare_union(value, choices, path):
    if value is None:
        return [] if type(None) in choices else [f"{path} is null"]
    # An enum is written as its values or any text: any text is not enough here.
    listed = [it for it in choices if typing.get_origin(it) is typing.Literal]
    if listed:
        return compare(value, listed[0], path)
    nested = [it for choice in choices if typing.get_origin(choice) is typing.Union for it in typing.get_args(choice)]
    tried = [compare(value, it, path) for it in [*choices, *nested] if it is not type(None)]
    return min(tried, key=len)


def compare_object(value, wanted, path):
    if not isinstance(value, dict):
        return [f"{path} is {value!r}, not an object"]
    fields = {name: kind for name, kind in wanted.__annotations__.items() if not name.startswith("_") and name.islower()}
    found = [f"{path}.{name} is not in the SDK" for name in value if name not in fields]
    for name, kind in fields.items():
        if name in value:
            found += compare(value[name], kind, f"{path}.{name}")
        elif type(None) not in typing.get_args(kind):
            found.append(f"{path}.{name} is missing")
    return found


def listed(kind, *path):
    """The values that the SDK lists for an enum, by the names of the classes and the field that lead to it."""
    for name in path[:-1]:
        kind = getattr(kind, name)
    pending, values = [kind.__annotations__[path[-1]]], set()
    while pending:
        part = pending.pop()
        if typing.get_origin(part) is typing.Literal:
            values.update(typing.get_args(part))
        else:
            pending.extend(typing.get_args(part))
    return values
