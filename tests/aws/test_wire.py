"""The typed decoder reads the same as botocore's parser, and botocore still has the event that it depends on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from saldo.aws import wire
from saldo.aws.customers import Customer
from saldo.aws.items import TransactionItem
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.aws.wire import number, string
from saldo.errors import Unavailable
from saldo.selection import Selection
from tests.aws.ledgers import keep
from tests.builders import row
from tests.clock import Clock


@pytest.fixture
def rows(table: Table, customer: Customer) -> None:
    keep(
        table,
        customer,
        row(
            "2024-01-05",
            "-12.30",
            1002,
            text='é "quoted" \\ \n☕',
            balance=Decimal("100.05"),
            extra=msgspec.Raw(b'{"x":1.10}'),
        ),
        row("2024-01-06", "0", 1),
        row("2024-01-07", "999999999999999", 1, reference="r", account="a", counterparty="c", id=7),
    )


def items(table: Table, customer: Customer) -> list[TransactionItem]:
    values = {":pk": string(customer.partition), ":t": string("T#")}
    return list(table.query(TransactionItem, "PK = :pk AND begins_with(SK, :t)", values, limit=2))


@pytest.fixture
def plain(table: Table) -> Iterator[Table]:
    """The same table, with answers parsed by botocore."""
    for operation in ("Query", "GetItem", "BatchGetItem"):
        table.client.meta.events.unregister(f"before-parse.dynamodb.{operation}", wire._take_body)
    yield table
    wire.hand_over_bodies(table.client)


def test_botocore_hands_the_body_over_unparsed(table: Table, customer: Customer, rows: None) -> None:
    answers: list[dict[str, Any]] = []
    for operation in ("Query", "GetItem", "BatchGetItem"):
        table.client.meta.events.register(
            f"after-call.dynamodb.{operation}", lambda parsed, **_: answers.append(parsed)
        )
    items(table, customer)
    keep(table, customer, row("2024-01-05", "1"))
    table.get(customer.partition, "#", dict)
    assert len(answers) >= 4
    assert all(set(answer) == {"body", "ResponseMetadata"} for answer in answers)


def test_the_typed_decoder_and_botocore_read_equal_items(
    table: Table, customer: Customer, rows: None, request: Any
) -> None:
    typed = items(table, customer)
    parsed = items(request.getfixturevalue("plain"), customer)
    assert len(typed) == 3
    assert typed == parsed


def test_the_ledger_works_with_answers_parsed_by_botocore(plain: Table, customer: Customer, rows: None) -> None:
    assert keep(
        plain, customer, row("2024-01-07", "999999999999999", 1, reference="r", account="a", counterparty="c", id=7)
    ) == (0, 1)
    assert len(page(plain, customer, Selection(), 2, offset=1).transactions) == 2
    assert plain.get(customer.partition, "none", dict) is None


def test_unprocessed_keys_are_requested_again(table: Table, customer: Customer, rows: None) -> None:
    requested: list[int] = []

    def count_keys(params: dict[str, Any], **_: object) -> None:
        requested.append(len(params["RequestItems"][table.name]["Keys"]))

    def leave_one_unprocessed(response_dict: dict[str, Any], **_: object) -> None:
        if len(requested) == 1:
            key = b'{"PK": {"S": "%b"}, "SK": {"S": "#"}}' % customer.partition.encode()
            response_dict["body"] = b'{"Responses": {}, "UnprocessedKeys": {"%b": {"Keys": [%b]}}}' % (
                table.name.encode(),
                key,
            )

    table.client.meta.events.register("provide-client-params.dynamodb.BatchGetItem", count_keys)
    table.client.meta.events.register_first("before-parse.dynamodb.BatchGetItem", leave_one_unprocessed)
    assert len(table.batch_get([(customer.partition, "#"), (customer.partition, "none")], dict)) == 1
    assert requested == [2, 1]


def test_a_persistent_conflict_is_unavailable(table: Table, customer: Customer, clock: Clock) -> None:
    attempts = 0

    def conflict(**_: object) -> None:
        nonlocal attempts
        attempts += 1
        raise table.client.exceptions.TransactionCanceledException(
            {
                "Error": {"Code": "TransactionCanceledException"},
                "CancellationReasons": [{"Code": "TransactionConflict"}],
            },
            "TransactWriteItems",
        )

    table.client.meta.events.register("before-call.dynamodb.TransactWriteItems", conflict)
    with pytest.raises(Unavailable):
        keep(table, customer, row("2024-01-05", "1"))
    assert attempts == len(clock.pauses) + 1 > 30
    assert 0 <= max(clock.pauses) <= 1
    assert len(set(clock.pauses)) > 1, "jitter"


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("1E+3"), "1000"), (Decimal("-0.00001"), "-0.00001"), (10**15, "1000000000000000")]
)
def test_a_number_is_written_without_an_exponent(value: Decimal | int, text: str) -> None:
    assert number(value) == {"N": text}
