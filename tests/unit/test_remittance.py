"""The details of a booking in `:86:` are told apart where a bank structures them."""

import pytest

from tests.unit.mt940_texts import only


def test_the_german_structure_is_read() -> None:
    row = only(
        "166?00GUTSCHRIFT?10931?20EREF+E-1?21SVWZ+Rent of January for\n"
        "?22 the flat?30SALDDEFF?31DE00100200300001234567?32Jane van der Doe en Zonen ?33B.V.?34000"
    )
    assert (row.text, row.counterparty, row.counterparty_account, row.reference) == (
        "Rent of January for the flat",
        "Jane van der Doe en Zonen B.V.",
        "DE00100200300001234567",
        "E-1",
    )


@pytest.mark.parametrize(
    ("details", "text"),
    [
        ("166?20one text of twenty-seven lett?21ers goes on", "one text of twenty-seven letters goes on"),
        ("166?20two?21lines?60and a third", "two lines and a third"),
        ("805?00ENTGELTABSCHLUSS?10931", "ENTGELTABSCHLUSS"),
        ("?20no code before", "no code before"),
        ("166 and? nothing", "166 and? nothing"),
        ("+31 612345678 called", "+31 612345678 called"),
        ("166?9", "166?9"),
        ("166?99unknown", "166?99unknown"),
    ],
)
def test_the_parts_of_a_german_text_are_joined(details: str, text: str) -> None:
    assert only(details).text == text


def test_triodos_has_another_mark_and_may_write_the_account_as_the_counterparty_account() -> None:
    row = only("000>100812345678\n>20A COST OF TWENTY-SEVEN LETT>21ERS\n>22THERE>311234567890")
    assert (row.text, row.counterparty_account) == ("A COST OF TWENTY-SEVEN LETTERS THERE", "0812345678")


@pytest.mark.parametrize(
    ("details", "text", "name", "account"),
    [
        (
            "/TRTP/SEPA OVERBOEKING/IBAN/NL00SALD1/BIC/SALDNL2A/NAME/A SHOP/REMI/thanks, a/b/EREF/E-1",
            "thanks, a/b",
            "A SHOP",
            "NL00SALD1",
        ),
        ("/EREF/E-1//CNTP/NL00SALD1/SALDNL2A/A SHOP///REMI/USTD//thanks/", "thanks", "A SHOP", "NL00SALD1"),
        ("/BENM//NAME/A SHOP/REMI/STRD/CUR/9001/ISDT/2024-01-05", "9001", "A SHOP", None),
        ("/ORDP//NAME/A SHOP/REMI//ULTD//NAME/SOMEBODY", None, "A SHOP", None),
        ("/ULTC//NAME/SOMEBODY/BENM//NAME/A SHOP/TRTP/IDEAL", "IDEAL", "A SHOP", None),
        ("/MARF/1/CSID/2", "/MARF/1/CSID/2", None, None),
        ("/etc/and so on", "/etc/and so on", None, None),
    ],
)
def test_the_dutch_structure_is_read(details: str, text: str | None, name: str | None, account: str | None) -> None:
    row = only(details)
    assert (row.text, row.counterparty, row.counterparty_account) == (text, name, account)


def test_a_full_line_may_break_within_a_word() -> None:
    first = f"/EREF/{'1' * 32}/BENM//NAME/THE GREENGROCE"
    assert len(first) == 64
    assert only(f"{first}\nR BROS/REMI/x").counterparty == "THE GREENGROCER BROS"
    assert only(f"{'x' * 65}\ny").text == f"{'x' * 65}y"
    assert only(f"{'x' * 63}\ny").text == f"{'x' * 63} y"


def test_sns_writes_lines_of_spaces_between_the_details() -> None:
    assert only(f"0112233445 koster p\n{'':65}\n{'zwemles september':65}\n{'':65}").text == (
        "0112233445 koster p zwemles september"
    )


def test_knab_writes_account_and_name_behind_the_text() -> None:
    row = only("INVOICE 1, 2\nREK: NL00SALD1/NAAM: A SHOP")
    assert (row.text, row.counterparty, row.counterparty_account) == ("INVOICE 1, 2", "A SHOP", "NL00SALD1")


IBAN = "NL00SALD0987654321"


@pytest.mark.parametrize(
    ("rest", "details", "expected"),
    [
        (f"NIOB{IBAN}\nj blom", f"{IBAN} j blom\n{'':65}\nrent of may", (IBAN, "j blom", None, "rent of may")),
        (f"NIOB{IBAN}\nj blom", f"{IBAN} j blom\n{'':65}\n{'':65}", (IBAN, "j blom", None, None)),
        (f"NIOB{IBAN}\nj blom and sis", f"{IBAN} j blom and sister ", (IBAN, "j blom and sister", None, None)),
        (f"NIOB{IBAN}", IBAN, (IBAN, None, None, None)),
        (f"NIOB{IBAN}//bank", f"{IBAN} j blom", (IBAN, "j blom", "bank", None)),
        ("NIOB0987654321\nj blom", "0987654321 j blom\nrent", ("0987654321", "j blom", None, "rent")),
        (f"NINC{IBAN}\nj blom", f"{IBAN} j blom\n\n/NAME/J BLOM/EREF/E-1", (IBAN, "J BLOM", "E-1", None)),
        # Nothing shows that these are accounts.
        ("NTRF0987654321", "0987654321 of may", (None, None, "0987654321", "0987654321 of may")),
        ("NTRF0987654321\nj blom", "0987654321 of may", (None, None, "0987654321", "0987654321 of may")),
        (f"NTRF{IBAN}\nj blom", "rent", (None, None, IBAN, "rent")),
        ("NTRFrent\nj blom", "rent j blom", (None, None, "rent", "rent j blom")),
        ("NTRF\nj blom", " j blom", (None, None, None, "j blom")),
        ("NTRF1234567890\nme", "1234567890 me", (None, None, "1234567890", "1234567890 me")),
    ],
)
def test_the_party_of_asn_and_sns_is_told_from_a_reference(
    rest: str, details: str, expected: tuple[str | None, ...]
) -> None:
    row = only(details, rest=rest)
    assert (row.counterparty_account, row.counterparty, row.reference, row.text) == expected
