"""Finds out whose key a request carries. The scopes go to the function, which knows what its route needs.

Two headers may carry the key, so the gateway cannot name an identity source and must not cache the answer.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from saldo.aws.api_keys import Holder, KeyRing
from saldo.aws.deadline import Invocation, deadline
from saldo.aws.log import log_failure, logged, logger
from saldo.aws.metrics import counted
from saldo.aws.start import prepare
from saldo.aws.table import table

_HEADERS = ("x-api-key", "apikey")
# Within five seconds, with a margin.
_ANSWERS_WITHIN = 4.9


class NotLookedUp(Exception):
    """The table cannot say whose key it is."""


@cache
def key_ring() -> KeyRing:
    return KeyRing(table())


def authorize(event: Mapping[str, Any], context: Invocation) -> dict[str, Any]:
    """Allow, with tenant, scopes and the gateway's own key; Deny if the key is missing, unknown or expired, or if two
    keys differ.

    A key that cannot be looked up is not a wrong one: NotLookedUp makes the gateway answer 503, and its alarm sees
    it.
    """
    headers = event.get("multiValueHeaders") or {}
    keys = {value for name, values in headers.items() if name.lower() in _HEADERS for value in values}
    # AWS always sends the id; the engine of deploy-test does not, and no key is refused for want of it.
    with logged(context, gateway_request_id=event["requestContext"].get("requestId")):
        if len(keys) != 1:
            return _refused(event, "two that differ" if keys else "missing")
        try:
            with deadline(context, _ANSWERS_WITHIN), counted():
                holder = key_ring().holder(keys.pop())
        except Exception as error:  # noqa: BLE001 - whatever failed, it is logged without its message
            log_failure(error)
            # Lambda would log the message of the cause.
            raise NotLookedUp from None
        if holder is None:
            return _refused(event, "unknown")
        if holder.has_expired:
            return _refused(event, "expired", holder.id)
        return _policy(event, holder)


def _refused(event: Mapping[str, Any], reason: str, key_id: str | None = None) -> dict[str, Any]:
    """Deny, and log why; of a key that is known its id is logged."""
    logger.info("a key was refused", extra={"reason": reason, **({"key": key_id} if key_id else {})})
    return _policy(event, None)


def _policy(event: Mapping[str, Any], holder: Holder | None) -> dict[str, Any]:
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if holder else "Deny",
        "Resource": event["methodArn"],
    }
    answer: dict[str, Any] = {
        "principalId": holder.tenant if holder else "nobody",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"tenant": holder.tenant, "scopes": " ".join(holder.scopes), "key": holder.id} if holder else {},
    }
    if holder and holder.gateway_key:
        answer["usageIdentifierKey"] = holder.gateway_key
    return answer


prepare(key_ring)
