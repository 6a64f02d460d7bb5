"""The start of a function: what is made ahead where nobody waits for it, and at first use everywhere else."""

import os
from collections.abc import Callable

# A snapshot is taken, or the instance is kept ready, before there is a request. On demand the first one waits for all
# that is made, so that nothing it may not need is made ahead.
_UNHURRIED = ("snap-start", "provisioned-concurrency")


def prepare(*makers: Callable[[], object]) -> None:
    """Make what the requests of a function will use, each by a function that remembers what it made."""
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") in _UNHURRIED:
        for make in makers:
            make()
