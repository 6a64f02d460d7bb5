"""Item 3: a page deep in a ledger of a million transactions, beside the query that reads up to it and lets it go."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from saldo.aws.table import table
from tests.bench import frames
from tests.bench.answers import body, function, request
from tests.bench.dynalite import holding
from tests.bench.ledgers import DAYS, prepared
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import Act, Differs, Times, measured, once

_SIZE, _PAGE = 1_000_000, 100
# A page that begins with its day has nothing to skip: the deep ones are put in the middle of one.
_HALF_A_DAY = _SIZE // DAYS // 2
_PLACES = {"0": 0} | {f"{share} %": _SIZE // 100 * share + _HALF_A_DAY for share in (10, 50, 99)}
_AIM = 1.3
_OURS = "saldo"
_CONTENDERS = {
    _OURS: "saldo",
    "`Table.query`, skipping keys": "by_keys",
    "`Table.query`, skipping by `Select=COUNT`": "by_count",
}
_ACTS, _ROUNDS = 3, 9


class Reads(NamedTuple):
    """What one page costs the table: requests, and items that it looks at."""

    requests: int
    items: int


class Place(NamedTuple):
    """A contender at an offset."""

    times: Times
    reads: Reads


def measure() -> Section:
    ledger = prepared(_SIZE)
    found: dict[str, dict[str, Place]] = {name: {} for name in _CONTENDERS}
    with holding(ledger) as endpoint:
        for place, offset in _PLACES.items():
            own = f"{ledger.customer}:{offset}"
            first = {
                name: once(f"{__name__}:counted:{function}:{own}", endpoint) for name, function in _CONTENDERS.items()
            }
            for name, one in first.items():
                if not one.shown["page"] or one.shown["page"] != first[_OURS].shown["page"]:
                    raise Differs(f"{name} shows something else at {place}")
            # Theirs take up to half a minute: there, what they took once is their figure.
            again = {name: f"{__name__}:{_CONTENDERS[name]}:{own}" for name in (first if offset == 0 else [_OURS])}
            times = measured(again, endpoint, acts=_ACTS, rounds=_ROUNDS)
            for name, one in first.items():
                found[name][place] = Place(times.get(name, one.times), Reads(*one.shown["reads"]))
    return _section(found)


def _section(found: Mapping[str, Mapping[str, Place]]) -> Section:
    ours = found[_OURS]
    flat = _ratio([ours[place] for place in _PLACES])
    deep = _ratio([ours[place] for place in list(_PLACES)[1:]])
    best = min(places["99 %"].times.wall.median for name, places in found.items() if name != _OURS)
    rows = [
        [
            f"{name}, offset {place}",
            _shown(one.times.wall),
            f"{one.times.wall.median / ours[place].times.wall.median:,.1f}",
            _shown(one.times.cpu),
            f"{one.reads.requests:,}",
            f"{one.reads.items:,}",
        ]
        for name, places in found.items()
        for place, one in places.items()
    ]
    lines = {
        name.replace("`", ""): [(place, one.times.wall.median) for place, one in places.items()]
        for name, places in found.items()
    }
    return Section(
        3,
        "A deep offset",
        f"A page of {_PAGE} of all groups in a ledger of {_SIZE:,} transactions over three years ({_SIZE // DAYS} a "
        "day; a deep page begins in the middle of one), on dynalite, which finds keys in a tree and answers in "
        "pages of 1 MB as DynamoDB does. Ours is the handler of `GET "
        "/api/v1/customer/{customerId}/transactions?offset=`, from event to answer, its read of the customer "
        "included. Theirs is the loop over `LastEvaluatedKey` that one writes without a cube, with `Limit` so that "
        "it stops just before the page: once it asks for keys alone while it skips, once for counts alone. Each is "
        "a process of its own, and all have to give the same transactions, compared field by field. Ours, and all "
        f"at offset 0, are {_ROUNDS} rounds of {_ACTS}; theirs at a deep offset take so long that they run once. "
        "Requests and items are counted by botocore's events; items are those that the table looked at "
        "(`ScannedCount`), which is what it charges for. The ledger is written by our own `record` and put into "
        "dynalite's store before; that is in no figure.",
        ["", "ms", "× ours", "CPU ms", "requests", "items read"],
        rows,
        [Chart("offset", f"A page of {_PAGE} from {_SIZE:,}", "ms", lines, "lines", log=True)],
        f"ours is flat within {_AIM} from the first offset to the last",
        flat <= _AIM,
        f"From the first offset to the last ours differs by {flat:.1f}, among the deep ones by {deep:.2f}; at 99 % "
        f"the best of theirs takes {best / ours['99 %'].times.wall.median:,.0f} times as long. At offset 0 nothing "
        "has to be found. Any other reads the whole cube (an item a day), and then the day on which the page "
        "begins from its first transaction: one more request, and a cost that depends on how many days there are "
        "and how full the one is, not on the offset. Most of the wait is dynalite's, as the CPU shows. Tried and "
        "taken: counts alone are sent and added up (23 to 11 ms of CPU). Tried and left: an item a month beside "
        "those of the days, which brought 52 to 22 ms, still three requests for two; it would cost a third action in "
        "every write and let all writers of a month meet in one item.",
    )


def _ratio(places: list[Place]) -> float:
    medians = [one.times.wall.median for one in places]
    return max(medians) / min(medians)


def _shown(times: Spread) -> str:
    digits = 0 if times.median >= 100 else 1
    least, most = f"{times.least:,.{digits}f}", f"{times.most:,.{digits}f}"
    return f"{times.median:,.{digits}f}" + (f" ({least}–{most})" if times.least != times.most else "")


# --- In processes of their own -------------------------------------------------------------------------------------


def saldo(customer: str, offset: str) -> Act:
    handler = function("transactions")
    path, query = "/api/v1/customer/{customerId}/transactions", f"limit={_PAGE}&offset={offset}"
    event = request("GET", path, {"customerId": customer}, query=query)
    return Act(lambda: body(handler(event, None)), _listed)


def by_keys(customer: str, offset: str) -> Act:
    return _skipping(customer, int(offset), {"ProjectionExpression": "SK"})


def by_count(customer: str, offset: str) -> Act:
    return _skipping(customer, int(offset), {"Select": "COUNT"})


def counted(contender: str, customer: str, offset: str) -> Act:
    """The contender, with what it asks of the table."""
    act, shown = globals()[contender](customer, offset)
    client: Any = frames.table().meta.client if contender != "saldo" else table().client
    items: list[int] = []

    def read(parsed: Mapping[str, Any], **_: object) -> None:
        # Ours takes the body before botocore parses it; an answer without a count is one item.
        said = json.loads(parsed["body"]) if "body" in parsed else parsed
        items.append(said.get("ScannedCount", 1))

    client.meta.events.register("after-call.dynamodb.*", read)
    return Act(act, lambda found: {"page": shown(found), "reads": [len(items), sum(items)]})


def _skipping(customer: str, offset: int, how: Mapping[str, Any]) -> Act:
    return Act(lambda: _page(customer, offset, how), lambda items: [_plain(item) for item in items])


def _page(customer: str, offset: int, how: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Theirs: read up to the offset, then the page."""
    own = frames.table()
    asked = frames.of_all(customer)
    while offset:
        skipped = own.query(**asked, **how, Limit=offset)
        offset -= skipped["Count"]
        if "LastEvaluatedKey" not in skipped:
            return []
        asked["ExclusiveStartKey"] = skipped["LastEvaluatedKey"]
    return own.query(**asked, Limit=_PAGE)["Items"]


_TEXTS = ("reference", "text", "account", "counterparty")


def _listed(answer: str) -> list[list[str]]:
    """Key, group, category, amount, balance and texts of each transaction of our answer."""
    names = ("transactionGroupID", "transactionTypeID", "value", "balance")
    return [
        [
            f"T#{one['transactionDate']}#{int(one['transactionID']):016d}",
            *(str(one[name].normalize()) for name in names),
            *(one[name] for name in _TEXTS),
        ]
        for one in json.loads(answer, parse_float=Decimal, parse_int=Decimal)["transactions"]
    ]


def _plain(item: Mapping[str, Any]) -> list[str]:
    """The same of an item."""
    numbers = (Decimal(item["G"].rpartition("#")[2]), item["category"], item["value"], item["balance"])
    return [item["SK"], *(str(number.normalize()) for number in numbers), *(item[name] for name in _TEXTS)]
