"""The events that API Gateway's REST proxy, S3 and SQS send to a function, field by field as AWS makes them."""

import hashlib
import json
import uuid
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote_plus

from local.template import Route

ACCOUNT, API_ID, REGION, STAGE = "123456789012", "local12345", "eu-west-1", "live"


class HttpRequest(NamedTuple):
    """A request as received: path and query are still percent-encoded, headers may repeat."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes


def proxy_event(
    request: HttpRequest,
    route: Route,
    parameters: Mapping[str, str],
    request_id: str,
    *,
    binary: Sequence[str] = (),
    authorizer: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The event for a route. A body of a binary media type is base64, any other is text.

    Parity with AWS: empty parts are null, and the plain maps hold the last value of a name that repeats.
    """
    headers = _grouped(request.headers)
    query = _grouped(parse_qsl(request.query, keep_blank_values=True))
    types = [value for name, value in request.headers if name.lower() == "content-type"]
    in_base64 = bool(types) and types[-1].partition(";")[0].strip().lower() in binary
    now = datetime.now(UTC)
    event: dict[str, Any] = {
        "resource": route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": _last(headers),
        "multiValueHeaders": headers or None,
        "queryStringParameters": _last(query),
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": f"{API_ID}.execute-api.{REGION}.amazonaws.com",
            "domainPrefix": API_ID,
            "extendedRequestId": request_id,
            "httpMethod": request.method,
            "identity": {"sourceIp": "127.0.0.1", "userAgent": (_last(headers) or {}).get("User-Agent")},
            "path": f"/{STAGE}{request.path}",
            "protocol": "HTTP/1.1",
            "requestId": request_id,
            "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": int(now.timestamp() * 1000),
            "resourceId": "local1",
            "resourcePath": route.path,
            "stage": STAGE,
        },
        "body": _body(request.body, in_base64),
        "isBase64Encoded": in_base64 and bool(request.body),
    }
    if authorizer is not None:
        event["requestContext"]["authorizer"] = dict(authorizer)
    return event


def authorizer_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a REQUEST authorizer for the same request; it has no body."""
    arn = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/{STAGE}/{event['httpMethod']}{event['path']}"
    without_body = {name: value for name, value in event.items() if name not in ("body", "isBase64Encoded")}
    return {"type": "REQUEST", "methodArn": arn, **without_body}


def arrival_event(bucket: str, key: str, size: int, etag: str) -> dict[str, Any]:
    """S3's event for a new object. Parity with AWS: the key is form-encoded."""
    now = datetime.now(UTC)
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": REGION,
                "eventTime": f"{now:%Y-%m-%dT%H:%M:%S}.000Z",
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "arrived",
                    "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                    "object": {"key": quote_plus(key, safe="/"), "size": size, "eTag": etag, "sequencer": "0"},
                },
            }
        ]
    }


def queue_event(message: Mapping[str, Any], queue: str) -> dict[str, Any]:
    """SQS's event for a message of a queue, in a batch of one."""
    body = json.dumps(message)
    now = str(int(datetime.now(UTC).timestamp() * 1000))
    return {
        "Records": [
            {
                "messageId": str(uuid.uuid4()),
                "receiptHandle": uuid.uuid4().hex,
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": now,
                    "SenderId": ACCOUNT,
                    "ApproximateFirstReceiveTimestamp": now,
                },
                "messageAttributes": {},
                "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
        ]
    }


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _last(grouped: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    return {name: values[-1] for name, values in grouped.items()} or None


def _body(content: bytes, in_base64: bool) -> str | None:
    if not content:
        return None
    return b64encode(content).decode() if in_base64 else content.decode(errors="replace")
