"""Numbers of bank accounts, as a customer names its own: spaces dropped, in upper case."""

import re

MAX_ACCOUNTS = 100
ACCOUNT_FORM = "an IBAN with a right check number, or 8 to 34 digits"

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_DIGITS = re.compile(r"[0-9]{8,34}")


def account_number(text: str) -> str | None:
    """The number in its plain form (`NL28SALD0417000006`); None for what is no account number."""
    number = "".join(text.split()).upper()
    return number if _DIGITS.fullmatch(number) or (_IBAN.fullmatch(number) and _checks(number)) else None


def comparable(text: str) -> str:
    """An account number as it is compared, however it is written: `NL12 ABCD 0345` is `nl12abcd0345`."""
    return "".join(text.split()).casefold()


def _checks(iban: str) -> bool:
    """ISO 7064, MOD 97-10: letters count from 10 on, and the first four characters come last."""
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1
