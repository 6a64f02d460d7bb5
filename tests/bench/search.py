"""Item 10: a listing with `text`, compared with queries that read all transactions and filter them in Python."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from saldo.aws.pages import MAX_SEARCHED
from saldo.aws.table import table
from tests.bench import frames
from tests.bench.answers import body_of, handler_of, request_event
from tests.bench.dynalite import serving
from tests.bench.first import Context
from tests.bench.ledgers import prepare
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import DifferentResults, Task, Times, run_once, time_in_turns

_SIZES = (10_000, 100_000)
_TEXT, _PAGE = "albert heijn", 100
_OURS, _THEIRS = "saldo", "`Table.query`, filtered in Python"
_CONTENDERS = {_OURS: "saldo", _THEIRS: "queried"}
_PARTS = {"first page": 1, "all": None}
_RUNS = {"first page": 3, "all": 1}
_ROUNDS = 7
_AIM = 0.5


class Figures(NamedTuple):
    """What a contender took, its requests, and the items that the table read for them."""

    times: Times
    requests: int
    items: int


def measure() -> Section:
    figures: dict[tuple[int, str], dict[str, Figures]] = {}
    matches: dict[int, int] = {}
    for size in _SIZES:
        ledger = prepare(size)
        with serving(ledger) as endpoint:
            for part in _PARTS:
                arguments = f"{ledger.customer}:{part}"
                first = {
                    name: run_once(f"{__name__}:counted:{function}:{arguments}", endpoint)
                    for name, function in _CONTENDERS.items()
                }
                results = [run.result["matches"] for run in first.values()]
                if not results[0] or results[0] != results[1]:
                    raise DifferentResults(f"the contenders find other transactions, {part} of {size}")
                matches[size] = len(results[0])
                paths = {name: f"{__name__}:{function}:{arguments}" for name, function in _CONTENDERS.items()}
                times = time_in_turns(paths, endpoint, runs=_RUNS[part], rounds=_ROUNDS, warm_ups=1)
                figures[size, part] = {
                    name: Figures(times[name], run.result["requests"], run.result["items"])
                    for name, run in first.items()
                }
    return _section(figures, matches)


def _section(figures: Mapping[tuple[int, str], Mapping[str, Figures]], matches: Mapping[int, int]) -> Section:
    rows = [
        [
            f"{name}, {part} of {size:,}",
            _cell(times.wall),
            f"{times.wall.median / of_both[_OURS].times.wall.median:.2f}",
            _cell(times.cpu),
            f"{times.cpu.median / of_both[_OURS].times.cpu.median:.2f}",
            f"{requests:,}",
            f"{items:,}",
        ]
        for (size, part), of_both in figures.items()
        for name, (times, requests, items) in of_both.items()
    ]
    bars = {
        name.replace("`", ""): [
            (f"{part} of {size:,}", of_both[name].times.cpu.median) for (size, part), of_both in figures.items()
        ]
        for name in _CONTENDERS
    }
    largest = _SIZES[-1]
    walk, page = figures[largest, "all"], figures[largest, "first page"]
    share = walk[_OURS].times.cpu.median / walk[_THEIRS].times.cpu.median
    shares = " and ".join(f"{number:,} of {size:,}" for size, number in matches.items())
    return Section(
        10,
        "A listing with text",
        f"`GET /api/v1/customer/{{customerId}}/transactions?text={_TEXT.replace(' ', '+')}` over all groups, which "
        f"finds {shares} transactions of a household over three years, on dynalite. *First page* is one call, from "
        f"event to answer, that returns {_PAGE}; *all* walks by cursor to the end, where each call looks at "
        f"{MAX_SEARCHED:,} transactions at most and reads the customer anew. Theirs is what one would write instead: "
        "the loop over `Table.query`, with each item's words compared in Python, up to the same number or to the "
        "end. Each has its own process, and all must find the same transactions, compared field by field. "
        f"Rounds: {_ROUNDS}, of {_RUNS['first page']} for the first page and {_RUNS['all']} for all. Requests and "
        "items are counted as in item 3.",
        ["", "ms", "× ours", "CPU ms", "× ours", "requests", "items read"],
        rows,
        [Chart("search", f"A listing with text={_TEXT!r}", "CPU ms", bars, "bars", log=True)],
        f"at most {_AIM} of the CPU of theirs for all of {largest:,}",
        share <= _AIM,
        f"Ours takes {share:.0%} of their CPU for all of {largest:,}. Nothing is indexed by word, so both look at "
        "every transaction; most of the wait is dynalite's. For the first page ours reads "
        f"{page[_OURS].items:,} items, theirs {page[_THEIRS].items:,}, because a request without a limit reads 1 MB; "
        f"for all, ours reads {walk[_OURS].items:,}, because the last request of each page reads beyond its last "
        "transaction.",
    )


def _cell(times: Spread) -> str:
    digits = 0 if times.median >= 100 else 1
    return f"{times.median:,.{digits}f} ({times.least:,.{digits}f}–{times.most:,.{digits}f})"


# --- Contenders, each in its own process ---------------------------------------------------------------------------


def saldo(customer: str, part: str) -> Task:
    handler = handler_of("transactions")
    path, pages = "/api/v1/customer/{customerId}/transactions", _PARTS[part]

    def run() -> list[Any]:
        transactions: list[Any] = []
        query = f"limit={_PAGE}&text={quote(_TEXT)}"
        for _ in range(pages or 1_000_000):
            event = request_event("GET", path, {"customerId": customer}, query=query)
            answer = json.loads(body_of(handler(event, Context())), parse_float=Decimal, parse_int=Decimal)
            transactions += answer["transactions"]
            if not answer["paging"]["more"]:
                break
            query = f"limit={_PAGE}&text={quote(_TEXT)}&cursor={answer['paging']['next']}"
        return transactions

    return Task(run, lambda transactions: list(map(_of_transaction, transactions)))


def queried(customer: str, part: str) -> Task:
    pages = _PARTS[part]

    def run() -> list[Any]:
        return list(islice(_matching(customer), pages and pages * _PAGE))

    return Task(run, lambda items: list(map(_of_item, items)))


def counted(contender: str, customer: str, part: str) -> Task:
    """The contender, counting its requests and the items that they read."""
    run, comparable = globals()[contender](customer, part)
    client: Any = frames.table().meta.client if contender != "saldo" else table().client
    items: list[int] = []

    def count(parsed: Mapping[str, Any], **_: object) -> None:
        # Ours takes the body before botocore parses it. An answer without a count is one item.
        answer = json.loads(parsed["body"]) if "body" in parsed else parsed
        items.append(answer.get("ScannedCount", 1))

    client.meta.events.register("after-call.dynamodb.*", count)
    return Task(run, lambda result: {"matches": comparable(result), "requests": len(items), "items": sum(items)})


def _matching(customer: str) -> Iterator[Mapping[str, Any]]:
    """Theirs: the items in which each word is the beginning of a word."""
    beginnings = _TEXT.split()
    query = frames.all_transactions(customer)
    while True:
        page = frames.table().query(**query)
        for item in page["Items"]:
            words = re.findall(r"\w+", " ".join((str(item["counterparty"]), str(item["text"]))).casefold())
            if all(any(word.startswith(beginning) for word in words) for beginning in beginnings):
                yield item
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


_TEXTS = ("reference", "text", "account", "counterparty")


def _of_transaction(transaction: Mapping[str, Any]) -> list[str]:
    """Key, category, amount and texts of a transaction in our answer."""
    key = f"T#{transaction['transactionDate']}#{int(transaction['transactionID']):016d}"
    numbers = (transaction["transactionTypeID"], transaction["value"])
    return [key, *(str(number.normalize()) for number in numbers), *(transaction[name] for name in _TEXTS)]


def _of_item(item: Mapping[str, Any]) -> list[str]:
    """The same for an item of the table."""
    numbers = (item["category"], item["value"])
    return [item["SK"], *(str(number.normalize()) for number in numbers), *(item[name] for name in _TEXTS)]
