"""What can go wrong, as the caller should hear it. One tree; each class carries its HTTP status.

    SaldoError       500  unexpected
    ├── BadInput     400  the request cannot be used
    ├── Forbidden    403  the key may not do this
    ├── NotFound     404  missing, or another tenant's
    ├── Conflict     409  contradicts what is stored
    ├── TooLarge     413  the body is too large
    └── Unavailable  503  an engine throttles or fails
        └── Unsettled     it may have been done nevertheless

`code` is the code of dialogportal or LinX where they have one, else the status as a string. A message is made from
the field and the kind of error, never from the value, so answers and logs may show it.
"""

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One bad field: a name or a place such as `transactions[3].amount`, and what is wanted there."""

    field: str
    message: str


class SaldoError(Exception):
    """The base of all errors that have an answer. `detail` is safe to show."""

    status = 500
    title = "Internal error"

    def __init__(self, detail: str, *, code: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or str(self.status)
        self.errors = errors


class BadInput(SaldoError):
    """400: the request cannot be used, and nothing was changed. `errors` names the bad fields."""

    status = 400
    title = "Bad request"


class Forbidden(SaldoError):
    """403: the key is missing or unknown, or may not do this. Its code is always LinX's InvalidApiKey."""

    status = 403
    title = "Forbidden"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, code="InvalidApiKey")


class NotFound(SaldoError):
    """404: it does not exist, or belongs to another tenant; the answer is the same."""

    status = 404
    title = "Not found"


class Conflict(SaldoError):
    """409: the request contradicts what is stored."""

    status = 409
    title = "Conflict"


class TooLarge(SaldoError):
    """413: the body is larger than the limit."""

    status = 413
    title = "Content too large"


class Unavailable(SaldoError):
    """503: an engine throttles or fails. The same call may be retried after `retry_after` seconds."""

    status = 503
    title = "Service unavailable"
    retry_after = 1


class Unsettled(Unavailable):
    """503: an engine failed, and nobody can tell whether the call was carried out. Sent again it may be carried out
    twice."""


def bad(field: str, message: str, *, code: str | None = None) -> BadInput:
    """BadInput for one field; the detail reads "{field} {message}"."""
    return BadInput(f"{field} {message}", code=code, errors=(FieldError(field, message),))


def out_of_range(detail: str) -> BadInput:
    """BadInput with LinX's code OutOfRange: what is asked for would be too large. The detail says what there is too
    much of."""
    return BadInput(detail, code="OutOfRange")


def customer_not_found() -> NotFound:
    """NotFound with dialogportal's code 404.1."""
    return NotFound("There is no such customer.", code="404.1")


def external_key_not_found() -> NotFound:
    """NotFound with dialogportal's code 404.2."""
    return NotFound("There is no such external key.", code="404.2")


def group_not_found() -> NotFound:
    """NotFound with dialogportal's code 404.4."""
    return NotFound("The customer's scheme has no such group.", code="404.4")


def import_not_found() -> NotFound:
    """NotFound with code 404: dialogportal has no imports."""
    return NotFound("There is no such import.")


def download_not_found() -> NotFound:
    """NotFound with code 404: of another customer, or one whose file is gone too."""
    return NotFound("There is no such download.")


def job_not_found() -> NotFound:
    """NotFound with code 404: dialogportal has no jobs."""
    return NotFound("There is no such job.")


def transaction_not_found(place: str = "") -> NotFound:
    """NotFound with code 404; the detail names the place in the body, if there is one."""
    return NotFound(f"There is no such transaction: {place}." if place else "There is no such transaction.")


def type_not_found() -> NotFound:
    """NotFound with dialogportal's code 404.5."""
    return NotFound("There is no such type in the group.", code="404.5")
