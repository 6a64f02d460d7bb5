"""A selection: which transactions of a customer, and in what order (dialogportal)."""

import hashlib
from typing import NamedTuple

import msgspec

from saldo.dates import EVERYTHING, Span
from saldo.errors import group_not_found, type_not_found
from saldo.scheme import Scheme


class Selection(NamedTuple):
    """The transactions of a group and category (None is any) within a span."""

    group: int | None = None
    category: int | None = None
    span: Span = EVERYTHING
    descending: bool = False

    def includes(self, group: int, category: int) -> bool:
        return self.group in (None, group) and self.category in (None, category)

    def fingerprint(self, owner: str) -> str:
        """The same only for the same selection of the same owner (tenant and customer)."""
        content = msgspec.json.encode((owner, self))
        return hashlib.blake2b(content, digest_size=9).hexdigest()


def select(
    scheme: Scheme,
    group: int | None,
    category: int | None = None,
    span: Span = EVERYTHING,
    *,
    descending: bool = False,
) -> Selection:
    """The selection. NotFound for a group that the scheme does not have (404.4), or a type not in it (404.5).

    A type lies in one group, so a type without a group selects within that group.
    """
    if group is not None and not scheme.has_group(group):
        raise group_not_found()
    if category is not None:
        group_of_category = scheme.group_of(category)
        if group_of_category is None or group not in (None, group_of_category):
            raise type_not_found()
        group = group_of_category
    return Selection(group, category, span, descending)
