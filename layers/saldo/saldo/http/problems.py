"""Problems: what an error is answered with (application/problem+json, RFC 9457)."""

import msgspec

from saldo.errors import FieldError, SaldoError, Unavailable
from saldo.http.answers import Answer

PROBLEM = "application/problem+json"

# Every code with its status, and what it means to a caller.
CODES = {
    "400": (400, "`errors` names each field and says what it must be"),
    "NoData": (400, "the body is empty"),
    "InvalidFormat": (400, "the statement cannot be read, or does not add up; the detail names the place"),
    "NotSupported": (400, "a format, or a variant of one, that is not read"),
    "OutOfRange": (400, "an answer over 5 MB, or a workbook too large: choose a longer unit or a shorter span"),
    "InvalidApiKey": (403, "the key is missing, unknown or expired, or lacks the scope"),
    "404": (404, "there is no such resource"),
    "404.1": (404, "there is no such customer"),
    "404.2": (404, "there is no such external key"),
    "404.4": (404, "the customer's scheme has no such group"),
    "404.5": (404, "the group has no such type"),
    "409": (409, "the call contradicts what is stored; nothing was changed"),
    "413": (413, "the body is larger than 4 MB"),
    "415": (415, "the gateway does not take the body's type"),
    "429": (429, "too many requests: send the same call again after `Retry-After` seconds"),
    "NoQuota": (429, "the key's quota for the month is used up"),
    "500": (500, "something went wrong on our side"),
    "503": (
        503,
        "the storage is busy: send the same call again after `Retry-After` seconds; the detail may say to look first",
    ),
    "504": (504, "the answer took too long, and the call may have been carried out: the detail says what to do"),
}


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
