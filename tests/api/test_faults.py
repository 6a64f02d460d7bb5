"""Campaigns against every route, and the run of an import: each request to an engine meets each fault, once and as an
outage, and the process dies before and after each. `make test` takes a part of them, `make faults-test` takes all.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pytest

from local.template import load
from saldo.aws import files as files_module
from saldo.http.api import ANSWERS_WITHIN
from tests.api.client import Client, Reply
from tests.api.journeys import ARRIVAL, JOURNEYS, Begin, Journey, Prepare, all_journeys, prepared
from tests.clock import Clock
from tests.faults import CRASHES, KINDS, Crash, Engines

AUTHORIZED_WITHIN = 5
NAMES = [name for name, _ in all_journeys()]
each_journey = pytest.mark.parametrize(
    ("number", "prepare"),
    [pytest.param(number, prepare, id=NAMES[number]) for number, (_, prepare) in enumerate(all_journeys())],
)
# How many of the cases `make test` takes: one of so many.
ONE_OF = 149


@pytest.fixture
def engines(api: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engines]:
    # A few rows make several write transactions.
    monkeypatch.setattr("saldo.aws.ledger.MAX_ACTIONS", 6)
    monkeypatch.setattr("saldo.aws.working._PIECE", 5)
    # A second for each attempt in an outage: a dozen of them, not a hundred.
    with Engines(clock, outage_seconds=1.0).behind([api.table.client, files_module.clients()[0]]) as between:
        yield between


class Case(NamedTuple):
    """A fault that befalls a request, by its number in the call, and in an outage all later ones too."""

    at: int
    fault: str
    outage: bool


def requests_of(engines: Engines, begin: Begin) -> list[tuple[str, str]]:
    """The requests to engines that the call makes when nothing fails: service and operation."""
    journey = begin()
    engines.start()
    assert journey.call().status in journey.ends
    return engines.operations


def cases_of(requests: Sequence[tuple[str, str]]) -> list[Case]:
    return [
        Case(at, name, outage)
        for at, (service, operation) in enumerate(requests)
        for name, kind in KINDS.items()
        if kind.may_befall(service, operation)
        for outage in (False, True)
    ]


def test_every_route_has_a_journey() -> None:
    assert set(JOURNEYS) == {(route.method, route.path) for route in load().routes} | {ARRIVAL}


@each_journey
def test_a_fault_now_and_then(engines: Engines, api: Client, clock: Clock, number: int, prepare: Prepare) -> None:
    begin = prepared(api, prepare)
    cases = cases_of(requests_of(engines, begin))
    # Of a call with fewer cases, one.
    first = number % min(ONE_OF, len(cases) or 1)
    wrong = run(engines, clock, begin, cases[first::ONE_OF])
    assert not wrong, "\n".join(wrong)


@pytest.mark.faults
@each_journey
def test_every_fault(engines: Engines, api: Client, clock: Clock, number: int, prepare: Prepare) -> None:
    begin = prepared(api, prepare)
    wrong = run(engines, clock, begin, cases_of(requests_of(engines, begin)))
    assert not wrong, "\n".join(wrong)


def run(engines: Engines, clock: Clock, begin: Begin, cases: Sequence[Case]) -> list[str]:
    """What went wrong, with its case."""
    wrong = []
    for case in cases:
        journey = begin()
        engines.start(case.at, KINDS[case.fault], outage=case.outage)
        began = clock.now
        try:
            reply = journey.call()
            took = clock.now - began
            befell = engines.befell
            engines.heal()
            assert befell, "it did not befall"
            check_answer(journey, case, reply, took)
            check_again(journey, reply)
        except AssertionError as error:
            wrong.append(f"{case} {error}")
        finally:
            engines.heal()
    return wrong


def check_answer(journey: Journey, case: Case, reply: Reply, took: float) -> None:
    """Success, if only one request failed; else perhaps a 503; in time either way."""
    # A file that may not be read, or is not there, may be there when the event comes again.
    is_seen = case.outage or (case.fault in ("denied", "missing") and not journey.guarded)
    expected = journey.ends | {503} if is_seen else journey.ends
    assert reply.status in expected, f"{reply.status} {reply.body!r}"
    assert took <= (
        AUTHORIZED_WITHIN if case.outage and case.at == 0 and journey.guarded else ANSWERS_WITHIN + 0.1
    ), f"{took} seconds"


def check_again(journey: Journey, reply: Reply | None = None) -> None:
    """The ledger is whole, and the same call again ends well and adds nothing twice."""
    before = journey.check()
    if reply and reply.status in journey.ends:
        assert before == (1 if journey.holds is None else journey.holds)
    if reply and reply.status == 503 and journey.holds is None and before:
        assert b"look for it before" in reply.body
    again = journey.call()
    assert again.status in journey.ends | journey.done, f"again: {again.status} {again.body!r}"
    assert journey.check() == (before + 1 if journey.holds is None else journey.holds)
    journey.verify()


each_writing_journey = pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(prepare, id=name)
        for name, prepare in all_journeys()
        if not name.startswith("GET") and "linx" not in name
    ],
)


@pytest.mark.faults
@each_writing_journey
def test_a_process_that_dies_anywhere(engines: Engines, api: Client, prepare: Prepare) -> None:
    begin = prepared(api, prepare)
    wrong = die(engines, begin, range(len(requests_of(engines, begin))))
    assert not wrong, "\n".join(wrong)


def die(engines: Engines, begin: Begin, places: Iterable[int]) -> list[str]:
    """Die before and after the requests at the places; the same call again must do what is left to do. Returns what
    went wrong."""
    wrong = []
    for at in places:
        for name, crash in CRASHES.items():
            journey = begin()
            engines.start(at, crash)
            with pytest.raises(Crash):
                journey.call()
            engines.heal()
            try:
                check_again(journey)
            except AssertionError as error:
                wrong.append(f"{name} {at} {error}")
    return wrong
