"""Finds out whose key a request carries. The scopes go to the function, which knows what its route needs.

Two headers may carry the key, so the gateway cannot name an identity source and must not cache the answer.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from saldo.aws.api_keys import Holder, KeyRing
from saldo.aws.log import logger
from saldo.aws.start import prepare
from saldo.aws.table import table

_HEADERS = ("x-api-key", "apikey")


@cache
def key_ring() -> KeyRing:
    return KeyRing(table())


def authorize(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Allow, with tenant, scopes and the gateway's own key.

    Deny if the key is missing, unknown or expired, if two keys differ, or if the key cannot be looked up (the gateway
    would turn an exception into a 500).
    """
    headers = event.get("multiValueHeaders") or {}
    keys = {value for name, values in headers.items() if name.lower() in _HEADERS for value in values}
    if len(keys) != 1:
        return _policy(event, None)
    try:
        return _policy(event, key_ring().holder(keys.pop()))
    except Exception as error:  # noqa: BLE001 - no key is let in, whatever went wrong
        logger.error("key not looked up", extra={"error": type(error).__name__})
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
        "context": {"tenant": holder.tenant, "scopes": " ".join(holder.scopes)} if holder else {},
    }
    if holder and holder.gateway_key:
        answer["usageIdentifierKey"] = holder.gateway_key
    return answer


prepare(key_ring)
