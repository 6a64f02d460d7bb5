"""API keys: whose they are and what they may do. A key is stored only as its SHA-256 hash.

`gatewayKey` is the value of API Gateway's own key, by which it counts and throttles; it opens nothing.
"""

import hashlib
import re
import secrets
import time
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo.aws import layout
from saldo.aws.table import Table
from saldo.aws.wire import SS, Attributes, N, S, number, string, strings
from saldo.errors import Unavailable, bad

SCOPES = ("transactions:read", "transactions:write", "transactions:aggregate", "customers:erase")

# So many hex digits of its hash name a key.
ID_DIGITS = 8

_TENANT = re.compile(r"[a-z0-9-]{1,32}")
_FRESH_SECONDS = 60
# How long a key that was looked up still serves while the table cannot answer.
_SERVES_SECONDS = 5 * 60
_REMEMBERED_KEYS = 10_000


class Holder(NamedTuple):
    """The tenant of a key, its scopes, and the value of the gateway's key that stands for it in a tier. `id` is the
    beginning of the key's hash, by which operators name it."""

    tenant: str
    scopes: tuple[str, ...]
    gateway_key: str | None
    id: str
    has_expired: bool


class _KeyItem(msgspec.Struct, frozen=True):
    tenant: S
    scopes: SS
    expires: N | None = None
    gatewayKey: S | None = None


class KeyRing:
    """Looks keys up, and remembers them for a minute; for five while the table cannot answer."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._remembered: dict[str, tuple[float, _KeyItem]] = {}

    def holder(self, key: str) -> Holder | None:
        """The holder of the key, which may have expired; None if the key is unknown. Unavailable if nobody can tell:
        the table cannot answer, and the key was not looked up in the last five minutes."""
        now, hashed = time.time(), _digest(key)
        item = self._item(hashed, now)
        if item is None:
            return None
        return Holder(
            item.tenant.value,
            tuple(sorted(item.scopes.values)),
            item.gatewayKey.value if item.gatewayKey else None,
            hashed[:ID_DIGITS],
            bool(item.expires and item.expires.value <= Decimal(now)),
        )

    def _item(self, digest: str, now: float) -> _KeyItem | None:
        looked_up, remembered = self._remembered.get(digest, (0.0, None))
        if remembered and now - looked_up <= _FRESH_SECONDS:
            return remembered
        try:
            item = self._table.get(layout.api_key(digest), layout.SELF, _KeyItem)
        except Unavailable:
            if remembered and now - looked_up <= _SERVES_SECONDS:
                return remembered
            raise
        self._remembered.pop(digest, None)
        if item:
            while len(self._remembered) >= _REMEMBERED_KEYS:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[digest] = (now, item)
        return item


def make(
    table: Table,
    tenant: str,
    scopes: Collection[str],
    *,
    expires: int | None = None,
    key: str | None = None,
    gateway_key: str | None = None,
) -> str:
    """Store a key for the tenant and return it: a random one unless it is given. BadInput names the field."""
    check(tenant, scopes)
    key = key or secrets.token_urlsafe(32)
    attributes: Attributes = {"tenant": string(tenant), "scopes": strings(sorted(set(scopes)))}
    if expires is not None:
        attributes["expires"] = number(expires)
    if gateway_key is not None:
        attributes["gatewayKey"] = string(gateway_key)
    table.write([table.create_action(layout.api_key(_digest(key)), layout.SELF, attributes)])
    return key


def check(tenant: str, scopes: Collection[str]) -> None:
    """BadInput if a key cannot have the tenant or the scopes."""
    check_tenant(tenant)
    if not scopes or not set(scopes) <= set(SCOPES):
        raise bad("scopes", f"must be one or more of {', '.join(SCOPES)}")


def check_tenant(tenant: str) -> None:
    """BadInput if a tenant cannot have the name."""
    if not _TENANT.fullmatch(tenant):
        raise bad("tenant", "must be 1 to 32 characters of a-z, 0-9 and -")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
