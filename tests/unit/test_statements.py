"""Statements in JSON and in the CSV of the bulk call are read, or refused with the place of the error."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.json import decode
from saldo.statements import read
from saldo.statements.bodies import Bulk, Single
from saldo.statements.statement import Row

BULK_ROW = {"transactionDate": "2024-01-05", "amount": "-12.30"}


def bulk(*rows: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"transactions": rows, **more}).encode()


def refused(content: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(content)
    return caught.value


def single(content: bytes) -> Row:
    return decode(content, Single).row()


def only(content: bytes) -> Row:
    (row,) = read(content).rows
    return row


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_no_data(content: bytes) -> None:
    assert refused(content).code == "NoData"


def test_all_fields_of_the_bulk_shape_are_read() -> None:
    row = only(
        bulk(
            {
                "transactionDate": "2024-01-05T10:00:00+01:00",
                "amount": -12.3,
                "description": "coffee",
                "category": 1002,
                "reference": "r1",
                "account": "NL00SALD",
                "counterparty": "Cafe",
                "balance": "100.00",
                "extra": {"b": [1.1, 1e2], "a": None},
                "transactionID": 7,
            }
        )
    )
    assert row == Row(
        place="transactions[0]",
        date="2024-01-05T09:00:00.000Z",
        amount=Decimal("-12.3"),
        text="coffee",
        category=1002,
        reference="r1",
        account="NL00SALD",
        counterparty="Cafe",
        balance=Decimal(100),
        extra=msgspec.Raw(b'{"b":[1.1,100.0],"a":null}'),
        id=7,
    )


def test_numbers_in_extra_stay_as_they_are_written() -> None:
    content = b'{"transactions":[{"transactionDate":"2024-01-05","amount":0.1,"extra":{"x": 1.10, "y": 1e400}}]}'
    assert only(content).extra == msgspec.Raw(b'{"x":1.10,"y":1e400}')
    assert only(content).amount == Decimal("0.1")


def test_the_account_of_a_row_wins_over_that_of_the_statement() -> None:
    row = BULK_ROW | {"account": "row"}
    content = bulk(BULK_ROW, row, accountNumber="all", accountName="x", bsb="1", bankName="b")
    assert [row.account for row in read(content).rows] == ["all", "row"]


def test_the_berlin_group_shape_is_read() -> None:
    content = json.dumps(
        {
            "account": {"iban": "NL00SALD"},
            "transactions": {
                "booked": [
                    {
                        "transactionId": "t1",
                        "bookingDate": "2024-01-05",
                        "transactionAmount": {"amount": "-12.30", "currency": "EUR"},
                        "creditorName": "Cafe",
                        "debtorName": "Me",
                        "remittanceInformationUnstructured": "coffee",
                        "bankTransactionCode": "PMNT",
                    },
                    {
                        "entryReference": "t2",
                        "bookingDateTime": "2024-01-06T23:30:00-02:00",
                        "transactionAmount": {"amount": "5", "currency": "EUR"},
                        "creditorName": "Me",
                        "debtorName": "Boss",
                        "remittanceInformationUnstructuredArray": ["a", "b"],
                    },
                ],
                "pending": [],
            },
        }
    ).encode()
    statement = read(content)
    assert statement.currency == "EUR"
    assert [
        (row.date, row.amount, row.text, row.reference, row.account, row.counterparty) for row in statement.rows
    ] == [
        ("2024-01-05T00:00:00.000Z", Decimal("-12.3"), "coffee", "t1", "NL00SALD", "Cafe"),
        ("2024-01-06T00:00:00.000Z", Decimal(5), "a b", "t2", "NL00SALD", "Boss"),
    ]


def booking(**more: Any) -> dict[str, Any]:
    return {"bookingDate": "2024-01-05", "transactionAmount": {"amount": "1", "currency": "EUR"}} | more


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"bookingDateTime": "2024-01-05T23:30:00-02:00"}, "2024-01-05T00:00:00.000Z"),
        ({"bookingDateTime": "2024-01-05T23:30:00Z"}, "2024-01-05T23:30:00.000Z"),
        ({"bookingDateTime": "2024-01-05T23:30:00"}, "2024-01-05T23:30:00.000Z"),
        ({"bookingDate": "2024-01-05", "bookingDateTime": "2024-01-04T23:30:00Z"}, "2024-01-05T00:00:00.000Z"),
        ({"bookingDateTime": "2024-01-05T09:00:00", "valueDate": "2024-01-07"}, "2024-01-05T09:00:00.000Z"),
        ({"valueDate": "2024-01-07"}, "2024-01-07T00:00:00.000Z"),
    ],
)
def test_a_day_of_the_berlin_group_is_the_one_written(dates: dict[str, str], expected: str) -> None:
    booked = {"transactionAmount": {"amount": "1", "currency": "EUR"}} | dates
    (row,) = read(json.dumps({"transactions": {"booked": [booked]}}).encode()).rows
    assert row.date == expected


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b'{"transactions": 5}', "transactions"),
        (b'{"x": []}', "transactions"),
        (bulk({"amount": 1}), "transactions[0].transactionDate"),
        (bulk(BULK_ROW, {"transactionDate": "2024-01-05"}), "transactions[1].amount"),
        (bulk(BULK_ROW | {"amount": "1,5"}), "transactions[0].amount"),
        (bulk(BULK_ROW | {"amount": None}), "transactions[0].amount"),
        (bulk(BULK_ROW | {"amount": True}), "transactions[0].amount"),
        (bulk(BULK_ROW | {"balance": "x"}), "transactions[0].balance"),
        (bulk(BULK_ROW | {"transactionDate": "yesterday"}), "transactions[0].transactionDate"),
        (bulk(BULK_ROW | {"transactionDate": 20240105}), "transactions[0].transactionDate"),
        (bulk(BULK_ROW | {"category": "1002"}), "transactions[0].category"),
        (bulk(BULK_ROW | {"currency": "EUR"}), "transactions[0].currency"),
        (bulk(BULK_ROW | {"transactionID": 0}), "transactions[0].transactionID"),
        (bulk(BULK_ROW | {"transactionID": 2**53}), "transactions[0].transactionID"),
        (bulk(BULK_ROW | {"extra": [1]}), "transactions[0].extra"),
        (bulk(BULK_ROW | {"extra": {"x": "y" * 5000}}), "transactions[0].extra"),
        (bulk(BULK_ROW | {"description": "x" * 2001}), "transactions[0].description"),
        (bulk(BULK_ROW, bank="x"), "bank"),
        (b'{"transactions": [' + b"[" * 100_000, "body"),
        (b'{"transactions":[{"transactionDate":"2024-01-05","amount":NaN}]}', "body"),
        (b'{"transactions":[{"transactionDate":"2024-01-05","amount":1,"description":"\\ud800"}]}', "body"),
        (
            json.dumps({"transactions": {"booked": [booking(bookingDate=None)]}}).encode(),
            "transactions.booked[0].bookingDate",
        ),
        (
            json.dumps(
                {
                    "transactions": {
                        "booked": [booking(), booking(transactionAmount={"amount": "1", "currency": "USD"})]
                    }
                }
            ).encode(),
            "transactions.booked",
        ),
    ],
)
def test_invalid_json_is_refused_with_the_field(content: bytes, field: str) -> None:
    error = refused(content)
    assert error.code == "InvalidFormat"
    assert [wrong.field for wrong in error.errors] == [field]


def test_a_csv_with_the_names_of_the_bulk_call_is_read() -> None:
    content = (
        "\ufefftransactionDate;amount;description;category;reference;account;counterparty;balance;transactionID;more\r\n"
        '2024-01-05;-12.30;"two\nlines; quoted ""x""";1002;r1;NL00SALD;Cafe;100;7;ignored\r\n'
        "\r\n"
        "2024-01-06T10:00:00+01:00;5;;;;;;;;\r\n"
    ).encode()
    first, second = read(content).rows
    assert first == Row(
        place="line 3",
        date="2024-01-05T00:00:00.000Z",
        amount=Decimal("-12.3"),
        text='two\nlines; quoted "x"',
        category=1002,
        reference="r1",
        account="NL00SALD",
        counterparty="Cafe",
        balance=Decimal(100),
        id=7,
    )
    assert second == Row(place="line 5", date="2024-01-06T09:00:00.000Z", amount=Decimal(5))


def test_empty_lines_before_the_header_row_do_not_matter() -> None:
    assert only(b"\n\ntransactionDate;amount\n2024-01-05;1\n").place == "line 4"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_from_the_header(delimiter: str) -> None:
    content = f"transactionDate{delimiter}amount{delimiter}currency\n2024-01-05{delimiter}1{delimiter}EUR".encode()
    assert only(content).amount == 1
    assert read(content).currency == "EUR"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"hello", "body"),
        (b"day,amount\n2024-01-05,1", "body"),
        (b"transactionDate,amount,amount\n2024-01-05,1,2", "header row"),
        (b"transactionDate,amount\n2024-01-05", "line 2"),
        (b"transactionDate,amount\n2024-01-05,1,2", "line 2"),
        (b"transactionDate,amount\n2024-01-05,1\n2024-02-30,1", "line 3.transactionDate"),
        (b"transactionDate,amount\n2024-01-05,x", "line 2.amount"),
        (b"transactionDate,amount,category\n2024-01-05,1,x", "line 2.category"),
        (b'transactionDate,amount\n"2024-01-05,1', "line 2"),
        (b'transactionDate,amount\n"2024-01-05"x,1', "line 2"),
        (b"transactionDate,amount,currency\n2024-01-05,1,EUR\n2024-01-05,1,USD", "currency"),
        (b"transactionDate,amount\n2024-01-05,\xff", "line 2.amount"),
        (b"transactionDate,amount\n2024-01-05," + b"1" * 200_000, "line 2"),
        (b"transactionDate,amount\n\x00,1", "body"),
    ],
)
def test_an_invalid_csv_is_refused_with_the_line(content: bytes, field: str) -> None:
    error = refused(content)
    assert error.code == "InvalidFormat"
    assert [wrong.field for wrong in error.errors] == [field]


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_content_causes_only_bad_input(content: bytes) -> None:
    try:
        read(content)
    except BadInput as error:
        assert error.code in ("NoData", "InvalidFormat", "NotSupported")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["transactionDate", "amount", "description", "category", "extra", "balance", "transactionID"]
        ),
        json_values,
    )
)
def test_any_bulk_row_causes_only_bad_input(row: dict[str, Any]) -> None:
    try:
        list(decode(bulk(row), Bulk))
    except BadInput as error:
        assert all(wrong.field.startswith(("transactions", "body")) for wrong in error.errors)


def test_a_single_transaction_has_dialogportals_names() -> None:
    row = single(
        b'{"transactionTypeID":1,"transactionDate":"2013-03-25T09:40:22.418Z","value":8.5,"reference":"v","text":"t"}'
    )
    assert (row.category, row.date, row.amount, row.reference, row.text, row.id) == (
        1,
        "2013-03-25T09:40:22.418Z",
        Decimal("8.5"),
        "v",
        "t",
        None,
    )


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"{}", "transactionTypeID"),
        (b'{"transactionTypeID":1,"transactionDate":"2013-03-25"}', "value"),
        (b'{"transactionTypeID":1,"transactionDate":"2013-03-25","value":1,"amount":1}', "amount"),
        (b'{"transactionTypeID":1,"transactionDate":"2013-03-25","value":1,"text":"%b"}' % (b"x" * 2001), "text"),
        (b'{"transactionTypeID":1.5,"transactionDate":"2013-03-25","value":1}', "transactionTypeID"),
    ],
)
def test_an_invalid_single_transaction_is_refused_with_the_field(content: bytes, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        single(content)
    assert caught.value.errors[0].field == field
