"""Imports: what became of a file that a client uploads to a presigned link. `importing` reads the file.

An import ends once, as completed or failed. One that was abandoned, because its tries were used up, has failed only
until its event is sent again: it may start, complete and fail as if it were open. One that is being undone does
nothing of that any more: each of its writes is on condition that it still may.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from saldo.aws import cubes, layout
from saldo.aws.customers import Customer
from saldo.aws.import_items import OPEN, Import, ImportItem, Reason, Status, import_of
from saldo.aws.lists import all_entries, entries
from saldo.aws.metrics import count
from saldo.aws.table import Action, Rejected, Table
from saldo.aws.wire import Attributes, number, string, strings
from saldo.dates import instant
from saldo.drafts import Skipped
from saldo.errors import import_not_found
from saldo.json import encode
from saldo.money import Side
from saldo.periods import Period

_IS_OPEN = "#status IN (:awaiting, :processing)"
_MAY_RUN = f"{_IS_OPEN} OR attribute_exists(abandoned)"


_ABANDONED = Reason(
    "503",
    "The file could not be imported, because something failed on our side again and again. Import it again, or wait "
    "until we do; no row is added twice.",
)


class ImportPage(NamedTuple):
    """Imports from the newest on, and the cursor of the next page if there is one."""

    imports: list[Import]
    next: str | None


class Imports:
    """The imports of all tenants; an id tells nobody whose import it is."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create(
        self,
        customer: Customer,
        filename: str,
        size: int | None = None,
        sha256: str | None = None,
        signs: Side | None = None,
        *,
        import_id: str | None = None,
    ) -> Import:
        """A new import of a file, with the size in bytes, the SHA-256 (hex) and the side of its amounts if they are
        announced; its id is random unless it is given. Rejected if the id is taken."""
        created = Import(
            id=import_id or secrets.token_hex(16),
            customer=customer.partition,
            filename=filename,
            status=OPEN[0],
            created=instant(datetime.now(UTC)),
            size=size,
            sha256=sha256.lower() if sha256 else None,
            signs=signs,
        )
        attributes = {
            "customer": string(created.customer),
            "filename": string(filename),
            "status": string(created.status),
            "created": string(created.created),
        }
        if created.size is not None:
            attributes["size"] = number(created.size)
        if created.sha256:
            attributes["sha256"] = string(created.sha256)
        if created.signs:
            attributes["signs"] = string(created.signs)
        entry = layout.listed_import(created.created, created.id)
        self._table.write(
            [
                self._table.create_action(layout.import_(created.id), layout.SELF, attributes),
                self._table.create_action(customer.partition, entry, {}),
            ]
        )
        return created

    def get(self, customer: Customer, import_id: str) -> Import:
        """The customer's import with the id. NotFound if the customer has none."""
        import_ = self.find(import_id)
        if import_ is None or import_.customer != customer.partition:
            raise import_not_found()
        return import_

    def find(self, import_id: str) -> Import | None:
        item = self._table.get(layout.import_(import_id), layout.SELF, ImportItem)
        return import_of(item) if item else None

    def page(self, customer: Customer, limit: int, cursor: str | None = None) -> ImportPage:
        """A page of at most `limit` imports of the customer, after the cursor if there is one. BadInput for a cursor
        of another list."""
        sort_keys, next_ = entries(
            self._table, customer.partition, layout.LISTED_IMPORT, limit, cursor, descending=True
        )
        return ImportPage(self._listed(sort_keys), next_)

    def all_of(self, customer: Customer) -> list[Import]:
        """All imports of the customer, from the newest on."""
        return self._listed(all_entries(self._table, customer.partition, layout.LISTED_IMPORT, descending=True))

    def _listed(self, sort_keys: Iterable[str]) -> list[Import]:
        """The imports with these entries, in their order, without those that are gone."""
        ids = [layout.import_listed(sort_key) for sort_key in sort_keys]
        items = self._table.batch_get(((layout.import_(import_id), layout.SELF) for import_id in ids), ImportItem)
        by_id = {import_.id: import_ for import_ in map(import_of, items)}
        return [by_id[import_id] for import_id in ids if import_id in by_id]

    def tally(self, import_id: str, count: int) -> Action:
        """What counts transactions as imported, as part of the write that records them, while the import may run."""
        return self._update(import_id, "ADD imported :n", {"n": number(count)})

    def note(self, import_id: str, first: str, last: str, accounts: Collection[str]) -> bool:
        """Keep between which dates the rows lie, and the accounts that the file names; False if the import may not
        run any more."""
        update = "SET #first = :first, #last = :last"
        values: Attributes = {"first": string(first), "last": string(last)}
        if accounts:
            update += ", accounts = :accounts"
            values["accounts"] = strings(sorted(accounts))
        return self._moved(self._update(import_id, update, values, names={"#first": "first", "#last": "last"}))

    def running_action(self, import_id: str) -> Action:
        """What holds only while the import may run, as part of another write."""
        return self._update(import_id, "SET #status = #status", {})

    def start(self, import_id: str) -> bool:
        """Mark the import as processing; False if it has ended, or does not exist."""
        update = "SET #status = :status REMOVE abandoned, reason"
        return self._moved(self._move(import_id, update, "processing"))

    def complete(
        self, import_: Import, received: int, skipped: list[Skipped], declared: Period | None = None
    ) -> None:
        """End the import with the number of rows of its file, those that were there already, and the period that the
        file declares, which widens the ledger's coverage in the same write; unless another run has ended it."""
        values = {"received": number(received)}
        if skipped:
            values["skipped"] = string(encode(skipped).decode())
        if declared:
            values["declared"] = string("/".join(day.isoformat() for day in declared))
        update = ", ".join(["SET #status = :status", *(f"{name} = :{name}" for name in values)])
        marks = cubes.declare_actions(self._table, import_.customer, declared, 1) if declared else []
        if self._moved(self._move(import_.id, f"{update} REMOVE abandoned, reason", "completed", values), *marks):
            count("ImportsCompleted")

    def fail(self, import_id: str, reason: Reason) -> None:
        """End the import with the reason, unless another run has ended it."""
        update = "SET #status = :status, reason = :reason REMOVE abandoned"
        if self._moved(self._move(import_id, update, "failed", {"reason": _json(reason)})):
            count("ImportsFailed")

    def abandon(self, import_id: str) -> bool:
        """Mark the import as failed because its tries are used up, unless it has ended; returns whether it was.

        It may start again.
        """
        update = "SET #status = :status, reason = :reason, abandoned = :now"
        values = {"reason": _json(_ABANDONED), "now": string(instant(datetime.now(UTC)))}
        has_failed = self._moved(self._move(import_id, update, "failed", values, _IS_OPEN))
        count("ImportsFailed", has_failed)
        return has_failed

    def note_told(self, import_: Import) -> None:
        """Keep that others have been told of the import's status, if it still has that."""
        update, condition = "SET told = :status", "#status = :status"
        self._moved(self._update(import_.id, update, {"status": string(import_.status)}, condition))

    def _moved(self, *actions: Action) -> bool:
        """Write the actions; False if a condition does not hold."""
        try:
            self._table.write(actions)
        except Rejected:
            return False
        return True

    def _move(
        self,
        import_id: str,
        update: str,
        status: Status,
        values: Attributes | None = None,
        condition: str = _MAY_RUN,
    ) -> Action:
        """What updates an import to the status, with these values, on the condition."""
        return self._update(import_id, update, {"status": string(status), **(values or {})}, condition)

    def _update(
        self,
        import_id: str,
        update: str,
        values: Attributes,
        condition: str = _MAY_RUN,
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> Action:
        all_values: Attributes = {f":{name}": value for name, value in values.items()}
        if _IS_OPEN in condition:  # DynamoDB refuses values that no expression names
            all_values |= {":awaiting": string(OPEN[0]), ":processing": string(OPEN[1])}
        return self._table.update_action(
            layout.import_(import_id),
            layout.SELF,
            update,
            all_values,
            condition=condition,
            names={"#status": "status", **names},
        )


def _json(reason: Reason) -> dict[str, str]:
    return string(encode(reason).decode())
