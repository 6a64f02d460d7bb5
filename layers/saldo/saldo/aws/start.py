"""What a function creates eagerly where no request waits for it; everywhere else it is created at first use."""

import os
from collections.abc import Callable

# Here the instance starts before there is a request. On demand the first request would wait for everything that is
# created, needed or not.
_NOBODY_WAITS = ("snap-start", "provisioned-concurrency")


def prepare(*creators: Callable[[], object]) -> None:
    """Create what requests will use, each by a cached function."""
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") in _NOBODY_WAITS:
        for create in creators:
            create()
