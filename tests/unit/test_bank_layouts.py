"""The layouts of banks by country and language: what is read, what settles a doubt, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import read
from saldo.statements.languages import LANGUAGES, listed
from tests.unit.bank_files import BY_LANGUAGE, CZECH, HEADERLESS, POLISH, BankFile
from tests.unit.csv_rows import amounts, refused, rows

FILES = BY_LANGUAGE | HEADERLESS


def check(file: BankFile, content: bytes) -> None:
    """AssertionError unless both rows are read, and the purchase as the file says."""
    assert sorted((row.date, row.amount) for row in rows(content)) == [
        ("2024-01-05", "-12.3"),
        ("2024-01-06", "1000"),
    ]
    (purchase,) = [row for row in rows(content) if row.amount == "-12.3"]
    assert purchase[2:7] == (
        file.counterparty,
        file.text_read,
        file.account,
        file.counterparty_account,
        file.reference,
    )
    assert read(content).currency == file.currency


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_layout_of_a_bank_is_read(name: str, encoding: str) -> None:
    check(FILES[name], FILES[name].text.encode(encoding))


@pytest.mark.parametrize("name", POLISH | CZECH)
def test_polish_and_czech_files_in_their_code_page_are_read(name: str) -> None:
    check(FILES[name], FILES[name].text.encode("cp1250"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_off_is_read_up_to_there_or_refused(name: str) -> None:
    text = FILES[name].text
    whole = [row.date for row in rows(text)]
    for length in range(0, len(text), 7):
        try:
            dates = [row.date for row in rows(text[:length])]
        except BadInput:
            continue
        assert dates[:-1] == whole[: max(len(dates) - 1, 0)]


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_file_causes_only_bad_input(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name].text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 20))
        content[at : at + cut] = data.draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b";", b",", b"\n", b"-", b"1", b"+", b"*"]))
        )
    try:
        assert all(row.amount.is_finite() for row in read(bytes(content)).rows)
    except BadInput as error:
        assert error.code in ("NoData", "InvalidFormat", "NotSupported")


@pytest.mark.parametrize("name", HEADERLESS)
def test_a_file_with_a_row_above_it_is_not_taken_for_a_layout_without_a_header_row(name: str) -> None:
    assert refused(f"Account of a tester\n{HEADERLESS[name].text}")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('05/01/2024,"-12.30","BAKERY","+987.70"\n', id="one balance"),
        pytest.param(
            '06/01/2024,"+1,000.00","SALARY","+1,987.70"\n05/01/2024,"-12.30","BAKERY","+900.00"\n',
            id="balances that do not follow",
        ),
        pytest.param(
            "01/05/2024,BAKERY,12.30,,12.30\n01/06/2024,PAYMENT,,1000.00,-987.70\n", id="a debt, not a balance"
        ),
    ],
)
def test_columns_that_only_balances_show_are_refused_if_they_do_not_follow(content: str) -> None:
    assert refused(content).startswith("balance must follow from row to row")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('31/01/2024,"-12.30","BAKERY"\n', id="date, amount and text"),
        pytest.param("2024-01-05,-12.30,BAKERY,87.70\n", id="balances without a sign"),
        pytest.param('"01/13/2024","-12.30","","","BAKERY"\n', id="Wells Fargo without its star"),
        pytest.param("05.01.2024;Bäcker;-12,30;EUR\n", id="too few cells"),
    ],
)
def test_a_shape_that_many_banks_write_is_refused(content: str) -> None:
    assert refused(content).startswith("body must ")


def test_a_column_called_valor_is_an_amount_in_portuguese_and_a_day_in_spanish_and_danish() -> None:
    assert amounts("Data;Descrição;Valor\n05/01/2024;Padaria;-12,30\n") == ["-12.3"]
    assert amounts("Fecha;Valor;Concepto;Importe\n05/01/2024;06/01/2024;Pan;-12,30\n") == ["-12.3"]
    assert amounts("Dato;Valør;Tekst;Beløb\n05-01-2024;06-01-2024;Brød;-12,30\n") == ["-12.3"]


@pytest.mark.parametrize(
    "header",
    ["Fecha;Titular;Concepto;Importe", "Datum;Název obchodníka;Popis;Částka", "Data;Titolare;Causale;Importo"],
)
def test_the_name_of_a_holder_or_a_merchant_makes_no_card_of_an_account(header: str) -> None:
    assert amounts(f"{header}\n05.01.2024;x;y;-12,30\n") == ["-12.3"]


def test_a_column_called_valuta_is_the_currency_in_italian_if_it_has_one_in_it() -> None:
    header = "Data;Valuta;Descrizione;Importo\n"
    assert read(f"{header}05/01/2024;EUR;Bar;-12,30\n".encode()).currency == "EUR"
    assert read(f"{header}05/01/2024;06/01/2024;Bar;-12,30\n".encode()).currency is None
    assert refused(f"{header}05/01/2024;EUR;Bar;-12,30\n05/01/2024;USD;Bar;-12,30\n").startswith("currency must be")


def test_a_word_of_another_language_does_not_settle_the_order_of_day_and_month() -> None:
    assert refused("Date,Amount,Data\n05/01/2024,1.00,x\n").startswith("transactionDate is ambiguous")


def test_a_card_without_a_word_of_a_card_is_refused_until_its_payments_show_the_side() -> None:
    content = "date,title,amount\n2024-01-05,Padaria,12.30\n"
    assert refused(content).startswith("amount is ambiguous")
    assert amounts(content + "2024-01-06,Pagamento recebido,-100.00\n") == ["-12.3", "100"]


def test_no_word_has_two_meanings_that_contradict() -> None:
    for one, another in (("debits", "credits"), ("booked", "not_booked")):
        first = {word for language in LANGUAGES for word in listed(getattr(language, one))}
        second = {word for language in LANGUAGES for word in listed(getattr(language, another))}
        assert first & second == set()
    months: dict[str, int] = {}
    for language in LANGUAGES:
        numbered = list(enumerate(listed(language.months), 1))
        assert len(numbered) == 12, language.name
        for number, names in numbered:
            for name in names.split():
                assert months.setdefault(name, number) == number, (language.name, name)


def test_the_best_name_of_a_language_is_of_its_own_role() -> None:
    """A header row of the best names of a language is read, with the day first."""
    for language in LANGUAGES:
        day, amount = (next(listed(language.columns[role])) for role in ("date", "amount"))
        text = next(listed(language.columns["text"]))
        header = f"{day};{text};{amount}\n"
        assert amounts(f"{header}2024-01-05;x;-12,30\n") == ["-12.3"], language.name
