"""What the listings behind Powertools' resolver share: our storage, so that nothing but the edge differs from ours.

Types are not checked here.
"""

from urllib.parse import urlencode

from aws_lambda_powertools.event_handler.exceptions import BadRequestError, ForbiddenError, NotFoundError

from saldo.aws import pages
from saldo.aws.customers import Customers
from saldo.aws.table import table
from saldo.dates import Span
from saldo.errors import BadInput, NotFound
from saldo.selection import select

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Content-Location, Link, X-Request-ID",
    "Cache-Control": "no-store",
}


def page_of(event, customer_id, group, type_, start, end, limit, offset, cursor, order) -> pages.Page:
    """The page that the parameters ask for; errors are those of the resolver."""
    authorizer = event.request_context.authorizer
    if "transactions:read" not in authorizer.get("scopes", "").split():
        raise ForbiddenError("The key lacks the scope transactions:read.")
    try:
        customer = Customers(table(), authorizer["tenant"]).get(customer_id)
        selection = select(customer.scheme, group, type_, Span(start, end), descending=order == "desc")
        return pages.page(table(), customer, selection, limit, offset=offset, cursor=cursor)
    except NotFound as error:
        raise NotFoundError(error.detail) from None
    except BadInput as error:
        raise BadRequestError(error.detail) from None


def headers_of(event, page: pages.Page) -> dict[str, str]:
    """The headers of the answer, with the link to the next page if there is one."""
    sent = event.headers.get("x-request-id") or event.request_context.request_id
    headers = HEADERS | {"X-Request-ID": sent}
    if page.next is not None:
        query = event.query_string_parameters or {}
        kept = {name: value for name, value in query.items() if name not in ("offset", "cursor")}
        headers["Link"] = f'<?{urlencode(kept | {"cursor": page.next})}>; rel="next"'
    return headers
