"""One fresh process of a function: `python -P first.py MODULE.HANDLER DEPTH < event`. It does what the runtime does,
imports the module and calls the handler, and says when (monotonic nanoseconds) it began, had imported, and had the
answer, and what CPU it had used by then.

The handler is called from so deep in the stack. Python keeps its frames in chunks, and makes one anew for each call
that crosses the border of two: where that falls is chance, and may cost 30 ms. Each round has another depth.
"""

import sys
import time

began = time.monotonic_ns()

import importlib  # noqa: E402 - what is imported is a part of what is timed
import json  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402


class Context:
    """What Lambda tells of an invocation."""

    function_name, function_version, memory_limit_in_mb = "bench", "$LATEST", 1024
    aws_request_id = "0" * 32
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 28_000


def called(depth: int, handler: Callable[..., Any], *arguments: Any) -> Any:
    return called(depth - 1, handler, *arguments) if depth else handler(*arguments)


def main(where: str, depth: str) -> None:
    event = json.load(sys.stdin)
    module, _, handler = where.rpartition(".")
    found = getattr(importlib.import_module(module), handler)
    imported = time.monotonic_ns()
    answer = called(int(depth), found, event, Context())
    answered, cpu = time.monotonic_ns(), time.process_time_ns()
    # After what the function logged.
    said = {"began": began, "imported": imported, "answered": answered, "cpu": cpu, "answer": answer}
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
