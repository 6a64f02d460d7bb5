"""Lists transactions: of one group by either key (dialogportal), or of all groups."""

from urllib.parse import urlencode

import msgspec

from saldo.aws import pages
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.errors import bad
from saldo.http.answers import Page
from saldo.http.api import Api
from saldo.http.parameters import CustomerPath, DpKeyPath, ExtKeyPath, GroupListingQuery, ListingQuery
from saldo.http.request import Request
from saldo.selection import select
from saldo.transactions import Transaction

api = Api("Listing")


class Paging(msgspec.Struct, omit_defaults=True):
    """Where the page is in the listing; `next` is there when there is more."""

    offset: int
    count: int
    more: bool
    next: str | None = None


class Listing(msgspec.Struct):
    transactions: list[Transaction]
    paging: Paging


@api.route(
    "GET", "/user/dp-key/{dpKey}/transactions/{groupId}", scope="transactions:read", codes=("404.1", "404.4", "404.5")
)
def list_by_dp_key(request: Request, path: DpKeyPath, query: GroupListingQuery) -> Page[Listing]:
    """List the transactions of a group, by dp-key."""
    return _list(request, path, query, path.groupId)


@api.route(
    "GET",
    "/user/ext-key/{extKey}/{extType}/transactions/{groupId}",
    scope="transactions:read",
    codes=("404.1", "404.2", "404.4", "404.5"),
)
def list_by_external_key(request: Request, path: ExtKeyPath, query: GroupListingQuery) -> Page[Listing]:
    """List the transactions of a group, by external key."""
    return _list(request, path, query, path.groupId)


@api.route(
    "GET", "/api/v1/customer/{customerId}/transactions", scope="transactions:read", codes=("404.1", "404.4", "404.5")
)
def list_transactions(request: Request, path: CustomerPath, query: ListingQuery) -> Page[Listing]:
    """List the transactions of a customer."""
    return _list(request, path, query, query.group)


def _list(
    request: Request, path: CustomerPath | DpKeyPath | ExtKeyPath, query: GroupListingQuery, group: int | None
) -> Page[Listing]:
    customer = path.customer(request.tenant)
    if query.cursor is not None and query.offset is not None:
        raise bad("cursor", "cannot go with offset")
    selection = select(customer.scheme, group, query.type, query.span, descending=query.order == "desc")
    page = pages.page(table(), customer, selection, query.limit, offset=query.offset or 0, cursor=query.cursor)
    headers = {}
    if page.next is not None:
        kept = {name: values[0] for name, values in request.raw_query.items() if name not in ("offset", "cursor")}
        headers["Link"] = f'<?{urlencode(kept | {"cursor": page.next})}>; rel="next"'
    paging = Paging(page.offset, len(page.transactions), page.next is not None, page.next)
    return Page(Listing(page.transactions, paging), headers)


prepare(table)
