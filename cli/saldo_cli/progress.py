"""A bar for each file on a terminal, on stderr; nothing in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from saldo_cli.text import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """How far a file has come. This one shows nothing."""

    def at(self, state: str, done: int | None = None, of: int | None = None) -> None:
        """Show a word and, where they are known, how much is done of how much."""

    def end(self, state: str) -> None:
        """Show how it ended."""


class _Drawn(Bar):
    def __init__(self, progress: "Progress", task: "TaskID") -> None:
        self._progress, self._task = progress, task

    def at(self, state: str, done: int | None = None, of: int | None = None) -> None:
        self._progress.update(self._task, state=state, completed=done or 0, total=of)

    def end(self, state: str) -> None:
        self._progress.update(self._task, state=state, completed=1, total=1)


class Bars:
    """Makes the bars of a command."""

    def __init__(self, progress: "Progress | None") -> None:
        self._progress = progress

    def new(self, name: str) -> Bar:
        if self._progress is None:
            return Bar()
        return _Drawn(self._progress, self._progress.add_task(visible(name), total=None, state=""))


@contextmanager
def bars() -> Iterator[Bars]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield Bars(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(24),
        TextColumn("{task.fields[state]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False, redirect_stderr=True) as progress:
        yield Bars(progress)
