"""Accounts that imports teach: a customer has each as `number#import`, and loses it when that import is undone,
unless another import that still stands names the number too.

An import first keeps the numbers of its file on its own item, and then reads what the customer has; an undo first
takes a number away, and then looks who else names it. So of the two at once, one always sees the other.
"""

from collections.abc import Iterable

from saldo.accounts import MAX_ACCOUNTS
from saldo.aws import layout
from saldo.aws.customers import Customer, Customers, add_action
from saldo.aws.import_items import Import
from saldo.aws.imports import Imports
from saldo.aws.table import Action, Rejected, Table
from saldo.aws.wire import string, strings
from saldo.errors import Unavailable

# Each round that fails is one in which another writer got on.
_MAX_ROUNDS = 30


def learn(table: Table, customer: Customer, accounts: Iterable[str], import_id: str) -> Customer | None:
    """The customer with the accounts that an import names and has kept, as far as there is room for them; None if the
    import may not run any more. NotFound if the customer is gone."""
    customers, imports = Customers(table, customer.tenant), Imports(table)
    for _ in range(_MAX_ROUNDS):
        customer = customers.get(customer.id)
        room = max(0, MAX_ACCOUNTS - len(customer.learned_accounts))
        new = sorted(set(accounts) - customer.accounts)[:room]
        if not new:
            return customer
        try:
            table.write([_add(table, customer, new, import_id), imports.running_action(import_id)])
        except Rejected:
            import_ = imports.find(import_id)
            if import_ is None or not import_.may_run:
                return None
    raise Unavailable("The customer is being changed; send the same call again.")


def forget(table: Table, customer: Customer, import_: Import, numbers: Iterable[str]) -> None:
    """Take from the customer the accounts with these numbers that the import has taught; who else names one has
    taught it from then on."""
    to_pass_on = sorted(numbers)
    if not to_pass_on:
        return
    _pass_on(table, customer, import_, to_pass_on)
    taken = strings([f"{account}#{import_.id}" for account in to_pass_on])
    table.update(
        customer.partition,
        layout.SELF,
        "DELETE learnedAccounts :taken",
        {":taken": taken},
        condition="attribute_exists(PK)",
    )
    # An import that began meanwhile may have relied on what was taken away.
    _pass_on(table, customer, import_, to_pass_on)


def _pass_on(table: Table, customer: Customer, import_: Import, numbers: list[str]) -> None:
    """Let other imports that stand teach the numbers, as far as they name them and no other teaches them yet."""
    for _ in range(_MAX_ROUNDS):
        held = {
            account.number
            for account in Customers(table, customer.tenant).get(customer.id).learned_accounts
            if account.import_id != import_.id
        }
        missing = set(numbers) - held
        heirs = (other for other in Imports(table).all_of(customer) if missing & other.accounts)
        heir = next((other for other in heirs if other.status != "undoing"), None)
        if heir is None:
            return
        # There is room for them, for they were there already.
        inherited = sorted(missing & heir.accounts)
        actions = [_add(table, customer, inherited, heir.id, 2 * MAX_ACCOUNTS), _standing(table, heir)]
        try:
            table.write(actions)
        except Rejected:
            continue  # it has just been undone
    raise Unavailable("The customer is being changed; send the same call again.")


def _add(table: Table, customer: Customer, numbers: list[str], import_id: str, most: int = MAX_ACCOUNTS) -> Action:
    """What makes the numbers the customer's, taught by the import, on condition that it has at most so many then."""
    elements = [f"{account}#{import_id}" for account in numbers]
    return add_action(table, customer, {"learnedAccounts": (elements, most)})


def _standing(table: Table, import_: Import) -> Action:
    """What holds only while the import is not being undone."""
    return table.update_action(
        layout.import_(import_.id),
        layout.SELF,
        "SET accounts = accounts",
        {":undoing": string("undoing")},
        condition="attribute_exists(PK) AND #status <> :undoing",
        names={"#status": "status"},
    )
