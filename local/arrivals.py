"""Plays S3's event notifications, on any engine: polls the bucket for new files and calls the function that
template.yaml subscribes to it. As on AWS, a failed call is retried, and an event that keeps failing is set aside.
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
    """Calls a function of the template with an event; an exception means that the function failed."""

    template: Template

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any: ...


class Arrivals:
    """Watches the bucket for new files. `failed` holds the events that AWS would put into the failure queue."""

    def __init__(self, functions: Functions, s3: "S3Client", bucket: str) -> None:
        self._functions = functions
        self._s3 = s3
        self._bucket = bucket
        self._notification = functions.template.arrivals
        self._seen: set[tuple[str, str]] = set()
        self._stopped = threading.Event()
        self.failed: list[dict[str, Any]] = []

    def deliver(self) -> int:
        """Deliver an event for each new file; returns the number of new files."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._notification.prefix
        )
        arrived = [
            (item["Key"], item["ETag"], item["Size"])
            for page in pages
            for item in page.get("Contents", [])
            if (item["Key"], item["ETag"]) not in self._seen
        ]
        for key, etag, size in arrived:
            self._seen.add((key, etag))
            self.send(arrival_event(self._bucket, key, size, etag.strip('"')))
        return len(arrived)

    def send(self, event: dict[str, Any]) -> None:
        """Call the function with an event, and retry a failure as often as the template says."""
        for attempt in range(self._notification.retries + 1):
            if attempt:
                time.sleep(_PAUSE_SECONDS)
            try:
                self._functions.invoke(self._notification.function, event)
                return
            except Exception:  # Lambda retries whatever the function raised
                logger.exception("the function failed")
        self.failed.append(event)
        logger.error("the event keeps failing and is set aside: %s", json.dumps(event))

    def start(self) -> None:
        """Deliver in the background until `stop`."""
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        while not self._stopped.wait(_EVERY_SECONDS):
            try:
                self.deliver()
            except (BotoCoreError, ClientError):
                logger.warning("cannot list the bucket")
