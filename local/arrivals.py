"""Plays S3's event notifications, on any engine: polls the bucket for new files and calls the function that
template.yaml subscribes to it. As on AWS, a failed call is retried; an event that keeps failing is kept for the
operator, and another function gets it until it has marked the import or the job as failed.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from local.events import arrival_event, queue_event
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
    """Watches the bucket for new files. `failed` holds the events that AWS would keep for the operator, who may
    `send` them again."""

    def __init__(self, functions: Functions, s3: "S3Client", bucket: str) -> None:
        self._functions = functions
        self._s3 = s3
        self._bucket = bucket
        self._notification = functions.template.arrivals
        self._seen: set[tuple[str, str, datetime]] = set()
        self._dead_letters: list[dict[str, Any]] = []
        self._stopped = threading.Event()
        self.failed: list[dict[str, Any]] = []

    def deliver(self) -> int:
        """Deliver an event for each new file; returns the number of new files."""
        self._receive_dead_letters()
        present = self._present()
        arrived = [file for file in present if file not in self._seen]
        self._seen = set(present)
        for file in arrived:
            key, etag, _ = file
            self.send(arrival_event(self._bucket, key, present[file], etag.strip('"')))
        if arrived:
            # What was taken away is new when it comes again, in the same second too.
            self._seen &= set(self._present())
        return len(arrived)

    def _present(self) -> dict[tuple[str, str, datetime], int]:
        """The size of each file; the same one under the same key is another if it was written again."""
        list_objects = self._s3.get_paginator("list_objects_v2").paginate
        return {
            (item["Key"], item["ETag"], item["LastModified"]): item["Size"]
            for prefix in self._notification.prefixes
            for page in list_objects(Bucket=self._bucket, Prefix=prefix)
            for item in page.get("Contents", [])
        }

    def send(self, event: dict[str, Any]) -> None:
        """Call the function with an event, and retry a failure as often as the template says."""
        for attempt in range(self._notification.retries + 1):
            if attempt:
                time.sleep(_PAUSE_SECONDS)
            if self._call(self._notification.function, event):
                return
        self.failed.append(event)
        logger.error("the event keeps failing and is set aside: %s", json.dumps(event))
        self._dead_letters.append(event)
        self._receive_dead_letters()

    def _receive_dead_letters(self) -> None:
        """Call the function that marks imports and jobs as failed; what it cannot mark now comes again."""
        abandoned = self._notification.abandoned
        self._dead_letters = [
            event for event in self._dead_letters if not self._call(abandoned, queue_event(event, "dead-letters"))
        ]

    def _call(self, function: str, event: Mapping[str, Any]) -> bool:
        """Call a function; False if it failed."""
        try:
            self._functions.invoke(function, event)
        except Exception:  # Lambda retries whatever the function raised
            logger.exception("the function failed")
            return False
        return True

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
