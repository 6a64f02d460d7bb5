"""Coverage-guided fuzzing of the readers of statements: `make fuzz` (SECONDS=60), where atheris installs.

Whatever the bytes are, the result is a statement, or BadInput with one of LinX's codes. atheris writes an input that
breaks this to the current folder, and ends with an error.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["saldo"]):
    from saldo.errors import BadInput
    from saldo.statements import (  # noqa: F401 - imported to be instrumented
        camt,
        csv,
        json,
        mt940,
        ofx,
        paypal,
        revolut,
        unknown_header,
        venmo,
        walk,
        wise,
        zip,
    )

from tests.api.test_sent import CAMT, CSV, MT940, OFX, zipped

_CODES = ("NoData", "InvalidFormat", "NotSupported")
_SEEDS = (
    CSV.encode(),
    CSV.replace(";", "\t").encode("utf-16"),
    b"Date,Description,Debit,Credit,Balance\n01/31/2024,x,1.00,,5.00\n",
    b'"Date","Amount","D/C"\n"2024-01-31","1,533.50","C"\n',
    b"Date,Name,Type,Status,Currency,Gross,Fee,Net\n2024-01-31,x,y,Completed,EUR,2.00,-1.00,1.00\n",
    b'"01/31/2024","-1.00","*","","x"\n',
    b"!Type:Bank\n",
    b'{"transactions":[{"transactionDate":"2024-01-31","amount":"-1.00"}]}',
    b'{"account":{"iban":"X"},"transactions":{"booked":[{"transactionAmount":{"amount":"1","currency":"EUR"},'
    b'"bookingDate":"2024-01-31"}]}}',
    MT940.encode(),
    CAMT.encode(),
    OFX.encode(),
    zipped(CSV, MT940),
)


def test_one_input(content: bytes) -> None:
    try:
        for row in walk(content).rows:
            assert row.amount.is_finite()
    except BadInput as error:
        assert error.code in _CODES, error.code


def main() -> None:
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(_SEEDS):
            (Path(corpus) / str(number)).write_bytes(seed)
        # A slow input is a finding too: a few kilobytes must be read at once.
        limits = ["-max_len=4096", "-timeout=5", "-rss_limit_mb=1024", "-verbosity=0"]
        atheris.Setup([sys.argv[0], corpus, *limits, *sys.argv[1:]], test_one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
