"""Lists transactions, of one group by either key (dialogportal) or of all groups, and shows one."""

import msgspec

from saldo.aws import pages
from saldo.aws.metrics import count
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.errors import transaction_not_found
from saldo.http.answers import Ok, Page
from saldo.http.api import Api
from saldo.http.listings import GroupListingQuery, ListingQuery, link_headers
from saldo.http.parameters import CustomerPath, DpKeyPath, ExtKeyPath, TransactionPath
from saldo.http.request import Request
from saldo.selection import select
from saldo.transactions import Transaction

api = Api("Listing")


class Paging(msgspec.Struct, omit_defaults=True):
    """Where the page is in the listing; `next` is there when there is more, `total` when it was asked for."""

    offset: int
    count: int
    more: bool
    next: str | None = None
    total: int | None = None


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


@api.route(
    "GET",
    "/api/v1/customer/{customerId}/transactions/{transactionDate}/{transactionID}",
    scope="transactions:read",
    codes=("404", "404.1"),
)
def get_transaction(request: Request, path: TransactionPath) -> Ok[Transaction]:
    """Show one transaction.

    Its date and its id, as a listing shows them, are its place.
    """
    transaction = pages.find(table(), path.customer(request.tenant), path.key)
    if transaction is None:
        raise transaction_not_found()
    return Ok(transaction)


def _list(
    request: Request, path: CustomerPath | DpKeyPath | ExtKeyPath, query: GroupListingQuery, group: int | None
) -> Page[Listing]:
    customer = path.customer(request.tenant)
    search = query.search(customer.decimals)
    selection = select(
        customer.scheme, group, query.type, query.span, descending=query.order == "desc", search=search
    )
    page = pages.page(
        table(),
        customer,
        selection,
        query.limit,
        offset=query.offset or 0,
        cursor=query.cursor,
        total=query.total,
    )
    count("RowsListed", len(page.transactions))
    paging = Paging(page.offset, len(page.transactions), page.next is not None, page.next, page.total)
    return Page(Listing(page.transactions, paging), link_headers(request, page.next))


prepare(table, api.build_models)
