"""A selection: which transactions of a customer, and in what order (dialogportal)."""

from typing import NamedTuple

from saldo.dates import EVERYTHING, Span
from saldo.errors import group_not_found, type_not_found
from saldo.opaque import fingerprint
from saldo.scheme import Scheme
from saldo.search import Search


class Selection(NamedTuple):
    """The transactions of a group and category (None is any) within a span, that a search finds if there is one."""

    group: int | None = None
    category: int | None = None
    span: Span = EVERYTHING
    descending: bool = False
    search: Search | None = None

    def includes(self, group: int, category: int) -> bool:
        return self.group in (None, group) and self.category in (None, category)

    def fingerprint(self, owner: str) -> str:
        """The same only for the same selection of the same owner (tenant and customer)."""
        # Without a search it is as it was before there were any: cursors do not expire.
        return fingerprint((owner, self if self.search else self[:-1]))


def select(
    scheme: Scheme,
    group: int | None,
    category: int | None = None,
    span: Span = EVERYTHING,
    *,
    descending: bool = False,
    search: Search | None = None,
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
    return Selection(group, category, span, descending, search)
