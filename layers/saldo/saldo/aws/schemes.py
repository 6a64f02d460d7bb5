"""The schemes that a tenant brings, beside the two that ship. Transactions refer to categories for ever, so a new
version of a scheme keeps every category where it was.

item  PK `S#{tenant}#{scheme}`, SK `#`: version (sha256 of the file)
item  PK `S#{tenant}#{scheme}`, SK `{version}`: file (JSON)

The small item is read each time, so that a new version counts at once; a version is read once in a process.
"""

import hashlib

import msgspec

from saldo import scheme
from saldo.aws.table import Table
from saldo.aws.wire import S, string
from saldo.errors import Unavailable, bad
from saldo.scheme import SCHEMES, Scheme

# An item holds 400 KB, its keys included.
MAX_FILE = 380_000

_remembered: dict[str, Scheme] = {}
_MAX_REMEMBERED = 50


class _Current(msgspec.Struct, frozen=True):
    version: S


class _Version(msgspec.Struct, frozen=True):
    file: S


class Schemes:
    """The schemes that customers of one tenant may have."""

    def __init__(self, table: Table, tenant: str) -> None:
        self._table = table
        self._tenant = tenant

    def find(self, name: str) -> Scheme | None:
        """The scheme of that name; None if it neither ships nor is the tenant's."""
        if name in SCHEMES:
            return scheme.load(name)
        current = self._table.get(self._partition(name), "#", _Current)
        if current is None:
            return None
        version = current.version.S
        if version not in _remembered:
            stored = self._table.get(self._partition(name), version, _Version)
            if stored is None:
                raise Unavailable("The scheme is just being changed; send the same call again.")
            if len(_remembered) >= _MAX_REMEMBERED:
                del _remembered[next(iter(_remembered))]
            _remembered[version] = scheme.parse(stored.file.S.encode())
        return _remembered[version]

    def put(self, content: bytes) -> Scheme:
        """Keep a new scheme, or a new version of one. BadInput names the place of what is wrong with it."""
        made = scheme.parse(content)
        if made.id in SCHEMES:
            raise bad("id", f"is the name of a scheme that ships: {', '.join(SCHEMES)}")
        if len(content) > MAX_FILE:
            raise bad("body", f"is larger than {MAX_FILE} bytes")
        before = self._table.get(self._partition(made.id), "#", _Current)
        old = self.find(made.id)
        for place in old.places() if old else ():
            if made.group_of(place.category.id) != place.group.id:
                raise bad(f"category {place.category.id}", "is not in its group any more, where transactions may be")
        version = hashlib.sha256(content).hexdigest()
        pk = self._partition(made.id)
        self._table.put(pk, version, {"file": string(content.decode())})
        condition = "version = :before" if before else "attribute_not_exists(PK)"
        values = {":before": string(before.version.S)} if before else {}
        self._table.put(pk, "#", {"version": string(version)}, condition=condition, values=values)
        return made

    def _partition(self, name: str) -> str:
        return f"S#{self._tenant}#{name}"
