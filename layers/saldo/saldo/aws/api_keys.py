"""API keys: whose they are and what they may do. A key is stored only as its SHA-256 hash. Its entry in the list of
all keys is written and deleted in the same write.

`gatewayKey` is the value of API Gateway's own key, by which it counts and throttles; it opens nothing.
"""

import hashlib
import re
import secrets
import time
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo.aws import layout
from saldo.aws.table import Rejected, Table
from saldo.aws.wire import SS, Attributes, N, S, number, string, strings
from saldo.dates import instant
from saldo.errors import Conflict, NotFound, Unavailable, bad

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


class IssuedKey(NamedTuple):
    """What the list says of a key; `ends` is in epoch seconds, `gateway_key_id` the id of API Gateway's own key."""

    digest: str
    tenant: str
    scopes: tuple[str, ...]
    tier: str | None
    created: str
    ends: int | None
    gateway_key_id: str | None


class _Entry(msgspec.Struct, frozen=True):
    SK: S
    scopes: SS
    tier: S | None = None
    # Not `expires`, by which the table would drop the entry: with it goes the only trace of API Gateway's key.
    ends: N | None = None
    gatewayKeyId: S | None = None


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
    gateway_key_id: str | None = None,
    tier: str | None = None,
) -> str:
    """Store a key for the tenant and return it: a random one unless it is given. BadInput names the field."""
    check(tenant, scopes)
    key = key or secrets.token_urlsafe(32)
    digest = _digest(key)
    attributes: Attributes = {"tenant": string(tenant), "scopes": strings(sorted(set(scopes)))}
    entry: Attributes = {"scopes": attributes["scopes"]}
    if expires is not None:
        attributes["expires"] = entry["ends"] = number(expires)
    if gateway_key is not None:
        attributes["gatewayKey"] = string(gateway_key)
    if gateway_key_id is not None:
        entry["gatewayKeyId"] = string(gateway_key_id)
    if tier is not None:
        entry["tier"] = string(tier)
    listed = layout.listed_key(tenant, instant(datetime.now(UTC)), digest)
    table.write(
        [
            table.create_action(layout.api_key(digest), layout.SELF, attributes),
            table.create_action(layout.ALL_TENANTS, listed, entry),
        ]
    )
    return key


def issued(table: Table) -> list[IssuedKey]:
    """The keys of all tenants, by tenant and age; those that have expired too, until they are revoked."""
    condition = "PK = :pk AND begins_with(SK, :kind)"
    values = {":pk": string(layout.ALL_TENANTS), ":kind": string(layout.LISTED_KEY)}
    return [_issued(entry) for entry in table.query(_Entry, condition, values)]


def issued_with(table: Table, key_id: str) -> IssuedKey:
    """The key whose hash begins with the id. BadInput for what is no id, NotFound if there is none, Conflict if there
    are several."""
    if not re.fullmatch(rf"[0-9a-f]{{{ID_DIGITS},64}}", key_id):
        raise bad("id", f"must be {ID_DIGITS} hex digits or more, as the list of keys has them")
    keys = [key for key in issued(table) if key.digest.startswith(key_id)]
    if not keys:
        raise NotFound("There is no such key.")
    if len(keys) > 1:
        raise Conflict("More than one key begins with these digits: give all that the list has.")
    return keys[0]


def ids(keys: Collection[IssuedKey]) -> list[str]:
    """The ids of the keys, so many digits of their hashes that each names one key."""
    digits = ID_DIGITS
    while len({key.digest[:digits] for key in keys}) < len(keys):
        digits += 1
    return [key.digest[:digits] for key in keys]


def revoke(table: Table, key: IssuedKey) -> None:
    """Delete the key and its entry. NotFound if somebody else did."""
    listed = layout.listed_key(key.tenant, key.created, key.digest)
    try:
        table.write(
            [
                table.delete_action(layout.api_key(key.digest), layout.SELF),
                table.delete_action(layout.ALL_TENANTS, listed, "attribute_exists(PK)"),
            ]
        )
    except Rejected:
        raise NotFound("There is no such key.") from None


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


def _issued(entry: _Entry) -> IssuedKey:
    tenant, created, digest = layout.key_listed(entry.SK.value)
    return IssuedKey(
        digest,
        tenant,
        tuple(sorted(entry.scopes.values)),
        entry.tier.value if entry.tier else None,
        created,
        int(entry.ends.value) if entry.ends else None,
        entry.gatewayKeyId.value if entry.gatewayKeyId else None,
    )
