"""The schemes that a tenant brings, beside the two that ship. Transactions refer to categories for ever, so a new
version of a scheme keeps every category in its group.

The small item that names the current version is read each time, so that a new version counts at once; the version
itself is read once in a process.
"""

import hashlib

import msgspec

from saldo import scheme
from saldo.aws import layout
from saldo.aws.table import Table, table
from saldo.aws.wire import S, string
from saldo.errors import Unavailable, bad
from saldo.scheme import SCHEMES, Scheme

# An item holds at most 400 KB, keys included.
MAX_FILE = 380_000

_remembered: dict[str, Scheme] = {}
_MAX_REMEMBERED = 50


class _Current(msgspec.Struct, frozen=True):
    version: S


class _Version(msgspec.Struct, frozen=True):
    file: S


class Schemes:
    """The schemes that customers of a tenant may have."""

    def __init__(self, table: Table, tenant: str) -> None:
        self._table = table
        self._tenant = tenant

    def find(self, name: str) -> Scheme | None:
        """The scheme with the name; None if it neither ships nor is the tenant's."""
        if name in SCHEMES:
            return scheme.load(name)
        current = self._table.get(layout.scheme(self._tenant, name), layout.SELF, _Current)
        if current is None:
            return None
        version = current.version.value
        if version not in _remembered:
            stored = self._table.get(layout.scheme(self._tenant, name), version, _Version)
            if stored is None:
                raise Unavailable("The scheme is being changed; send the same call again.")
            if len(_remembered) >= _MAX_REMEMBERED:
                del _remembered[next(iter(_remembered))]
            _remembered[version] = scheme.parse(stored.file.value.encode())
        return _remembered[version]

    def put(self, content: bytes) -> Scheme:
        """Keep a new scheme, or a new version of one. BadInput names the place of an error."""
        new = scheme.parse(content)
        if new.id in SCHEMES:
            raise bad("id", f"must not be the name of a scheme that ships: {', '.join(SCHEMES)}")
        if len(content) > MAX_FILE:
            raise bad("body", f"must be at most {MAX_FILE} bytes")
        pk = layout.scheme(self._tenant, new.id)
        current = self._table.get(pk, layout.SELF, _Current)
        old = self.find(new.id)
        for place in old.places() if old else ():
            if new.group_of(place.category.id) != place.group.id:
                raise bad(f"category {place.category.id}", "must stay in its group: transactions may refer to it")
        version = hashlib.sha256(content).hexdigest()
        self._table.put(pk, version, {"file": string(content.decode())})
        condition = "version = :current" if current else "attribute_not_exists(PK)"
        values = {":current": string(current.version.value)} if current else {}
        self._table.put(pk, layout.SELF, {"version": string(version)}, condition=condition, values=values)
        return new


def named(name: str, tenant: str, field: str) -> Scheme:
    """The scheme with the name that a caller of the tenant gave in the field; BadInput if there is none.

    A scheme that ships needs no table, and so no client.
    """
    named_scheme = scheme.load(name) if name in SCHEMES else Schemes(table(), tenant).find(name)
    if named_scheme is None:
        raise bad(field, unknown_scheme())
    return named_scheme


def unknown_scheme() -> str:
    """The message for a name that the tenant has no scheme of."""
    return f"must be {', '.join(SCHEMES)} or one of your own schemes"
