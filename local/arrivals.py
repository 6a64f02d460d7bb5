"""S3's events on this machine: any engine is asked what has arrived, and the function of template.yaml is called for
it as S3 and Lambda would: again if it fails, and at last the event is put aside.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from local.events import arrival_event
from local.template import Template

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_EVERY_SECONDS = 0.3
_PAUSE_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Functions(Protocol):
    """What calls a function of the template with an event; any exception is a failure of the function."""

    template: Template

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any: ...


class Arrivals:
    """Watches the bucket for files that arrive. `failed` are the events that AWS would have in a queue."""

    def __init__(self, functions: Functions, s3: "S3Client", bucket: str) -> None:
        self._functions = functions
        self._s3 = s3
        self._bucket = bucket
        self._listens = functions.template.arrivals
        self._seen: set[tuple[str, str]] = set()
        self._stopped = threading.Event()
        self.failed: list[dict[str, Any]] = []

    def deliver(self) -> int:
        """Deliver an event for each file that is new; how many there were."""
        arrived = [
            (one["Key"], one["ETag"], one["Size"])
            for page in self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._listens.prefix
            )
            for one in page.get("Contents", [])
            if (one["Key"], one["ETag"]) not in self._seen
        ]
        for key, etag, size in arrived:
            self._seen.add((key, etag))
            self.send(arrival_event(self._bucket, key, size, etag.strip('"')))
        return len(arrived)

    def send(self, event: dict[str, Any]) -> None:
        """Call the function with an event, and again if it fails, as often as the template says."""
        for attempt in range(self._listens.retries + 1):
            if attempt:
                time.sleep(_PAUSE_SECONDS)
            try:
                self._functions.invoke(self._listens.function, event)
                return
            except Exception:  # whatever it is, Lambda sends the event again
                logger.exception("the function failed")
        self.failed.append(event)
        logger.error("an event was put aside: %s", json.dumps(event))

    def start(self) -> None:
        """Deliver from a thread of its own, until `stop`."""
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        while not self._stopped.wait(_EVERY_SECONDS):
            try:
                self.deliver()
            except (BotoCoreError, ClientError):
                logger.warning("the bucket cannot be listed")
