"""Everybody can use the page: by keyboard alone, at any size, in the dark, in two languages; and it is safe."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.e2e.conftest import Server
from tests.ui.conftest import PHONE, WIDE, Seen

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.ui
Open = Callable[..., "Page"]


def ready(page: "Page") -> "Page":
    page.locator("[data-figure='tile:income']").wait_for()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_no_barrier(open_page: Open, axe: str, scheme: str, size: dict[str, int]) -> None:
    page = ready(open_page("", color_scheme=scheme, viewport=size, bypass_csp=True))
    page.evaluate(axe)
    found = violations(page)
    page.locator("#tool-imports").click()
    page.locator("#files").wait_for()
    found += violations(page)
    page.evaluate("location.hash = 'list=expenses:2026-06-01:2026-07-01'")
    page.locator("dialog#listing li[data-transaction]").first.wait_for()
    found += violations(page)
    assert found == []


def violations(page: "Page") -> list[str]:
    result: Any = page.evaluate("() => axe.run()")
    return [f"{each['id']}: {node['html'][:200]}" for each in result["violations"] for node in each["nodes"]]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_only_the_table_scrolls_sideways(open_page: Open, size: dict[str, int]) -> None:
    page = ready(open_page(viewport=size))
    width, visible = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= visible
    scroll = page.locator("#pivot .scroll").evaluate("node => [node.scrollWidth, node.clientWidth, node.scrollLeft]")
    if size is PHONE:
        assert scroll[0] > scroll[1]
    assert scroll[2] + scroll[1] == pytest.approx(scroll[0], abs=2), "it opens at its end"


def test_above_the_fold_are_span_tiles_chart_and_a_dozen_rows(open_page: Open) -> None:
    page = ready(open_page())
    for part in ("#span", "#tiles", "#chart svg"):
        box = page.locator(part).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900, part
    rows = page.locator("#pivot tbody tr").evaluate_all("nodes => nodes.map((n) => n.getBoundingClientRect().bottom)")
    assert sum(bottom <= 900 for bottom in rows) >= 8


def test_the_table_is_one_tab_stop_and_arrows_lead_through_it(open_page: Open) -> None:
    page = ready(open_page())
    assert page.locator("#pivot table [tabindex='0']").count() == 1
    page.locator("#pivot table [tabindex='0']").focus()
    where = "() => [document.activeElement.cellIndex, document.activeElement.parentElement.rowIndex]"
    column, row = page.evaluate(where)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) == [column + 1, row + 1]
    page.keyboard.press("Control+End")
    hidden = page.evaluate(
        """() => {
            const cell = document.activeElement.getBoundingClientRect();
            const at = document.elementFromPoint(cell.x + cell.width / 2, cell.y + cell.height / 2);
            return !(at && document.activeElement.contains(at));
        }"""
    )
    assert not hidden, "the focus is never below a sticky cell"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert page.locator("#pivot table [tabindex='0']").count() == 1


def test_by_keyboard_alone_from_the_table_to_a_transaction_and_back(open_page: Open) -> None:
    page = ready(open_page())
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => Boolean(document.activeElement.closest('#pivot table'))"):
            break
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.locator("dialog#listing li[data-transaction]").first.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.closest('dialog'))")
    page.keyboard.press("Escape")
    page.locator("dialog#listing").wait_for(state="hidden")
    page.wait_for_function("() => Boolean(document.activeElement.closest('#pivot table'))")


def test_two_languages_from_one_page(open_page: Open) -> None:
    page = ready(open_page())
    english = page.locator("#tiles").inner_text()
    page.locator("#language").click()
    page.wait_for_function("() => document.documentElement.lang === 'nl'")
    assert page.locator("#tiles").inner_text() != english
    assert "lang=nl" in page.url
    dutch = ready(open_page(locale="nl-NL"))
    assert dutch.locator("html").get_attribute("lang") == "nl"


def test_no_text_becomes_markup_or_script(open_page: Open, seen: Seen) -> None:
    page = ready(open_page())
    planted = (
        "() => { try { document.body.innerHTML = '<b>x</b>'; return 'set'; } catch (error) { return error.name; } }"
    )
    assert page.evaluate(planted) == "TypeError"
    ran = page.evaluate(
        """() => new Promise((resolve) => {
            const script = document.createElement('script');
            try { script.textContent = 'window.owned = 1'; } catch { return resolve('refused'); }
            document.body.append(script);
            setTimeout(() => resolve(window.owned ? 'ran' : 'refused'), 200);
        })"""
    )
    assert ran == "refused"
    assert seen.errors, "the browser reported both"
    seen.errors.clear()


def test_without_the_demo_it_asks_for_a_key_which_stays_out_of_the_address(
    server: Server, open_page: Open, seen: Seen
) -> None:
    """As deployed: the meta element of `make run` is taken out on its way."""
    page = open_page(path="/health")

    def without_demo(route: Any) -> None:
        answer = requests.get(f"{server.url}/console", timeout=20)
        body = re.sub(r'<meta name="saldo-demo"[^>]*>', "", answer.text)
        headers = {name: answer.headers[name] for name in ("Content-Type", "Content-Security-Policy")}
        route.fulfill(status=200, headers=headers, body=body)

    page.route("**/console", without_demo)
    page.goto(f"{server.url}/console")
    page.locator("#key").fill("wrong")
    page.keyboard.press("Enter")
    page.locator(".problem").wait_for()
    assert "403" in seen.errors[-1]
    seen.errors.clear()
    page.locator("#key").fill("demo-key")
    page.keyboard.press("Enter")
    ready(page)
    assert "demo-key" not in page.url
    stored = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, name])")
    assert "demo-key" not in stored


def test_a_key_that_lacks_a_scope_is_told_which(server: Server, open_page: Open, seen: Seen) -> None:
    page = open_page(path="/health")

    def with_read_key(route: Any) -> None:
        answer = requests.get(f"{server.url}/console", timeout=20)
        headers = {name: answer.headers[name] for name in ("Content-Type", "Content-Security-Policy")}
        route.fulfill(status=200, headers=headers, body=answer.text.replace("demo-key ", "demo-read-key "))

    page.route("**/console", with_read_key)
    page.goto(f"{server.url}/console")
    page.locator(".problem").wait_for()
    assert "transactions:aggregate" in page.locator(".problem").inner_text()
    seen.errors.clear()
