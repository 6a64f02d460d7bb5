"""Creates, confirms and shows customers."""

from saldo.aws.customers import Customer, Customers, ExternalKey
from saldo.aws.parameters import CustomerBody, CustomerPath, NoQuery
from saldo.aws.request import Request
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer

api = Api()


@api.route("PUT", "/api/v1/customer/{customerId}", scope="transactions:write")
def put(request: Request) -> Answer:
    path = request.path(CustomerPath)
    request.query(NoQuery)
    body = request.json(CustomerBody)
    external_keys = [ExternalKey(key.type, key.key) for key in body.externalKeys]
    customer, created = Customers(table(), request.tenant).put(
        path.customerId, body.currency, body.scheme, external_keys
    )
    return answer(201 if created else 200, _shown(customer))


@api.route("GET", "/api/v1/customer/{customerId}", scope="transactions:read")
def get(request: Request) -> Answer:
    path = request.path(CustomerPath)
    request.query(NoQuery)
    return answer(200, _shown(Customers(table(), request.tenant).get(path.customerId)))


def _shown(customer: Customer) -> dict[str, object]:
    return {
        "customerId": customer.id,
        "currency": customer.currency,
        "scheme": customer.scheme.id,
        "externalKeys": [key._asdict() for key in customer.external_keys],
        "created": customer.created,
    }


prepare(table)
