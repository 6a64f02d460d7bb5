"""What the page changes: a correction and its Undo, a deletion and its return, imports, downloads."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import Server
from tests.ui.api import HOUSE, PIVOT, get

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.ui
Open = Callable[..., "Page"]

GROCERIES, HOBBIES = 1002, 1
SPAN = {"from": "2025-07-01", "to": "2026-07-01"}
MARKUP = "<img src=x onerror=alert(1)><script>document.title='owned'</script>"


def amount(server: Server, category: int) -> tuple[Decimal, int]:
    """Amount and count of a category in the view as it opens."""
    groups = get(server, PIVOT, unit="none", **SPAN)["groups"]
    found = [part for group in groups for part in group["categories"] if part["id"] == category]
    return (Decimal(found[0]["amount"]), found[0]["count"]) if found else (Decimal(0), 0)


def counts(server: Server) -> dict[int, int]:
    """How many transactions each category has in the whole ledger."""
    groups = get(server, PIVOT, unit="none")["groups"]
    return {part["id"]: part["count"] for group in groups for part in group["categories"]}


def shows(page: "Page", count: int) -> None:
    """Wait until the listing says that so many are behind its figure."""
    script = """count => document.querySelector("[data-figure='list:count']").value === String(count)"""
    page.wait_for_function(script, arg=count)


def listed(page: "Page", what: str) -> Any:
    """Opens the listing of the view; returns its first row."""
    page.evaluate(f"location.hash = 'list={what}:2025-07-01:2026-07-01'")
    row = page.locator("dialog#listing li[data-transaction]").first
    row.wait_for()
    return row


def test_a_correction_moves_the_pivot_and_undo_moves_it_back(server: Server, open_page: Open) -> None:
    before = {category: amount(server, category) for category in (GROCERIES, HOBBIES)}
    page = open_page()
    row = listed(page, f"c{GROCERIES}")
    value = Decimal(row.locator("> data").get_attribute("value"))
    row.locator("select").select_option(str(HOBBIES))
    row.locator("[data-undo]").wait_for()
    assert amount(server, GROCERIES) == (before[GROCERIES][0] - value, before[GROCERIES][1] - 1)
    assert amount(server, HOBBIES) == (before[HOBBIES][0] + value, before[HOBBIES][1] + 1)
    shows(page, before[GROCERIES][1] - 1)
    row.locator("[data-undo]").click()
    shows(page, before[GROCERIES][1])
    assert {category: amount(server, category) for category in (GROCERIES, HOBBIES)} == before


def test_all_like_it_are_moved_not_only_those_of_the_page(server: Server, open_page: Open) -> None:
    before = counts(server)
    page = open_page()
    row = listed(page, f"c{GROCERIES}")
    row.locator("select").select_option(str(HOBBIES))
    alike = row.locator("[data-alike]")
    alike.wait_for()
    number = int(alike.get_attribute("data-alike") or 0)
    assert number > 0
    alike.click()
    alike.wait_for(state="detached")
    moved = before | {HOBBIES: before.get(HOBBIES, 0) + number + 1, GROCERIES: before[GROCERIES] - number - 1}
    assert counts(server) == moved
    row.locator("[data-undo]").click()
    row.locator("[data-undo]").wait_for(state="detached")
    assert counts(server) == before


def test_what_was_deleted_comes_back(server: Server, open_page: Open) -> None:
    before = get(server, PIVOT, unit="none")
    page = open_page()
    row = listed(page, f"c{GROCERIES}")
    row.locator("button.quiet").click()
    row.locator("[data-restore]").wait_for()
    assert get(server, PIVOT, unit="none")["totals"]["expenses"]["count"] == before["totals"]["expenses"]["count"] - 1
    row.locator("[data-restore]").click()
    row.locator("[data-restore]").wait_for(state="detached")
    assert get(server, PIVOT, unit="none") == before


def test_a_statement_and_a_broken_file_are_dropped(server: Server, open_page: Open, tmp_path: Path) -> None:
    before = get(server, PIVOT, unit="none")["totals"]["expenses"]["count"]
    statement = tmp_path / "mine.csv"
    rows = ("Date,Amount,Description", f'2026-06-29,-12.34,"{MARKUP}"', "2026-06-30,-1.00,Bakery", "")
    statement.write_text("\n".join(rows))
    broken = tmp_path / "broken.csv"
    broken.write_text("no statement")
    page = open_page()
    page.locator("#tool-imports").click()
    page.locator("#files").set_input_files([statement, broken])
    item = page.locator("li[data-file='mine.csv']")
    item.locator("[data-act^='look']").click()
    item.locator(".look table").wait_for()
    assert get(server, PIVOT, unit="none")["totals"]["expenses"]["count"] == before, "nothing is kept"
    for name, status in (("mine.csv", "completed"), ("broken.csv", "failed")):
        page.locator(f"li[data-file='{name}'] [data-act^='import']").click()
        page.locator(f"li[data-file='{name}'][data-status='{status}']").wait_for(timeout=20_000)
    assert get(server, PIVOT, unit="none")["totals"]["expenses"]["count"] == before + 2
    check_markup_is_text(page)
    page.locator("li[data-file='mine.csv'] [data-act^='undoImport']").click()
    page.locator("li[data-file='mine.csv'][data-status='undone']").wait_for(timeout=20_000)
    assert get(server, PIVOT, unit="none")["totals"]["expenses"]["count"] == before


def check_markup_is_text(page: "Page") -> None:
    """What a bank wrote stays text, in the listing."""
    page.evaluate("location.hash = 'list=expenses:2026-06-29:2026-06-30'")
    page.locator("dialog#listing li[data-transaction]").first.wait_for()
    texts = page.locator("dialog#listing bdi").all_inner_texts()
    assert MARKUP in texts
    assert page.locator("dialog#listing img").count() == 0
    assert "owned" not in page.title()
    page.keyboard.press("Escape")


def download(page: "Page", name: str) -> bytes:
    with page.expect_download(timeout=30_000) as started:
        page.locator(f"[data-download='{name}']").click()
    return Path(started.value.path()).read_bytes()


def test_downloads_hold_what_the_view_shows(server: Server, open_page: Open, seen: Any) -> None:
    pivot = get(server, PIVOT, unit="month", **SPAN)
    page = open_page()
    page.locator("#tool-downloads").click()
    rows = csv.DictReader(io.StringIO(download(page, "tables:csv").decode()))
    totals = {"income": Decimal(0), "expenses": Decimal(0)}
    for row in rows:
        if row["Metric"] == "total":
            totals[row["Category"]] += Decimal(row["Value"])
    assert totals == {table: pivot["totals"][table]["amount"] for table in totals}
    assert download(page, "tables:xlsx").startswith(b"PK")
    taken_out = json.loads(download(page, "transactions:json"), parse_float=Decimal)["transactions"]
    assert len(taken_out) == sum(total["count"] for total in pivot["totals"].values())
    assert sum(Decimal(each["amount"]) for each in taken_out) == sum(t["amount"] for t in pivot["totals"].values())
    assert get(server, HOUSE)["customerId"]
