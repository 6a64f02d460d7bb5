"""What can go wrong, said in the caller's words.

Each class carries the status that it is answered with, and `code` the seeds' own code where they have one
(else the status as a string). A message names the field and the kind of error, never the value: answers and
logs may show it.
"""

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """Which field is wrong, and how: `field` is a name or a place such as `transactions[3].amount`."""

    field: str
    message: str


class SaldoError(Exception):
    """A failure that is answered with `status`, `code` and a detail that is safe to show."""

    status = 500
    title = "Internal error"

    def __init__(self, detail: str, *, code: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or str(self.status)
        self.errors = errors


class BadInput(SaldoError):
    """400: what was sent cannot be used; `errors` names the fields. Nothing was changed."""

    status = 400
    title = "Bad request"


class Forbidden(SaldoError):
    """403: the key may not do this."""

    status = 403
    title = "Forbidden"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, code="InvalidApiKey")


class NotFound(SaldoError):
    """404: not there, or another tenant's; the two look the same."""

    status = 404
    title = "Not found"


class Conflict(SaldoError):
    """409: what was sent contradicts what is stored."""

    status = 409
    title = "Conflict"


class TooLarge(SaldoError):
    """413: the body is larger than is taken."""

    status = 413
    title = "Content too large"


class Unavailable(SaldoError):
    """503: an engine throttles or fails; the same call may be sent again after `retry_after` seconds."""

    status = 503
    title = "Service unavailable"
    retry_after = 1


def bad(field: str, message: str, *, code: str | None = None) -> BadInput:
    """The 400 for one field."""
    return BadInput(f"{field} {message}", code=code, errors=(FieldError(field, message),))


def customer_not_found() -> NotFound:
    """dialogportal's 404.1."""
    return NotFound("There is no such customer.", code="404.1")


def external_key_not_found() -> NotFound:
    """dialogportal's 404.2."""
    return NotFound("There is no such external key.", code="404.2")


def group_not_found() -> NotFound:
    """dialogportal's 404.4."""
    return NotFound("The customer's scheme has no such group.", code="404.4")


def import_not_found() -> NotFound:
    return NotFound("There is no such import.")


def type_not_found() -> NotFound:
    """dialogportal's 404.5."""
    return NotFound("There is no such type in the group.", code="404.5")
