"""Customers and external keys under concurrent writes: a customer is created once, a key has one holder."""

import pytest

from saldo.aws.customers import Customers, ExternalKey
from saldo.aws.table import Table
from saldo.errors import BadInput, Conflict, NotFound
from saldo.scheme import load
from tests.aws.threads import at_once

KEY = ExternalKey("crm", "1001")


@pytest.mark.engine
def test_a_customer_is_created_by_exactly_one_of_many_writers(threaded_table: Table) -> None:
    load("household")  # customers are equal if they have the same scheme object, which is made at first use
    customers = Customers(threaded_table, "demo")
    created = at_once(8, lambda _: customers.put("one", "EUR", "household", [KEY]))
    assert sorted(new for _, new in created) == [False] * 7 + [True]
    assert len({customer for customer, _ in created}) == 1


@pytest.mark.engine
@pytest.mark.parametrize("exist", [False, True])
def test_an_external_key_goes_to_exactly_one_of_many_customers(threaded_table: Table, exist: bool) -> None:
    customers = Customers(threaded_table, "demo")
    if exist:
        for number in range(8):
            customers.put(f"customer-{number}", "EUR", None, [])

    def claim(number: int) -> str:
        try:
            return customers.put(f"customer-{number}", "EUR", None, [KEY])[0].id
        except Conflict:
            return ""

    winners = [name for name in at_once(8, claim) if name]
    assert len(winners) == 1
    assert customers.by_external_key(*KEY).id == winners[0]
    for number in range(8):
        name = f"customer-{number}"
        if name in winners:
            assert customers.get(name).external_keys == (KEY,)
        elif exist:
            assert customers.get(name).external_keys == ()
        else:
            with pytest.raises(NotFound):
                customers.get(name)


@pytest.mark.engine
def test_external_keys_that_are_added_concurrently_are_all_kept(threaded_table: Table) -> None:
    customers = Customers(threaded_table, "demo")
    customers.put("one", "EUR", None, [])
    at_once(8, lambda number: customers.put("one", "EUR", None, [ExternalKey("crm", str(number))]))
    assert customers.get("one").external_keys == tuple(ExternalKey("crm", str(number)) for number in range(8))
    assert {customers.by_external_key("crm", str(number)).id for number in range(8)} == {"one"}


@pytest.mark.engine
def test_overlapping_keys_that_are_added_concurrently_reach_every_caller(threaded_table: Table) -> None:
    """Sixteen callers create one customer with overlapping keys: each succeeds, and no key is lost."""
    customers = Customers(threaded_table, "demo")
    keys = [ExternalKey("crm", str(number)) for number in range(20)]
    answers = at_once(16, lambda number: customers.put("one", "EUR", None, keys[number : number + 5]))
    assert sum(new for _, new in answers) == 1
    for number, (customer, _) in enumerate(answers):
        assert set(keys[number : number + 5]) <= set(customer.external_keys)
    assert customers.get("one").external_keys == tuple(sorted(keys))


@pytest.mark.engine
def test_a_customer_has_at_most_100_external_keys_however_many_callers_add_some(threaded_table: Table) -> None:
    customers = Customers(threaded_table, "demo")
    customers.put("one", "EUR", None, [ExternalKey("crm", f"a{number}") for number in range(45)])

    def add(number: int) -> bool:
        try:
            customers.put("one", "EUR", None, [ExternalKey("crm", f"b{number}-{n}") for n in range(10)])
        except BadInput as error:
            assert error.errors[0].field == "externalKeys"
            return False
        return True

    added = at_once(8, add)
    assert sum(added) == 5
    assert len(customers.get("one").external_keys) == 95
