"""Figures of what is done, as lines of the log that CloudWatch takes up (embedded metric format). Their dimensions
stay few: never a tenant, a customer or a path.

What is counted during an invocation belongs to its thread, for one process of `make run` has several at a time.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

Name = Literal[
    "RowsListed",
    "RowsImported",
    "RowsByRule",
    "Duplicates",
    "ImportsCompleted",
    "ImportsFailed",
    "JobsCompleted",
    "JobsFailed",
    "EngineRetries",
]

_NAMESPACE = "saldo"
_counts: ContextVar[Counter[Name] | None] = ContextVar("counts", default=None)


@contextmanager
def counted() -> Iterator[None]:
    """What is counted inside is one line, whose only dimension is the service."""
    counts: Counter[Name] = Counter()
    token = _counts.set(counts)
    try:
        yield
    finally:
        _counts.reset(token)
        if counts:
            metrics = _metrics()
            for name, number in counts.items():
                metrics.add_metric(name, MetricUnit.Count, number)
            metrics.flush_metrics()


def count(name: Name, number: int = 1) -> None:
    """Add to a count of this invocation; outside of any, nothing is counted."""
    counts = _counts.get()
    if counts is not None and number:
        counts[name] += number


def answered(route: str, status: int, milliseconds: float) -> None:
    """A call of a route was answered: counted and timed in all, by status, and by route and status."""
    metrics = _metrics()
    metrics.add_metric("Calls", MetricUnit.Count, 1)
    metrics.add_metric("Duration", MetricUnit.Milliseconds, milliseconds)
    service = metrics.service or ""
    metrics.add_dimension("service", service)
    metrics.add_dimensions(service=service, status=str(status))
    metrics.add_dimensions(service=service, route=route, status=str(status))
    metrics.flush_metrics()


def _metrics() -> EphemeralMetrics:
    return EphemeralMetrics(namespace=_NAMESPACE, service=os.environ.get("POWERTOOLS_SERVICE_NAME", _NAMESPACE))
