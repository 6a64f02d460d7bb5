"""What creating boto3 clients costs: `python -P clients.py WAY` creates them in one of several ways and prints the
milliseconds of the import and of the creation.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

_started = time.perf_counter()


def _boto3() -> Callable[[], Any]:
    import boto3

    return lambda: boto3.client("dynamodb")


def _resource() -> Callable[[], Any]:
    import boto3

    return lambda: boto3.resource("dynamodb").Table("bench")


def _botocore() -> Callable[[], Any]:
    import botocore.session

    return lambda: botocore.session.get_session().create_client("dynamodb")


def _one_session() -> Callable[[], Any]:
    import boto3

    def make() -> Any:
        session = boto3.Session()
        return session.client("dynamodb"), session.client("s3")

    return make


def _two_sessions() -> Callable[[], Any]:
    import boto3

    return lambda: (boto3.client("dynamodb"), boto3.Session().client("s3"))


WAYS = {
    "boto3.client": _boto3,
    "boto3.resource": _resource,
    "botocore.session only": _botocore,
    "DynamoDB and S3, one session": _one_session,
    "DynamoDB and S3, a session each": _two_sessions,
}


def main(way: str) -> None:
    make = WAYS[way]()
    imported = time.perf_counter()
    make()
    created = time.perf_counter()
    print(f"{(imported - _started) * 1000} {(created - imported) * 1000}")


if __name__ == "__main__":
    main(sys.argv[1])
