"""Why a command ends with status 1, in words for the user."""

from collections.abc import Sequence


class Failure(Exception):
    """What went wrong, a line for each part of it."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines: Sequence[str] = lines

    def __str__(self) -> str:
        return "; ".join(self.lines)


class Unreachable(Failure):
    """Nothing answered, or what answered is not Saldo."""


class Refused(Failure):
    """The API's answer is an error, in its own words."""

    def __init__(self, status: int, *lines: str) -> None:
        super().__init__(*lines)
        self.status = status
