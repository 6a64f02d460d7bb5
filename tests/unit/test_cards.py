"""Files of cards: from whose side they are written, by their layout, their words, their balances or the sender."""

import io
import zipfile

import pytest

from saldo.errors import BadInput
from saldo.money import Side
from saldo.statements import cards, read, walk
from tests.unit.card_files import BANK_SIDE, CARD_SIDE, UNSETTLED, file
from tests.unit.csv_rows import amounts, refused, rows
from tests.unit.ofx_texts import card, entry, ofx


def signed(content: str, signs: Side | None) -> list[str]:
    """The amounts, read with what the sender says of their signs."""
    return [str(row.amount) for row in read(content.encode(), signs).rows]


@pytest.mark.parametrize("name", CARD_SIDE)
def test_a_file_from_the_side_of_a_card_is_read_with_the_other_sign(name: str) -> None:
    assert amounts(CARD_SIDE[name]) == ["-12.3", "100"]


@pytest.mark.parametrize("name", BANK_SIDE)
def test_a_file_from_the_side_of_a_bank_is_read_as_it_is_written(name: str) -> None:
    assert amounts(BANK_SIDE[name]) == ["-12.3", "100"]


@pytest.mark.parametrize("name", CARD_SIDE | BANK_SIDE)
@pytest.mark.parametrize("signs", ["bank", "card"])
def test_what_a_file_settles_is_not_changed_by_the_sender(name: str, signs: Side) -> None:
    assert signed((CARD_SIDE | BANK_SIDE)[name], signs) == ["-12.3", "100"]


@pytest.mark.parametrize("name", UNSETTLED)
def test_a_card_that_nothing_settles_is_refused_until_the_sender_says(name: str) -> None:
    message = refused(UNSETTLED[name])
    assert message.startswith("amount is ambiguous")
    assert "Signs: bank" in message
    assert "Signs: card" in message
    assert "field signs" in message
    assert signed(UNSETTLED[name], "bank") == ["12.3", "-100"]
    assert signed(UNSETTLED[name], "card") == ["-12.3", "100"]


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_card_with_amounts_of_one_sign_is_refused_too(sign: str) -> None:
    content = file("Date,Card,Amount", f"2024-01-15,1000,{sign}12.30", f"2024-01-16,1000,{sign}5.00")
    assert "Signs: card" in refused(content)


@pytest.mark.parametrize("header", ["Date,Description,Amount", "transactionDate,description,amount"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_bank_and_the_bulk_call_may_have_amounts_of_one_sign(header: str, sign: str) -> None:
    assert amounts(file(header, f"2024-01-15,x,{sign}12.30", f"2024-01-16,y,{sign}5.00")) == [
        f"{sign}12.3",
        f"{sign}5",
    ]


def test_a_plain_layout_is_a_banks_unless_the_sender_says_otherwise() -> None:
    content = file("Date,Description,Amount", "2024-01-15,x,12.30", "2024-01-16,y,-5.00")
    assert amounts(content) == signed(content, "bank") == ["12.3", "-5"]
    assert signed(content, "card") == ["-12.3", "5"]


def test_the_names_of_the_bulk_call_promise_the_signs_of_a_bank() -> None:
    assert signed("transactionDate,amount\n2024-01-15,12.30\n", "card") == ["12.3"]


def test_a_balance_beats_the_sender() -> None:
    content = file("Date,Amount,Balance", "2024-01-15,-12.30,87.70", "2024-01-16,100.00,187.70")
    assert signed(content, "card") == ["-12.3", "100"]


def test_a_shop_that_thanks_on_a_bank_account_changes_nothing() -> None:
    content = file(
        "Date,Description,Amount",
        "2024-01-15,THANK YOU FOR YOUR PAYMENT Power Company,-12.30",
        "2024-01-16,Bus ticket,-2.00",
    )
    assert amounts(content) == ["-12.3", "-2"]


@pytest.mark.parametrize(
    ("text", "is_thanks"),
    [
        ("PAYMENT - THANK YOU", True),
        ("INTERNET PAYMENT - THANK YOU", True),
        ("Payment Thank You-Mobile", True),
        ("PAYMENT RECEIVED - THANK YOU", True),
        ("ZAHLUNG/ÜBERWEISUNG ERHALTEN BESTEN DANK", True),
        ("PAIEMENT - MERCI", True),
        ("Betaling modtaget", True),
        ("ONLINE PAYMENT CREDIT CARD", False),
        ("Merci Supermarché", False),
        ("Power Company, thank you", False),
        ("Zahlung an Wer hat erhalten", False),
        ("." * 100_000 + "merci", False),
        ("a." * 50_000 + " payment received", False),
    ],
)
def test_thanks_are_known_by_how_they_begin(text: str, is_thanks: bool) -> None:
    assert cards.is_thanks(text) == is_thanks


def test_a_column_of_many_texts_is_not_one_of_kinds() -> None:
    lines = [f"2024-01-15,kind {number},1.00" for number in range(300)]
    assert amounts(file("Date,Type,Amount", *lines, "2024-01-16,Purchase,5.00"))[-1] == "5"


def test_an_american_express_file_does_not_settle_the_order_of_day_and_month() -> None:
    content = file("Datum,Omschrijving,Kaartlid,Rekening #,Bedrag", '01/06/2024,x,A,-1,"12,30"')
    assert "transactionDate is ambiguous" in refused(content)
    assert [row.date for row in rows(content + '01/16/2024,x,A,-1,"1,00"\n')] == ["2024-01-06", "2024-01-16"]


def test_the_sender_says_it_of_all_files_of_a_zip() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("a.csv", UNSETTLED["a card number"])
        files.writestr("b.csv", CARD_SIDE["Discover"])
    with pytest.raises(BadInput, match="file 1"):
        read(archive.getvalue())
    assert [str(row.amount) for row in walk(archive.getvalue(), "card").rows] == ["-12.3", "100", "-12.3", "100"]


def test_a_card_without_rows_is_an_empty_statement() -> None:
    assert amounts("Date,Card,Amount\n") == []


@pytest.mark.parametrize("signs", [None, "bank", "card"])
def test_the_same_card_in_ofx_has_the_same_signs(signs: Side | None) -> None:
    as_ofx = ofx(card(entry("-12.30"), entry("100.00", TRNTYPE="CREDIT")))
    assert signed(as_ofx, signs) == ["-12.3", "100"]
    assert {name: amounts(content) for name, content in CARD_SIDE.items()} == dict.fromkeys(
        CARD_SIDE, signed(as_ofx, signs)
    )
