"""Creates, confirms, shows and lists customers."""

import msgspec

from saldo.aws.customers import Customers, ExternalKey
from saldo.aws.directory import Summary, customers, summary_of
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.http.answers import Created, Ok, Page
from saldo.http.api import Api
from saldo.http.bodies import CustomerBody
from saldo.http.listings import ListPaging, ListQuery, link_headers
from saldo.http.parameters import CustomerPath
from saldo.http.request import Request

api = Api("Customers")


class ExternalKeyShape(msgspec.Struct):
    type: str
    key: str


class CustomerShape(msgspec.Struct):
    """A customer as the API shows it."""

    customerId: str
    currency: str
    scheme: str
    externalKeys: list[ExternalKeyShape]
    accounts: list[str]
    created: str


class CustomerList(msgspec.Struct):
    customers: list[CustomerShape]
    paging: ListPaging


@api.route("PUT", "/api/v1/customer/{customerId}", scope="transactions:write", codes=("409",))
def put_customer(
    request: Request, path: CustomerPath, body: CustomerBody
) -> Ok[CustomerShape] | Created[CustomerShape]:
    """Create or confirm a customer.

    It may add external keys and accounts, and remove accounts; a customer's currency and scheme never change. 201 if
    it is new, 200 if it is there.
    """
    body.check()
    external_keys = [ExternalKey(key.type, key.key) for key in body.externalKeys]
    customer, created = Customers(table(), request.tenant).put(
        path.customerId, body.currency, body.scheme, external_keys, body.accounts, body.removeAccounts
    )
    shape = _shape(summary_of(customer))
    return Created(shape) if created else Ok(shape)


@api.route("GET", "/api/v1/customer/{customerId}", scope="transactions:read", codes=("404.1",))
def get_customer(request: Request, path: CustomerPath) -> Ok[CustomerShape]:
    """Show a customer."""
    return Ok(_shape(summary_of(path.customer(request.tenant))))


@api.route("GET", "/api/v1/customers", scope="transactions:read")
def list_customers(request: Request, query: ListQuery) -> Page[CustomerList]:
    """List the customers, by id."""
    page = customers(table(), request.tenant, query.limit, query.cursor)
    paging = ListPaging(len(page.customers), page.next is not None, page.next)
    return Page(CustomerList(list(map(_shape, page.customers)), paging), link_headers(request, page.next))


def _shape(customer: Summary) -> CustomerShape:
    external_keys = [ExternalKeyShape(*key) for key in customer.external_keys]
    return CustomerShape(
        customer.id,
        customer.currency,
        customer.scheme,
        external_keys,
        sorted(customer.accounts),
        customer.created,
    )


prepare(table, api.build_models)
