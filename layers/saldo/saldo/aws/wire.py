"""DynamoDB on the wire: msgspec decodes items straight into their types, botocore does everything else.

botocore spends its time building dictionaries: 5,000 items take about 140 ms. Its event `before-parse` hands over the
body before that; credentials, signatures, retries and errors stay with botocore. boto3 comes with the Lambda runtime
and cannot be pinned there, so an answer whose body was not handed over is converted instead.
"""

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Attributes = dict[str, dict[str, Any]]

# Of writes too: botocore takes a body that is no JSON for a success.
_DECODED = ("Query", "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem")
_BODY = "body"


class S(msgspec.Struct, frozen=True, gc=False, rename={"value": "S"}):
    """A string attribute."""

    value: str


class JsonText(msgspec.Struct, frozen=True, gc=False, rename={"text": "S"}):
    """A string attribute that holds JSON."""

    text: str

    @property
    def value(self) -> msgspec.Raw:
        return msgspec.Raw(self.text.encode())


class N(msgspec.Struct, frozen=True, gc=False, rename={"value": "N"}):
    """A number attribute; it travels as text, so it stays exact."""

    value: Decimal


class Digits(msgspec.Struct, frozen=True, gc=False, rename={"value": "N"}):
    """A number attribute that is an integer, as its digits."""

    value: str


class SS(msgspec.Struct, frozen=True, rename={"values": "SS"}):
    """A set of strings."""

    values: list[str]


def string(text: str) -> dict[str, str]:
    return {"S": text}


def strings(texts: list[str]) -> dict[str, list[str]]:
    return {"SS": texts}


def number(value: Decimal | int) -> dict[str, str]:
    """Written out in full: engines stumble over 1E+3."""
    return {"N": format(value, "f") if isinstance(value, Decimal) else str(value)}


def hand_over_bodies(client: "DynamoDBClient") -> None:
    """Make botocore leave the bodies of answers to `decode`."""
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
    """An answer as a type of the same shape."""
    return _decoder(to).decode(answer[_BODY]) if _BODY in answer else msgspec.convert(answer, to)
