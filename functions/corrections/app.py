"""Puts transactions right: corrects their categories, and deletes them."""

import msgspec

from saldo.aws.changes import Gone, change, look_up
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.classification import Classifier
from saldo.errors import bad, transaction_not_found
from saldo.http.answers import NoContent, Ok
from saldo.http.api import Api
from saldo.http.parameters import CustomerPath, TransactionPath
from saldo.http.request import Request
from saldo.places import Corrections, Places, by_key
from saldo.transactions import Transaction

api = Api("Correcting")


class Corrected(msgspec.Struct):
    """How many transactions the call named, and how many of them it changed."""

    received: int
    changed: int
    unchanged: int


class CorrectionAnswer(msgspec.Struct):
    data: Corrected
    message: None = None


class Deleted(msgspec.Struct):
    """How many transactions the call named, how many of them it deleted, and how many are not there."""

    received: int
    deleted: int
    unknown: int


class DeletionAnswer(msgspec.Struct):
    data: Deleted
    message: None = None


@api.route("PATCH", "/api/v1/customer/{customerId}/transactions", scope="transactions:write", codes=("404", "404.1"))
def correct(request: Request, path: CustomerPath, body: Corrections) -> Ok[CorrectionAnswer]:
    """Correct the categories of up to 1,000 transactions.

    No rule changes a category again that was set so; null gives it back to the rules. One transaction that is not
    there is a 404, and nothing is changed.
    """
    customer = path.customer(request.tenant)
    corrections = by_key(body.transactions)
    for number, correction in enumerate(corrections.values()):
        if correction.category is not None and customer.scheme.group_of(correction.category) is None:
            raise bad(f"transactions[{number}].category", "must be the id of a category in the scheme")
    stored = look_up(table(), customer, corrections)
    for number, key in enumerate(corrections):
        if key not in stored:
            raise transaction_not_found(f"transactions[{number}]")
    classifier = Classifier(customer.scheme, customer.decimals, customer.accounts)

    def corrected(transaction: Transaction) -> Transaction:
        category = corrections[transaction.key].category
        if category is None:
            return classifier.again(transaction)
        group = customer.scheme.group_of(category)
        assert group is not None, "it was checked above"
        return msgspec.structs.replace(transaction, category=category, group=group, rule=None)

    changed = change(table(), customer, stored.values(), corrected)
    return Ok(CorrectionAnswer(Corrected(len(corrections), changed, len(corrections) - changed)))


@api.route("POST", "/api/v1/customer/{customerId}/transactions/delete", scope="transactions:write", codes=("404.1",))
def delete(request: Request, path: CustomerPath, body: Places) -> Ok[DeletionAnswer]:
    """Delete up to 1,000 transactions.

    What was deleted stays so when its statement is sent again, unless the bulk call says `restore`.
    """
    customer = path.customer(request.tenant)
    places = by_key(body.transactions)
    stored = look_up(table(), customer, places)
    deleted = change(table(), customer, stored.values(), lambda _: Gone.DELETED)
    return Ok(DeletionAnswer(Deleted(len(places), deleted, len(places) - deleted)))


@api.route(
    "DELETE",
    "/api/v1/customer/{customerId}/transactions/{transactionDate}/{transactionID}",
    scope="transactions:write",
    codes=("404", "404.1"),
)
def delete_one(request: Request, path: TransactionPath) -> NoContent:
    """Delete a transaction."""
    customer = path.customer(request.tenant)
    stored = look_up(table(), customer, [path.key])
    if not change(table(), customer, stored.values(), lambda _: Gone.DELETED):
        raise transaction_not_found()
    return NoContent()


prepare(table, api.build_models)
