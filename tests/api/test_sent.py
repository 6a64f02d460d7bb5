"""LinX's call with files of banks: every format, several files at once, rules on and off, nothing stored."""

import io
import zipfile
from typing import Any

import pytest

from saldo.http.request import MAX_BODY
from saldo.statements.limits import SENT
from tests.api.client import Client, Reply
from tests.bench.statements import statement

CSV = (
    "Datum;Rekening;Tegenrekening;Naam tegenpartij;Bedrag;Omschrijving\n"
    "13-01-2024;NL02SALD0000000001;;Albert Heijn;-12,30;ALBERT HEIJN 1385\n"
    "14-01-2024;NL02SALD0000000001;NL03SALD0000000002;Eigen;-500,00;opzij\n"
)
MT940 = """:20:SAMPLE
:25:NL03SALD0000000002
:28C:1
:60F:C240101EUR100,00
:61:2401140114C500,00NTRFNONREF
:86:/IBAN/NL02SALD0000000001/NAME/Eigen/REMI/opzij
:62F:C240131EUR600,00
"""
CAMT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>NL03SALD0000000002</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">2900.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2024-01-25</Dt></BookgDt><AddtlNtryInf>SALARIS JANUARI</AddtlNtryInf></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
OFX = """OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>3<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240120<TRNAMT>-60.00<FITID>1<NAME>SHELL A2</STMTTRN></BANKTRANLIST>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""


def send(api: Client, body: bytes | str, **headers: str) -> Reply:
    content = body.encode() if isinstance(body, str) else body
    return api.post("/api/linx/pivot", body=content, headers={"X-Request-ID": "r-1", **headers})


def zipped(*files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(files):
            archive.writestr(f"bank/{number}.txt", file)
    return content.getvalue()


def categories(reply: Reply) -> list[Any]:
    assert reply.status == 200, reply.body
    return [category for group in reply.json["groups"] for category in group["categories"]]


def amounts_of(reply: Reply) -> dict[int, str]:
    """The amount of each category."""
    return {category["id"]: str(category["amount"]) for category in categories(reply)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (CSV, {1002: "-12.3", 26: "-500"}),
        (CSV.encode("utf-16"), {1002: "-12.3", 26: "-500"}),
        (MT940, {12: "500"}),
        (CAMT, {1001: "2900"}),
        (OFX, {6: "-60"}),
        (zipped(CSV), {1002: "-12.3", 26: "-500"}),
    ],
)
def test_every_format_is_recognised_by_its_content(api: Client, body: bytes | str, expected: dict[int, str]) -> None:
    for type_ in ("application/octet-stream", "application/pdf", "text/plain"):
        if type_ == "application/pdf" and not isinstance(body, str):
            continue  # bytes that are not declared as binary arrive as text
        assert amounts_of(send(api, body, **{"Content-Type": type_})) == expected


def test_accounts_of_several_banks_are_merged_and_transfers_between_them_internal(api: Client) -> None:
    reply = send(api, zipped(CSV, MT940, CAMT, OFX), **{"Content-Type": "application/zip"})
    assert amounts_of(reply) == {1001: "2900", 1002: "-12.3", 6: "-60", 14: "500", 21: "-500"}
    types = {group["name"]: {category["type"] for category in group["categories"]} for group in reply.json["groups"]}
    assert types["INTERNE BOEKINGEN"] == {"none"}


def test_overlapping_files_count_once_and_identical_rows_of_one_file_twice(api: Client) -> None:
    with_twin = CSV + CSV.splitlines()[1]
    reply = send(api, zipped(CSV, with_twin, with_twin), **{"Content-Type": "application/zip"})
    assert amounts_of(reply)[1002] == "-24.6"


def rules(reply: Reply) -> dict[str, int]:
    """The rules that are shown, with their counts."""
    shown: dict[str, int] = {}
    for category in categories(reply):
        shown |= category.get("rules", {})
    return shown


@pytest.mark.parametrize(
    ("options", "amounts", "with_names"),
    [
        (None, {1002: "-12.3", 26: "-500"}, False),
        ("33", {1002: "-12.3", 26: "-500"}, True),
        ("1", {1002: "-12.3", 26: "-500"}, False),
        ("32", {26: "-512.3"}, True),
        ("0", {26: "-512.3"}, False),
        ("127", {1002: "-12.3", 26: "-500"}, True),
    ],
)
def test_options_switch_the_rules_and_their_names(
    api: Client, options: str | None, amounts: dict[int, str], with_names: bool
) -> None:
    reply = send(api, CSV, **({"Options": options} if options else {}))
    assert amounts_of(reply) == amounts
    shown = rules(reply)
    assert sum(shown.values()) == (2 if with_names else 0)
    assert ("default" in shown) == with_names


def test_an_error_in_a_zip_names_file_and_line(api: Client) -> None:
    broken = CSV + "15-01-2024;NL02SALD0000000001;;x;twelve;y\n"
    reply = send(api, zipped(CSV, broken), **{"Content-Type": "application/zip"})
    assert (reply.status, reply.code, reply.fields) == (400, "InvalidFormat", ["file 2 line 4.amount"])


def test_a_body_of_four_megabytes_of_ordinary_rows_is_read(api: Client) -> None:
    sent = statement("CSV", 42_000)
    assert MAX_BODY * 0.9 < len(sent.content) <= MAX_BODY
    reply = send(api, sent.content, **{"Content-Type": "text/csv"})
    assert sum(category["count"] for category in categories(reply)) == 42_000


def test_what_is_too_much_to_be_answered_at_once_can_be_imported(api: Client) -> None:
    bomb = zipped(CSV + (" " * 999 + "\n") * (SENT.unpacked // 1000 + 1))
    assert len(bomb) < 50_000
    reply = send(api, bomb, **{"Content-Type": "application/zip"})
    assert (reply.status, reply.code) == (400, "NotSupported")
    assert reply.json["detail"].endswith(f"{SENT.unpacked} bytes when it is unpacked: a larger file can be imported")
    reply = send(api, CSV + "\n" * SENT.lines)
    assert (reply.status, reply.code) == (400, "NotSupported")
    assert "can be imported" in reply.json["detail"]


def test_a_statement_whose_balances_disagree_is_refused_with_the_difference(api: Client) -> None:
    reply = send(api, MT940.replace("600,00", "599,99"))
    assert (reply.status, reply.code) == (400, "InvalidFormat")
    assert "-0.01" in reply.json["detail"]


def test_dates_with_more_than_one_reading_are_refused(api: Client) -> None:
    reply = send(api, "Date,Description,Amount\n01/02/2024,x,-1.00\n")
    assert (reply.status, reply.code) == (400, "InvalidFormat")
    assert "ambiguous" in reply.json["detail"]


def test_no_statement_is_stored_or_logged(api: Client, log: io.StringIO) -> None:
    def stored() -> Any:
        return (
            api.table.client.scan(TableName=api.table.name)["Items"],
            api.s3.list_objects_v2(Bucket=api.bucket).get("Contents"),
        )

    before = stored()
    send(api, zipped(CSV, MT940), **{"Content-Type": "application/zip"})
    send(api, MT940.replace("600,00", "599,99"))
    send(api, CSV.replace("-500,00", "PLANTED"))
    assert stored() == before
    for planted in ("HEIJN", "NL02SALD", "NL03SALD", "12.3", "12,3", "500,00", "PLANTED", "0.01", "opzij"):
        assert planted not in log.getvalue()


@pytest.mark.parametrize(
    ("file", "day"),
    [
        (OFX.replace("<BANKTRANLIST>", "<BANKTRANLIST><DTSTART>20240101<DTEND>20240131"), "2024-01-20"),
        (
            CAMT.replace(
                "<Ntry>",
                "<FrToDt><FrDtTm>2024-01-01T00:00:00</FrDtTm><ToDtTm>2024-01-31T23:59:59</ToDtTm></FrToDt><Ntry>",
            ),
            "2024-01-25",
        ),
        (MT940, "2024-01-14"),
    ],
)
def test_a_month_that_the_statement_declares_is_complete(api: Client, file: str, day: str) -> None:
    for body in (file, zipped(file, f"transactionDate,amount\n{day},-1\n")):
        answer = send(api, body, **{"Content-Type": "application/octet-stream"}).json
        assert (answer["completeMonths"], answer["from"], answer["to"]) == (1, *[f"{day}T00:00:00+00:00"] * 2)
