"""A scheme of a tenant, and a customer with it."""

from saldo.aws.schemes import Schemes
from saldo.json import encode
from tests.api.client import Client

GROUP, INCOME, EXPENSES, FUEL = 50, 501, 502, 503


def file(name: str, *more: object, **changed: object) -> bytes:
    """The file of a small scheme. `more` are further categories of its group, `changed` replaces fields."""
    categories = [{"id": INCOME, "name": "in"}, {"id": EXPENSES, "name": "out"}, {"id": FUEL, "name": "fuel"}, *more]
    scheme = {
        "id": name,
        "tables": {"expenses": [{"id": GROUP, "name": "all", "categories": categories}]},
        "default": {"income": INCOME, "expenses": EXPENSES},
        "rules": [{"name": "fuel", "category": FUEL, "words": ["diesel"]}],
    }
    return encode(scheme | changed)


def customer_with_scheme(api: Client, name: str) -> str:
    """Create a scheme of the tenant demo, and a customer with it; returns the customer's id."""
    Schemes(api.table, "demo").put(file(name))
    customer = f"with-{name}"
    assert api.put(f"/api/v1/customer/{customer}", json={"currency": "EUR", "scheme": name}).status == 201
    return customer
