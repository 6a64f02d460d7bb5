"""Calls that change a ledger, each with what it must do to the model: what properties are made of."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from saldo.aws.changes import Gone
from saldo.aws.customers import Customer
from saldo.aws.table import Table
from saldo.statements.statement import Row
from tests.aws.law import Model
from tests.aws.ledgers import correct, drafted, keep, take_out

# Places among the keys that the model knows.
Places = tuple[int, ...]


class Call(NamedTuple):
    """`expect` makes the model do what the call must do, `act` makes the call; both return its answer. A call that
    died half-way and is made again answers the same if it knows its own rows."""

    expect: Callable[[], object]
    act: Callable[[], object]
    knows_its_own: bool = False


class Step(Protocol):
    """A kind of call. A new one is a class with this method, and a line in `any_step` of the tests."""

    def call(self, table: Table, customer: Customer, model: Model) -> Call: ...


def keys_at(model: Model, places: Places) -> list[str]:
    keys = sorted(model.entries)
    return list(dict.fromkeys(keys[place % len(keys)] for place in places)) if keys else []


class Register(NamedTuple):
    """A bulk call, under the salt of an idempotency key or without, or an import of a file."""

    rows: list[Row]
    salt: str | None
    import_: str | None
    restore: bool

    def call(self, table: Table, customer: Customer, model: Model) -> Call:
        by = self.salt or self.import_
        drafts = drafted(customer, self.rows, self.salt, self.import_)
        return Call(
            lambda: model.record(drafts, by, self.restore),
            lambda: keep(table, customer, *self.rows, salt=self.salt, import_=self.import_, restore=self.restore),
            by is not None,
        )


class Correct(NamedTuple):
    """One category for some transactions; None gives them back to the rules."""

    places: Places
    category: int | None

    def call(self, table: Table, customer: Customer, model: Model) -> Call:
        categories = dict.fromkeys(keys_at(model, self.places), self.category)
        return Call(lambda: model.correct(categories), lambda: correct(table, customer, categories))


class Delete(NamedTuple):
    places: Places

    def call(self, table: Table, customer: Customer, model: Model) -> Call:
        keys = keys_at(model, self.places)
        return Call(lambda: model.delete(keys), lambda: take_out(table, customer, keys))


class Remove(NamedTuple):
    """Takes out what an import brought."""

    import_: str

    def call(self, table: Table, customer: Customer, model: Model) -> Call:
        keys = [transaction.key for transaction in model.transactions if transaction.import_ == self.import_]
        return Call(lambda: model.remove(keys), lambda: take_out(table, customer, keys, Gone.REMOVED))
