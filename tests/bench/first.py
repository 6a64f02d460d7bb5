"""One cold start of a function: `python -P first.py MODULE.HANDLER DEPTH < event`.

It does what the runtime does: imports the module and calls the handler. It prints when (monotonic nanoseconds) it
began, had imported and had the answer, and the CPU time until then.

The handler is called at stack depth DEPTH. Python allocates frames in chunks, and a call that crosses the end of a
chunk allocates a new one each time, which may cost 30 ms. Where that happens is chance, so each round uses another
depth.
"""

import sys
import time

began = time.monotonic_ns()

import importlib  # noqa: E402 - imports are part of what is timed
import json  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402


class Context:
    """What Lambda tells a function about its invocation."""

    function_name, function_version, memory_limit_in_mb = "bench", "$LATEST", 1024
    aws_request_id = "0" * 32
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 28_000


def call_at(depth: int, handler: Callable[..., Any], *arguments: Any) -> Any:
    return call_at(depth - 1, handler, *arguments) if depth else handler(*arguments)


def main(path: str, depth: str) -> None:
    event = json.load(sys.stdin)
    module, _, name = path.rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    imported = time.monotonic_ns()
    answer = call_at(int(depth), handler, event, Context())
    answered, cpu = time.monotonic_ns(), time.process_time_ns()
    # It is the last line, after what the function logged.
    figures = {"began": began, "imported": imported, "answered": answered, "cpu": cpu, "answer": answer}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
