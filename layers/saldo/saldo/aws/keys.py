"""API keys: whose they are and what they may do. A key is stored as its SHA-256 hash only.

item  PK `K#{sha256}`, SK `#`: tenant, scopes, expires (epoch seconds, also the table's TTL), gatewayKey (the value
of API Gateway's own key, which it counts and throttles by; it opens nothing)
"""

import hashlib
import re
import secrets
import time
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo.aws.table import Table
from saldo.aws.wire import SS, Attributes, N, S, number, string
from saldo.errors import bad

SCOPES = ("transactions:read", "transactions:write", "transactions:aggregate")

_TENANT = re.compile(r"[a-z0-9-]{1,32}")
_REMEMBERED_SECONDS = 60
_REMEMBERED_KEYS = 10_000


class Holder(NamedTuple):
    """Who a key belongs to, its scopes, and the value of the gateway's key that stands for it in a tier."""

    tenant: str
    scopes: tuple[str, ...]
    gateway_key: str | None


class _KeyItem(msgspec.Struct, frozen=True):
    tenant: S
    scopes: SS
    expires: N | None = None
    gatewayKey: S | None = None


class KeyRing:
    """Looks keys up, and keeps those that it found for a minute."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._found: dict[str, tuple[float, _KeyItem]] = {}

    def holder(self, key: str) -> Holder | None:
        """The holder of a key; None if it is unknown or has expired."""
        now = time.time()
        hashed = _hash(key)
        looked_up, item = self._found.get(hashed, (0.0, None))
        if item is None or now - looked_up > _REMEMBERED_SECONDS:
            self._found.pop(hashed, None)
            item = self._table.get(f"K#{hashed}", "#", _KeyItem)
            if item is None:
                return None
            while len(self._found) >= _REMEMBERED_KEYS:
                del self._found[next(iter(self._found))]
            self._found[hashed] = (now, item)
        if item.expires and item.expires.N <= Decimal(now):
            return None
        return Holder(item.tenant.S, tuple(sorted(item.scopes.SS)), item.gatewayKey.S if item.gatewayKey else None)


def make(
    table: Table,
    tenant: str,
    scopes: Collection[str],
    *,
    expires: int | None = None,
    key: str | None = None,
    gateway_key: str | None = None,
) -> str:
    """Store a key for the tenant and return it: a random one unless it is given. BadInput names what is wrong."""
    check(tenant, scopes)
    key = key or secrets.token_urlsafe(32)
    attributes: Attributes = {"tenant": string(tenant), "scopes": {"SS": sorted(set(scopes))}}
    if expires is not None:
        attributes["expires"] = number(expires)
    if gateway_key is not None:
        attributes["gatewayKey"] = string(gateway_key)
    table.write([table.create_action(f"K#{_hash(key)}", "#", attributes)])
    return key


def check(tenant: str, scopes: Collection[str]) -> None:
    """BadInput if no key can be for the tenant, or of the scopes."""
    check_tenant(tenant)
    if not scopes or not set(scopes) <= set(SCOPES):
        raise bad("SCOPES", f"is not some of {' '.join(SCOPES)}")


def check_tenant(tenant: str) -> None:
    """BadInput if no tenant can have the name."""
    if not _TENANT.fullmatch(tenant):
        raise bad("TENANT", "is not 1 to 32 of a-z, 0-9 and -")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
