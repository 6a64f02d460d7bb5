"""Each figure that is drawn, in tiles, chart, table and listing, is the API's."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import Server
from tests.ui.api import HOUSE, PIVOT, get, sums

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.ui
Open = Callable[..., "Page"]

# The fragment of a view, and what the API is asked for it. The sample's last day is the last one of June 2026.
VIEWS = {
    "as it opens": ("", {"unit": "month", "from": "2025-07-01", "to": "2026-07-01"}),
    "last year by quarter": (
        "#span=last-year&unit=quarter",
        {"unit": "quarter", "from": "2025-01-01", "to": "2026-01-01"},
    ),
    "days of one's own by week": (
        "#span=own&from=2025-02-10&to=2025-05-20&unit=week",
        {"unit": "week", "from": "2025-02-10", "to": "2025-05-20"},
    ),
    "all by year": ("#span=all&unit=year", {"unit": "year"}),
}


def drawn(page: "Page", attribute: str) -> dict[str, Decimal]:
    """The exact values of the elements with the attribute, by what it says."""
    page.locator("[data-figure='tile:income']").wait_for()
    script = f"""() => [...document.querySelectorAll('[{attribute}]')].map((node) => {{
        const data = node.matches('data') ? node : node.querySelector('data');
        const value = node.getAttribute('data-value') ?? data.value;
        return [node.getAttribute('{attribute}'), String(value)];
    }})"""
    pairs: list[list[str]] = page.evaluate(script)
    assert len(pairs) == len({name for name, _ in pairs}), "nothing is drawn twice"
    return {name: Decimal(value) for name, value in pairs}


@pytest.mark.parametrize("view", VIEWS)
def test_tiles_table_and_chart_show_what_the_api_answers(server: Server, open_page: Open, view: str) -> None:
    fragment, query = VIEWS[view]
    pivot = get(server, PIVOT, **query)
    groups = [group for group in pivot["groups"] if group["categories"][0]["type"] != "income"]
    opened = ",".join(f"g{group['id']}" for group in pivot["groups"])
    page = open_page(f"{fragment or '#'}&open={opened},income,none")
    expected = sums(pivot)
    figures = drawn(page, "data-figure")
    expenses = [group for group in groups if group["categories"][0]["type"] == "expenses"]
    largest = min(expenses, key=lambda group: group["amount"])
    tiles = {"income": "income", "expenses": "expenses", "left": "left", "largest": str(largest["id"])}
    for tile, row in tiles.items():
        assert figures[f"tile:{tile}"] == expected[row]["average"], tile
    cells = drawn(page, "data-cell")
    assert len(cells) > 50
    for name, value in cells.items():
        row, column = name.split(":")
        assert value == expected[row].get(column, Decimal(0)), name
    shown = {name.split(":")[0] for name in cells}
    assert {str(group["id"]) for group in expenses} | {"income", "expenses", "left"} <= shown
    assert {str(part["id"]) for group in expenses for part in group["categories"]} <= shown
    periods = {value["from"][:10] for part in pivot["totals"].values() for value in part["values"]}
    assert periods <= {name.split(":")[1] for name in cells}
    smaller = {str(group["id"]) for group in expenses} - largest_groups(server)
    check_bars(drawn(page, "data-bar"), expected, [str(group["id"]) for group in expenses], smaller)


def largest_groups(server: Server) -> set[str]:
    """The seven groups of expenses that cost most in the whole ledger, which have colours of their own."""
    groups = get(server, PIVOT, unit="none")["groups"]
    expenses = [group for group in groups if group["categories"][0]["type"] == "expenses"]
    return {str(group["id"]) for group in sorted(expenses, key=lambda group: group["amount"])[:7]}


def check_bars(
    bars: dict[str, Decimal], expected: dict[str, dict[str, Decimal]], expenses: list[str], smaller: set[str]
) -> None:
    """Each bar is its row's figure; those of the smaller groups lie in one bar, which is the sum of them."""
    for name, value in bars.items():
        row, period = name.split(":")
        rows = smaller if row == "other" else {row}
        assert value == sum(expected[each].get(period, Decimal(0)) for each in rows), name
    for row in ("income", *expenses):
        assert {f"{row}:{period}" for period in expected[row].keys() - {"total", "average"}} <= bars.keys()


def test_a_figure_leads_to_the_transactions_behind_it(server: Server, open_page: Open) -> None:
    pivot = get(server, PIVOT, unit="month", **{"from": "2025-07-01", "to": "2026-07-01"})
    group = max(pivot["groups"], key=lambda each: each["count"])
    value = max(group["values"], key=lambda each: each["count"])
    page = open_page()
    page.locator(f"[data-cell='{group['id']}:{value['from'][:10]}']").click()
    dialog = page.locator("dialog#listing")
    dialog.locator("li[data-transaction]").first.wait_for()
    while dialog.locator("[data-more]").count():
        dialog.locator("[data-more]").click()
        page.wait_for_timeout(300)
    for name, expected in (("count", value["count"]), ("listed", value["count"]), ("sum", value["amount"])):
        assert Decimal(dialog.locator(f"[data-figure='list:{name}']").get_attribute("value") or "") == expected
    listed: Any = dialog.locator("li[data-transaction] > data").evaluate_all(
        "nodes => nodes.map((node) => node.value)"
    )
    assert sum(map(Decimal, listed)) == value["amount"]
    ids = set(dialog.locator("li[data-transaction]").evaluate_all("nodes => nodes.map((n) => n.dataset.transaction)"))
    assert len(ids) == value["count"]


def test_a_bar_leads_there_too_and_back_leads_away(server: Server, open_page: Open) -> None:
    page = open_page()
    bar = page.locator("[data-bar^='income:']").first
    bar.click()
    dialog = page.locator("dialog#listing")
    dialog.locator("li[data-transaction]").first.wait_for()
    assert "list=income" in page.url
    page.go_back()
    dialog.wait_for(state="hidden")
    page.go_forward()
    dialog.wait_for(state="visible")
    link = page.url
    other = open_page(link[link.index("#") :])
    other.locator("dialog#listing li[data-transaction]").first.wait_for()


def test_the_curl_that_is_shown_makes_the_view(server: Server, open_page: Open) -> None:
    import os
    import subprocess

    page = open_page()
    page.locator("#call summary").click()
    command = page.locator("#call code").inner_text()
    assert "demo-key" not in command
    completed = subprocess.run(
        ["sh", "-c", command], env=os.environ | {"SALDO_KEY": "demo-key"}, capture_output=True, text=True, check=True
    )
    assert '"completeMonths"' in completed.stdout
    assert HOUSE in command
