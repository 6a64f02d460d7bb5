"""DynamoDB on the wire: items are decoded by msgspec straight into their types, everything else is botocore's.

botocore spends its time on building dictionaries: 5,000 items take about 140 ms. Its event `before-parse` hands
over the body before that; credentials, signatures, retries and errors stay where they are. boto3 comes with the
Lambda runtime and cannot be pinned there, so an answer whose body was not handed over is converted instead.
"""

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Attributes = dict[str, dict[str, Any]]

_DECODED = ("Query", "GetItem", "BatchGetItem")
_BODY = "body"


class S(msgspec.Struct, frozen=True, gc=False):
    """A string attribute."""

    S: str


class N(msgspec.Struct, frozen=True, gc=False):
    """A number attribute; it travels as text, so it stays exact."""

    N: Decimal


class Digits(msgspec.Struct, frozen=True, gc=False):
    """A number attribute that is an integer, as its digits."""

    N: str


class SS(msgspec.Struct, frozen=True):
    """A set of strings."""

    SS: list[str]


def string(text: str) -> dict[str, str]:
    return {"S": text}


def number(value: Decimal | int) -> dict[str, str]:
    """Written out in full: engines stumble over 1E+3."""
    return {"N": format(value, "f") if isinstance(value, Decimal) else str(value)}


def hand_over_bodies(client: "DynamoDBClient") -> None:
    """Let botocore leave the bodies of reads to us."""
    for operation in _DECODED:
        client.meta.events.register(f"before-parse.dynamodb.{operation}", _take_body)


def _take_body(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    if response_dict["status_code"] == 200:
        customized_response_dict[_BODY] = response_dict["body"]
        response_dict["body"] = b"{}"


@cache
def _decoder(to: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(to)


def decode(answer: Any, to: Any) -> Any:
    """What a read was answered, as a type that has the answer's shape."""
    return _decoder(to).decode(answer[_BODY]) if _BODY in answer else msgspec.convert(answer, to)
