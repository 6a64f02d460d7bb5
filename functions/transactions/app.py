"""Lists transactions: of one group by either key (dialogportal), or of all groups."""

from urllib.parse import urlencode

from saldo.aws.customers import Customer, Customers
from saldo.aws.listing import page
from saldo.aws.parameters import CustomerPath, DpKeyPath, ExtKeyPath, GroupListingQuery, ListingQuery
from saldo.aws.request import Request
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer
from saldo.errors import bad
from saldo.listing import listed, select

api = Api()


@api.route("GET", "/user/dp-key/{dpKey}/transactions/{groupId}", scope="transactions:read")
def by_dp_key(request: Request) -> Answer:
    path, query = request.path(DpKeyPath), request.query(GroupListingQuery)
    return _list(request, Customers(table(), request.tenant).get(path.dpKey), query, path.groupId)


@api.route("GET", "/user/ext-key/{extKey}/{extType}/transactions/{groupId}", scope="transactions:read")
def by_external_key(request: Request) -> Answer:
    path, query = request.path(ExtKeyPath), request.query(GroupListingQuery)
    customer = Customers(table(), request.tenant).by_external_key(path.extType, path.extKey)
    return _list(request, customer, query, path.groupId)


@api.route("GET", "/api/v1/customer/{customerId}/transactions", scope="transactions:read")
def of_customer(request: Request) -> Answer:
    path, query = request.path(CustomerPath), request.query(ListingQuery)
    return _list(request, Customers(table(), request.tenant).get(path.customerId), query, query.group)


def _list(request: Request, customer: Customer, query: GroupListingQuery, group: int | None) -> Answer:
    if query.cursor is not None and query.offset is not None:
        raise bad("cursor", "cannot go with offset")
    selection = select(customer.scheme, group, query.type, query.span, descending=query.order == "desc")
    found = page(table(), customer, selection, query.limit, offset=query.offset or 0, cursor=query.cursor)
    paging: dict[str, object] = {
        "offset": found.offset,
        "count": len(found.transactions),
        "more": found.next is not None,
    }
    headers = {}
    if found.next is not None:
        paging["next"] = found.next
        kept = {name: values[0] for name, values in request.raw_query.items() if name not in ("offset", "cursor")}
        headers["Link"] = f'<?{urlencode(kept | {"cursor": found.next})}>; rel="next"'
    return answer(200, {"transactions": [listed(one) for one in found.transactions], "paging": paging}, headers)


prepare(table)
