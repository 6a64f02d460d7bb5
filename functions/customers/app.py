"""Creates, confirms and shows customers."""

import msgspec

from saldo.aws.customers import Customer, Customers, ExternalKey
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.http.answers import Created, Ok
from saldo.http.api import Api
from saldo.http.bodies import CustomerBody
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
    return Created(_shape(customer)) if created else Ok(_shape(customer))


@api.route("GET", "/api/v1/customer/{customerId}", scope="transactions:read", codes=("404.1",))
def get_customer(request: Request, path: CustomerPath) -> Ok[CustomerShape]:
    """Show a customer."""
    return Ok(_shape(path.customer(request.tenant)))


def _shape(customer: Customer) -> CustomerShape:
    external_keys = [ExternalKeyShape(*key) for key in customer.external_keys]
    return CustomerShape(
        customer.id,
        customer.currency,
        customer.scheme.id,
        external_keys,
        sorted(customer.accounts),
        customer.created,
    )


prepare(table)
