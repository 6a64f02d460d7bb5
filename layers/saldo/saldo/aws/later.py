"""A step of a job that is marked later: a message that SQS keeps back, and that functions/later turns into the mark.
Its body is S3's event for the mark, so that whoever reads what was given up knows the job.
"""

from functools import cache
from typing import TYPE_CHECKING, cast

from saldo.aws import settings
from saldo.aws.attempts import Attempts
from saldo.aws.clients import SQS, config, session
from saldo.aws.files import Files, step_event
from saldo.json import encode

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# SQS keeps no message back for longer.
MAX_SECONDS = 900


def mark_later(files: Files, job_id: str, seconds: int) -> None:
    """Have a step of the job marked after so many seconds, 900 at most."""
    body = encode(step_event(files.bucket, job_id)).decode()
    request = {"QueueUrl": settings.waiting_steps_url(), "MessageBody": body}
    Attempts(SQS.longest)(_client().send_message, **request, DelaySeconds=min(seconds, MAX_SECONDS))


@cache
def _client() -> "SQSClient":
    return cast("SQSClient", session().create_client("sqs", config=config(SQS)))
