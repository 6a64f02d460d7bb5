"""CAMT.053 of every version: which entries are rows, what they contain, and what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import read
from saldo.statements.statement import Statement


def entry(
    amount: str = "-12.30", *, currency: str = "EUR", status: str = "BOOK", date: str = "", more: str = ""
) -> str:
    mark = "DBIT" if amount.startswith("-") else "CRDT"
    booked = date or "<BookgDt><Dt>2024-01-05</Dt></BookgDt>"
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts>{status}</Sts>'
        f"{booked}{more}</Ntry>"
    )


def balance(kind: str, amount: str, currency: str = "EUR") -> str:
    mark = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{mark}</CdtDbtInd></Bal>'
    )


def statement(*parts: str, iban: str = "NL02SALD0000000001") -> str:
    return f"<Stmt><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{''.join(parts)}</Stmt>"


def document(*statements: str, version: str = "02") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">\n'
        f"<BkToCstmrStmt><GrpHdr/>{''.join(statements)}</BkToCstmrStmt></Document>"
    ).encode()


def amounts(statement: Statement) -> list[str]:
    return [str(row.amount) for row in statement.rows]


@pytest.mark.parametrize("version", ["02", "03", "06", "08", "13"])
@pytest.mark.parametrize("status", ["BOOK", "<Cd>BOOK</Cd>"])
def test_an_entry_is_a_row_in_every_version(version: str, status: str) -> None:
    details = (
        "<AcctSvcrRef>B-1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties>"
        "<Dbtr><Nm>Me</Nm></Dbtr><Cdtr>{}</Cdtr><CdtrAcct><Id><IBAN>NL03SALD0000000002</IBAN></Id></CdtrAcct>"
        "</RltdPties><RmtInf><Ustrd>Lunch</Ustrd><Ustrd>today</Ustrd></RmtInf></TxDtls></NtryDtls>"
    ).format("<Pty><Nm>Jan</Nm></Pty>" if version > "06" else "<Nm>Jan</Nm>")
    camt = read(document(statement(entry(status=status, more=details)), version=version))
    (row,) = camt.rows
    assert (row.date[:10], row.amount, row.text, row.reference) == (
        "2024-01-05",
        Decimal("-12.3"),
        "Lunch today",
        "B-1",
    )
    assert (row.counterparty, row.counterparty_account) == ("Jan", "NL03SALD0000000002")
    assert (row.account, camt.currency) == ("NL02SALD0000000001", "EUR")


def test_namespaces_and_prefixes_do_not_matter() -> None:
    plain = document(statement(entry())).decode()
    bare = plain.replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"', "")
    prefixed = plain.replace("xmlns=", "xmlns:c=").replace("</", "</c:").replace("<c:", "<")
    prefixed = "".join(
        f"<c:{part[1:]}" if part[:1] == "<" and part[1] not in "/?" else part for part in _split(prefixed)
    )
    for text in (plain, bare, prefixed):
        assert amounts(read(text.encode())) == ["-12.3"], text
    assert amounts(read(plain.replace("UTF-8", "UTF-16").encode("utf-16"))) == ["-12.3"]


def _split(text: str) -> list[str]:
    return [f"<{part}" for part in text.split("<")[1:]]


@pytest.mark.parametrize("status", ["PDNG", "INFO", "<Cd>PDNG</Cd>", "<Cd>INFO</Cd>", "<Cd>FUTR</Cd>"])
def test_an_entry_that_is_not_booked_is_neither_a_row_nor_part_of_the_balance(status: str) -> None:
    parts = (balance("OPBD", "10.00"), balance("CLBD", "-2.30"), entry(), entry("5.00", status=status))
    assert amounts(read(document(statement(*parts)))) == ["-12.3"]


@pytest.mark.parametrize(
    ("amount", "sides", "expected"),
    [
        ("-1.00", "<Cdtr><Nm>Shop</Nm></Cdtr><Dbtr><Nm>Me</Nm></Dbtr>", "Shop"),
        ("1.00", "<Cdtr><Nm>Me</Nm></Cdtr><Dbtr><Nm>Boss</Nm></Dbtr>", "Boss"),
        ("1.00", "<Cdtr><Pty><Nm>Me</Nm></Pty></Cdtr><Dbtr><Pty><Nm>Boss</Nm></Pty></Dbtr>", "Boss"),
        ("-1.00", "<Dbtr><Nm>Only</Nm></Dbtr>", "Only"),
    ],
)
def test_the_counterparty_is_the_creditor_of_a_payment_and_the_debtor_of_a_receipt(
    amount: str, sides: str, expected: str
) -> None:
    details = f"<NtryDtls><TxDtls><RltdPties>{sides}</RltdPties></TxDtls></NtryDtls>"
    (row,) = read(document(statement(entry(amount, more=details)))).rows
    assert row.counterparty == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("<NtryRef>N</NtryRef><AcctSvcrRef>A</AcctSvcrRef>", "A"),
        ("<NtryRef>N</NtryRef>", "N"),
        ("<NtryRef>N</NtryRef><NtryDtls><TxDtls><Refs><EndToEndId>E</EndToEndId></Refs></TxDtls></NtryDtls>", "E"),
        (
            "<NtryRef>N</NtryRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls>"
            "</NtryDtls>",
            "N",
        ),
        ("", None),
    ],
)
def test_the_reference_is_the_one_of_the_bank_or_of_the_payer(more: str, expected: str | None) -> None:
    (row,) = read(document(statement(entry(more=more)))).rows
    assert row.reference == expected


def test_the_merchant_code_of_a_card_payment_is_read() -> None:
    card = "<CardTx><POI/><Tx><MrchntCtgyCd>5411</MrchntCtgyCd></Tx></CardTx>"
    details = f"<NtryDtls><TxDtls>{card}</TxDtls></NtryDtls>"
    (row,) = read(document(statement(entry(more=details)))).rows
    assert row.merchant_code == "5411"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("<BookgDt><DtTm>2024-01-05T23:30:00-05:00</DtTm></BookgDt>", "2024-01-05T00:00:00.000Z"),
        ("<BookgDt><DtTm>2024-01-05T00:30:00+01:00</DtTm></BookgDt>", "2024-01-05T00:00:00.000Z"),
        ("<BookgDt><DtTm>2024-01-05T23:30:00Z</DtTm></BookgDt>", "2024-01-05T23:30:00.000Z"),
        ("<BookgDt><DtTm>2024-01-05T23:30:00</DtTm></BookgDt>", "2024-01-05T23:30:00.000Z"),
        ("<BookgDt><Dt>2024-01-05+01:00</Dt></BookgDt>", "2024-01-05T00:00:00.000Z"),
        ("<ValDt><Dt>2024-01-07</Dt></ValDt>", "2024-01-07T00:00:00.000Z"),
        ("<ValDt><DtTm>2024-01-07T23:30:00-05:00</DtTm></ValDt>", "2024-01-07T00:00:00.000Z"),
    ],
)
def test_dates_and_times_are_read_in_all_their_forms(date: str, expected: str) -> None:
    (row,) = read(document(statement(entry(date=date)))).rows
    assert row.date == expected


@pytest.mark.parametrize("booked", ["<Dt>2024-01-31</Dt>", "<DtTm>2024-01-31T23:59:59+01:00</DtTm>"])
@pytest.mark.parametrize("valued", ["<Dt>2024-02-02</Dt>", "<DtTm>2024-02-02T00:00:00+01:00</DtTm>"])
def test_the_day_of_booking_counts_before_the_day_of_value(booked: str, valued: str) -> None:
    for date in (
        f"<BookgDt>{booked}</BookgDt><ValDt>{valued}</ValDt>",
        f"<ValDt>{valued}</ValDt><BookgDt>{booked}</BookgDt>",
    ):
        (row,) = read(document(statement(entry(date=date)))).rows
        assert row.date == "2024-01-31T00:00:00.000Z"


def test_the_mark_of_a_reversal_is_already_that_of_its_booking() -> None:
    camt = read(document(statement(entry("5.00", more="<RvslInd>true</RvslInd>"))))
    assert amounts(camt) == ["5"]


def test_a_batch_is_one_booking_without_a_counterparty() -> None:
    payment = "<TxDtls><RltdPties><Cdtr><Nm>{}</Nm></Cdtr></RltdPties></TxDtls>"
    details = f"<NtryDtls>{payment.format('Jan')}{payment.format('Piet')}</NtryDtls>"
    (row,) = read(document(statement(entry(more=details)))).rows
    assert row.counterparty is None


def test_statements_of_several_accounts_are_read_as_one() -> None:
    camt = read(document(statement(entry()), statement(entry("7.00"), iban="NL03SALD0000000002")))
    assert [row.account for row in camt.rows] == ["NL02SALD0000000001", "NL03SALD0000000002"]
    assert camt.accounts == frozenset(("NL02SALD0000000001", "NL03SALD0000000002"))


@pytest.mark.parametrize(("opening", "closing"), [("OPBD", "CLBD"), ("PRCD", "CLBD"), ("ITBD", "ITBD")])
def test_balances_check_the_rows(opening: str, closing: str) -> None:
    correct = statement(balance(opening, "10.00"), balance(closing, "-2.30"), entry())
    assert amounts(read(document(correct))) == ["-12.3"]
    with pytest.raises(BadInput) as caught:
        read(document(correct, statement(balance(opening, "10.00"), balance(closing, "-2.00"), entry())))
    assert caught.value.code == "InvalidFormat"
    assert caught.value.detail.startswith("statement 2 does not add up")
    assert "0.3 more" in caught.value.detail


def test_the_best_balances_check_the_rows_and_those_of_a_page_only_without_them() -> None:
    parts = (balance("ITBD", "99.00"), balance("PRCD", "98.00"), balance("OPBD", "10.00"))
    assert amounts(read(document(statement(*parts, balance("CLBD", "-2.30"), entry())))) == ["-12.3"]
    assert amounts(read(document(statement(balance("OPBD", "10.00"), balance("ITBD", "-2.30"), entry())))) == [
        "-12.3"
    ]


def test_a_single_balance_of_a_page_checks_nothing() -> None:
    for available in ("", balance("ITAV", "10.00")):
        assert amounts(read(document(statement(balance("ITBD", "10.00"), available, entry())))) == ["-12.3"]


def test_a_balance_in_another_currency_or_of_another_kind_checks_nothing() -> None:
    for closing in (balance("CLBD", "1.00", "SEK"), balance("CLAV", "1.00"), ""):
        assert amounts(read(document(statement(balance("OPBD", "10.00"), closing, entry())))) == ["-12.3"]


ENTITIES = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (document(), "InvalidFormat"),
        (document(statement(entry(), entry(currency="USD"))), "InvalidFormat"),
        (document(statement(entry("x"))), "InvalidFormat"),
        (document(statement(entry("5.00").replace(">5.00<", ">-5.00<"))), "InvalidFormat"),
        (document(statement(entry("1e3"))), "InvalidFormat"),
        (document(statement(entry(date="<BookgDt/>"))), "InvalidFormat"),
        (document(statement(entry(currency="XYZ"))), "InvalidFormat"),
        (document(statement(entry(more="&a;"))), "InvalidFormat"),
        (document(statement(entry())).replace(b"UTF-8", b"UTF-16"), "InvalidFormat"),
        (
            document(statement(entry(more="<AddtlNtryInf>\xe9</AddtlNtryInf>"))).decode().encode("latin-1"),
            "InvalidFormat",
        ),
        (document(statement(entry().replace("DBIT", "BOTH"))), "InvalidFormat"),
        (document(statement(entry().replace(' Ccy="EUR"', ""))), "InvalidFormat"),
        (document(statement(entry(date="<BookgDt><Dt>2024-02-30</Dt></BookgDt>"))), "InvalidFormat"),
        (document(statement(entry()))[:-20], "InvalidFormat"),
        (document(statement(entry())).replace(b"UTF-8", b"utf-99"), "InvalidFormat"),
        (document(statement(entry())).replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"), "NotSupported"),
        (document(statement(entry())).replace(b"<Document", ENTITIES.encode() + b"<Document"), "NotSupported"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><Document/>', "NotSupported"),
        (b"<Document><BkToCstmrStmt>" + b"<a>" * 100_000, "InvalidFormat"),
        (b"<html><body/></html>", "NotSupported"),
    ],
)
def test_an_invalid_or_hostile_document_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(content)
    assert caught.value.code == code


def test_an_error_names_the_line() -> None:
    with pytest.raises(BadInput) as caught:
        read(document(statement("\n\n" + entry("x"))))
    assert [wrong.field for wrong in caught.value.errors] == ["line 5.Amt"]


MONEY = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))


@given(st.lists(MONEY, max_size=6), MONEY)
def test_entries_that_add_up_are_read_back(values: list[Decimal], opening: Decimal) -> None:
    parts = [entry(f"{value:.2f}") for value in values]
    closing = opening + sum(values)
    camt = read(document(statement(balance("OPBD", f"{opening:.2f}"), balance("CLBD", f"{closing:.2f}"), *parts)))
    assert [row.amount for row in camt.rows] == values


@given(st.data())
def test_a_damaged_document_causes_only_bad_input(data: st.DataObject) -> None:
    content = bytearray(document(statement(balance("OPBD", "10.00"), balance("CLBD", "-2.30"), entry())))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=4))
    try:
        read(bytes(content))
    except BadInput as error:
        assert error.code in ("NoData", "InvalidFormat", "NotSupported")
