"""What people do with `saldo`, against `make run` and its sample household."""

import csv
import hashlib
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.e2e.cli.commands import Ended, Saldo, Terminal, in_pipe
from tests.e2e.conftest import Server

HOUSE = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
JUNE = ("--from", "2026-06-01", "--to", "2026-07-01")
GOOD = "Date,Amount,Description\n2026-01-05,-12.30,Albert Heijn 1385\n2026-01-25,2000.00,SALARIS JANUARI\n"


def rows(ended: Ended) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ended.out)))


def api(server: Server, path: str, **query: Any) -> Any:
    url = f"{server.url}/api/v1/customer/{HOUSE}/transactions{path}"
    return json.loads(
        requests.get(url, headers={"x-api-key": "demo-key"}, params=query, timeout=20).content, parse_float=Decimal
    )


@pytest.fixture
def anna(server: Server) -> str:
    """A customer without transactions."""
    name = f"anna-{uuid4().hex[:8]}"
    url = f"{server.url}/api/v1/customer/{name}"
    requests.put(url, headers={"x-api-key": "demo-key"}, json={"currency": "EUR"}, timeout=20)
    return name


def test_customers_are_a_table_or_csv_or_the_apis_answer(household: Saldo, server: Server) -> None:
    assert household("customers").lines[0] == "customerId,currency,scheme,externalKeys,accounts,created"
    assert re.search(
        rf"^{HOUSE}  EUR       household  crm:1001 ", household("customers", "--format", "table").out, re.M
    )
    answer = requests.get(f"{server.url}/api/v1/customers", headers={"x-api-key": "demo-key"}, timeout=20).json()
    assert json.loads(household("--format", "json", "customers").out) == answer


def test_a_limit_counts_rows_over_pages(household: Saldo) -> None:
    ended = household("list", "-c", HOUSE, "--limit", "130", "--from", "2026-05-01")
    assert (ended.status, len(rows(ended))) == (0, 130)
    assert "there are more than these 130" in ended.err
    whole = household("list", "-c", HOUSE, "--all", "--from", "2026-06-25")
    assert (whole.status, whole.err) == (0, "")
    assert len(rows(whole)) == len({row["transactionID"] for row in rows(whole)}) > 10


def test_a_list_over_pages_is_one_answer_in_json(household: Saldo, server: Server) -> None:
    ended = household("list", "-c", HOUSE, "--format", "json", "--limit", "101", *JUNE)
    answer = json.loads(ended.out, parse_float=Decimal)
    first = api(server, "", **{"from": "2026-06-01", "to": "2026-07-01"})
    assert answer["transactions"][:100] == first["transactions"]
    assert len(answer["transactions"]) == answer["paging"]["count"] == 101
    assert answer["paging"]["offset"] == 0


def test_csv_of_a_list_holds_what_the_api_answers(household: Saldo, server: Server) -> None:
    listed = api(server, "", limit=3, **{"from": "2026-06-01"})["transactions"]
    for row, transaction in zip(rows(household("list", "-c", HOUSE, "--limit", "3", *JUNE)), listed, strict=True):
        assert row["transactionDate"] == transaction["transactionDate"]
        assert Decimal(row["amount"]) == transaction["value"]
        assert row["description"] == transaction["text"]
        assert row["category"] == str(transaction["transactionTypeID"])


def test_the_pivot_is_a_table_whose_amounts_are_the_apis(household: Saldo, server: Server) -> None:
    ended = household("pivot", "-c", HOUSE, "--unit", "year", "--format", "table")
    assert ended.lines[0].split() == ["EUR", "2023", "2024", "2025", "2026", "total", "average"]
    assert ended.lines[-1] == "36 complete months"
    assert len({len(line) for line in ended.lines[:-1]}) == 1, "amounts stand right, so all lines end together"
    answer = api(server, "/pivot", unit="year")
    kinds = {group["name"].capitalize(): group["categories"][0]["type"] for group in answer["groups"]}
    table = {line[:34].strip(): line[34:].split() for line in ended.lines[1:-1]}
    assert list(table) == [*kinds, "Expenses", "Left"]
    for group in answer["groups"]:
        cells = table[group["name"].capitalize()]
        assert Decimal(cells[-2]) == group["amount"]
        assert Decimal(cells[-1]) == group["average"]
    expenses = sum(group["amount"] for group in answer["groups"] if kinds[group["name"].capitalize()] == "expenses")
    income = sum(group["amount"] for group in answer["groups"] if kinds[group["name"].capitalize()] == "income")
    assert Decimal(table["Expenses"][-2]) == expenses
    assert Decimal(table["Left"][-2]) == income + expenses


def test_categories_stand_under_their_group(household: Saldo) -> None:
    shown = household("pivot", "-c", HOUSE, "--unit", "none", "--depth", "2", "--format", "table").lines
    housing = next(at for at, line in enumerate(shown) if line.startswith("Wonen"))
    assert shown[housing + 1].startswith("  Huur ")
    groups = rows(household("pivot", "-c", HOUSE, "--unit", "none"))
    categories = rows(household("pivot", "-c", HOUSE, "--unit", "none", "--depth", "2"))
    assert len(categories) > len(groups) == 15
    assert sum(Decimal(row["total"]) for row in groups) == sum(Decimal(row["total"]) for row in categories)


def test_periods_that_do_not_fit_are_named(household: Saldo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = household("pivot", "-c", HOUSE, "--format", "table")
    assert max(map(len, ended.lines)) <= 80
    assert ended.lines[0].split() == ["EUR", "2026-05", "2026-06", "total", "average"]
    assert (
        ended.err
        == "saldo: left out, because the line is too short: 2023-07 to 2026-04 (total and average hold them)\n"
    )


def test_red_is_for_terminals_without_no_color(server: Server) -> None:
    arguments = ("pivot", "-c", HOUSE, "--unit", "year")
    settings = {"SALDO_URL": server.url, "SALDO_KEY": "demo-key"}
    coloured = Terminal(*arguments, **settings).end()
    plain = Terminal(*arguments, **settings, NO_COLOR="1").end()
    assert re.search(r"Wonen .*\x1b\[31m-\d+\.\d\d\x1b\[0m", coloured.out)
    assert "\x1b" not in plain.out
    assert re.sub(r"\x1b\[\d+m", "", coloured.out) == plain.out
    assert plain.lines[0].startswith("EUR"), "a terminal gets the table"


def test_a_folder_of_statements_with_a_broken_one(household: Saldo, anna: str, tmp_path: Path) -> None:
    files = {"a.csv": GOOD, "broken.csv": "Date,Amount\n2026-01-05,many\n", "empty.csv": "", "last.csv": GOOD}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    paths = [str(tmp_path / name) for name in (*files, "missing.csv")]
    ended = household("import", "-c", anna, *paths)
    assert ended.status == 1
    outcomes = {Path(row["file"]).name: row for row in rows(ended)}
    assert [(name, row["status"]) for name, row in outcomes.items()] == [
        ("a.csv", "completed"),
        ("broken.csv", "failed"),
        ("empty.csv", "failed"),
        ("last.csv", "completed"),
        ("missing.csv", "failed"),
    ]
    assert outcomes["a.csv"]["imported"] == outcomes["last.csv"]["duplicates"] == "2"
    assert outcomes["broken.csv"]["reason"].startswith("line 2.amount must be")
    assert outcomes["empty.csv"]["reason"] == "bytes must be at least 1"
    assert "No such file" in outcomes["missing.csv"]["reason"]
    assert ended.err.count("\n") == 3


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_customer_that_is_not_there_can_be_created(household: Saldo, tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    name = f"new-{uuid4().hex[:8]}"
    arguments = ("import", "-c", name, str(tmp_path / "a.csv"), *more)
    refused = household(*arguments)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("saldo: There is no such customer.\nsaldo: --create EUR ")
    assert household(*arguments, "--create", "EUR").status == 0
    assert household("list", "-c", name).status == len(more), "a dry run creates nobody"
    if not more:
        conflict = household(*arguments, "--create", "USD")
        assert conflict.status == 1
        assert "currency" in conflict.err


def test_a_dry_run_keeps_nothing(household: Saldo, anna: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "large.csv").write_bytes(bytes(4 * 1024 * 1024 + 1))
    ended = household("import", "-c", anna, "--dry-run", str(tmp_path / "a.csv"), str(tmp_path / "large.csv"))
    good, large = rows(ended)
    assert (good["transactions"], good["from"], good["to"]) == ("2", "2026-01-05", "2026-01-25")
    assert (good["income"], good["expenses"], good["reason"]) == ("2000.00", "-12.30", "")
    assert large["reason"].startswith("it is larger than 4 MB")
    assert ended.status == 1
    assert rows(household("list", "-c", anna)) == []


def test_an_import_shows_a_bar_on_a_terminal(server: Server, anna: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    shown = Terminal("import", "-c", anna, f"{tmp_path}/a.csv", SALDO_URL=server.url, SALDO_KEY="demo-key").end()
    assert shown.status == 0
    assert "━" in shown.out
    assert "2 read, 2 imported, 0 there already" in shown.out
    assert shown.lines[-1].split()[1:] == ["completed", "2", "2", "0"]


def test_the_tables_go_to_a_file_and_to_stdout(household: Saldo, tmp_path: Path, server: Server) -> None:
    ended = household("download", "-c", HOUSE, *JUNE, "-o", str(tmp_path / "june.csv"))
    assert (ended.status, ended.out) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["june.csv"]
    assert (tmp_path / "june.csv").read_text() == household("download", "-c", HOUSE, *JUNE).out
    assert (tmp_path / "june.csv").read_text().startswith("Category,Subcategory,Line_Item,Metric,Value\nincome,")


def test_transactions_taken_out_are_those_of_the_list(household: Saldo, tmp_path: Path) -> None:
    span = ("--from", "2026-06-25", "--to", "2026-07-01")
    ended = household("download", "transactions", "-c", HOUSE, *span, "-o", str(tmp_path / "june.csv"))
    assert (ended.status, ended.out) == (0, "")
    assert (tmp_path / "june.csv").read_text() == household("list", "-c", HOUSE, *span, "--all").out


def test_schemes_and_their_categories(household: Saldo) -> None:
    assert household("schemes").lines[:3] == ["scheme,groups,categories", "household,15,74", "business,9,42"]
    assert "7592,RECREATIE/VRIJE TIJD,expenses,1,Hobbies" in household("schemes", "household").lines
    assert json.loads(household("schemes", "business", "--format", "json").out)["scheme"] == "business"
    refused = household("schemes", "nothing")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == "saldo: scheme must be household, business or one of your own schemes\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("list", "-c", HOUSE, "--from", "soon"), "from must be yyyy-mm-dd or yyyymmddZ"),
        (("pivot", "-c", HOUSE, "--from", "2026-02-01", "--to", "2026-01-01"), "from must not be after to"),
        (("list", "-c", "nobody"), "There is no such customer."),
        (("download", "-c", HOUSE, "--from", "soon"), "from must be yyyy-mm-dd or yyyymmddZ"),
    ],
)
def test_an_error_is_the_apis_own_words(household: Saldo, arguments: tuple[str, ...], message: str) -> None:
    ended = household(*arguments)
    assert (ended.status, ended.out, ended.err) == (1, "", f"saldo: {message}\n")


def test_a_key_is_made_listed_and_revoked(household: Saldo, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """In processes of their own, for operators' commands point theirs to a table."""
    settings = {"SALDO_URL": server.url}
    made = in_pipe(
        "key", "make", "--tenant", "me", "--scopes", "transactions:read", "--expires", "9999-01-01", **settings
    )
    assert (made.status, made.out.count("\n")) == (0, 1)
    key = made.out.strip()
    assert key not in made.err
    (row,) = [row for row in rows(in_pipe("key", "list", **settings)) if row["expires"]]
    assert row["id"] == hashlib.sha256(key.encode()).hexdigest()[:8]
    assert (row["tenant"], row["scopes"], row["expires"]) == ("me", "transactions:read", "9999-01-01T00:00:00Z")
    assert in_pipe("key", "revoke", row["id"], **settings).status == 0
    assert in_pipe("key", "revoke", row["id"], **settings) == (1, "", "saldo: There is no such key.\n")
    monkeypatch.setenv("SALDO_KEY", key)
    refused = household("customers")
    assert refused.status == 1
    assert "unknown" in refused.err


def test_a_scheme_is_stored_and_shown(household: Saldo, server: Server, tmp_path: Path) -> None:
    scheme = {
        "id": "tiny",
        "tables": {
            "income": [{"id": 1, "name": "IN", "categories": [{"id": 1, "name": "Pay"}]}],
            "expenses": [{"id": 2, "name": "OUT", "categories": [{"id": 2, "name": "Rent"}]}],
        },
        "default": {"income": 1, "expenses": 2},
    }

    def put(content: object) -> Ended:
        (tmp_path / "scheme.json").write_text(json.dumps(content))
        return in_pipe("scheme", "put", "--tenant", "demo", str(tmp_path / "scheme.json"), SALDO_URL=server.url)

    stored = put(scheme)
    assert (stored.status, stored.out.split(" in ")[0]) == (0, "stored scheme tiny of tenant demo")
    assert household("schemes", "tiny").lines[1:] == ["1,IN,income,1,Pay", "2,OUT,expenses,2,Rent"]
    wrong = put(scheme | {"default": {"income": 1, "expenses": 3}})
    assert wrong == (1, "", "saldo: default.expenses must be the id of a category in this scheme\n")


def test_the_installed_command_reads_its_settings_by_rank(server: Server, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("other-key\n")
    (tmp_path / "key").chmod(0o600)
    settings = {"SALDO_URL": "http://127.0.0.1:1", "SALDO_KEY": "demo-key"}
    by_flag = in_pipe("--url", server.url, "--key-file", str(tmp_path / "key"), "list", "-c", HOUSE, **settings)
    assert by_flag == (1, "", "saldo: There is no such customer.\n")
    by_variable = in_pipe("list", "-c", HOUSE, "--url", server.url, "--limit", "1", **settings)
    assert (by_variable.status, len(rows(by_variable))) == (0, 1)
