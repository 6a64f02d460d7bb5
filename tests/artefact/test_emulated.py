"""The build under AWS's runtime interface emulator: the handlers are called by AWS's own runtime client."""

from collections.abc import Callable
from pathlib import Path

import pytest

from local.emulator import FunctionError, emulated
from tests.events import check, each_event, event, function_of

pytestmark = pytest.mark.emulator


@each_event
def test_each_event_is_answered(built: Path, environment: Callable[[str], dict[str, str]], path: Path) -> None:
    function = function_of(path)
    with emulated(function, environment(function)) as invoke:
        check(function, invoke(event(path.stem)))


def test_an_instance_answers_more_than_once(built: Path, environment: Callable[[str], dict[str, str]]) -> None:
    with emulated("CustomersFunction", environment("CustomersFunction")) as invoke:
        first, second = (invoke(event("customers-get")) for _ in range(2))
    assert first["body"] == second["body"]


def test_an_exception_of_a_handler_is_an_error(built: Path, environment: Callable[[str], dict[str, str]]) -> None:
    with (
        emulated("ArrivalsFunction", environment("ArrivalsFunction")) as invoke,
        pytest.raises(FunctionError, match='"errorType": "KeyError"'),
    ):
        invoke({"Records": [{}]})
