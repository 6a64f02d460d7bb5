"""Problems: what an error is answered with (application/problem+json, RFC 9457)."""

import msgspec

from saldo.errors import FieldError, SaldoError, Unavailable
from saldo.http.answers import Answer

PROBLEM = "application/problem+json"


class Problem(msgspec.Struct, omit_defaults=True):
    """`code` is the seeds' own code where they have one, else the status; `errors` names the fields of bad input."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    requestId: str
    errors: tuple[FieldError, ...] = ()


class Refusal(Answer[Problem]):
    """The answer of an error."""

    def __init__(self, error: SaldoError, request_id: str) -> None:
        problem = Problem(
            "about:blank", error.title, error.status, error.detail, error.code, request_id, error.errors
        )
        headers = {"Content-Type": PROBLEM}
        if isinstance(error, Unavailable):
            headers["Retry-After"] = str(error.retry_after)
        super().__init__(problem, headers)
        self.status = error.status  # type: ignore[misc]
