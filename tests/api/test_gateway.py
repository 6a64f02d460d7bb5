"""The local gateway sends the events that API Gateway sends, and answers as it does when a function fails."""

from base64 import b64encode
from typing import Any

import pytest

from local.gateway import Gateway, HttpResponse
from local.template import load

ROUTE = "/api/v1/customer/a-1/transactions"


class Recorder(Gateway):
    """A gateway that records its events and returns the given answers instead of invoking functions."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []
        self._answers = list(answers)

    def invoke(self, function: str, event: Any) -> Any:
        self.events.append(event)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def policy(effect: str = "Allow") -> dict[str, Any]:
    return {
        "principalId": "demo",
        "policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": effect}]},
        "context": {"tenant": "demo", "scopes": "a b"},
    }


OK = {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "fine", "isBase64Encoded": False}


def test_an_event_has_what_api_gateway_sends() -> None:
    gateway = Recorder(policy(), OK)
    headers = [("Accept", "*/*"), ("X-Twice", "1"), ("X-Twice", "2")]
    answer = gateway.handle("GET", "/api/v1/customer/a%2D1/transactions", "type=1&a=%C3%A9&a=&b", headers, b"")
    assert answer == HttpResponse(200, [("Content-Type", "text/plain")], b"fine")
    authorizer, event = gateway.events
    assert authorizer["type"] == "REQUEST"
    assert authorizer["methodArn"].endswith("/live/GET/api/v1/customer/a%2D1/transactions")
    assert "body" not in authorizer
    assert event["resource"] == "/api/v1/customer/{customerId}/transactions"
    assert event["pathParameters"] == {"customerId": "a-1"}
    assert event["headers"] == {"Accept": "*/*", "X-Twice": "2"}
    assert event["multiValueHeaders"]["X-Twice"] == ["1", "2"]
    assert event["queryStringParameters"] == {"type": "1", "a": "", "b": ""}
    assert event["multiValueQueryStringParameters"] == {"type": ["1"], "a": ["é", ""], "b": [""]}
    assert event["requestContext"]["authorizer"] == {"principalId": "demo", "tenant": "demo", "scopes": "a b"}
    assert event["requestContext"]["resourcePath"] == event["resource"]
    assert (event["body"], event["isBase64Encoded"], event["stageVariables"]) == (None, False, None)


def test_whatever_is_empty_in_an_event_is_null() -> None:
    gateway = Recorder(OK)
    gateway.handle("GET", "/health", "", [], b"")
    (event,) = gateway.events
    for name in ("headers", "multiValueHeaders", "queryStringParameters", "pathParameters", "body"):
        assert event[name] is None
    assert "authorizer" not in event["requestContext"]


@pytest.mark.parametrize("type_", load().api["BinaryMediaTypes"])
def test_a_body_of_a_binary_type_arrives_in_base64(type_: str) -> None:
    gateway = Recorder(policy(), OK)
    gateway.handle("POST", "/api/linx/pivot", "", [("content-type", f"{type_}; charset=x")], b"\xff\x00")
    assert gateway.events[1]["body"] == b64encode(b"\xff\x00").decode()
    assert gateway.events[1]["isBase64Encoded"] is True


@pytest.mark.parametrize("headers", [[], [("Content-Type", "application/json")]])
def test_a_body_of_another_type_arrives_as_text(headers: list[tuple[str, str]]) -> None:
    gateway = Recorder(policy(), OK)
    gateway.handle("POST", "/api/linx/pivot", "", headers, "é".encode() + b"\xff")
    assert gateway.events[1]["body"] == "é\ufffd"
    assert gateway.events[1]["isBase64Encoded"] is False


def test_an_answer_in_base64_is_decoded() -> None:
    gateway = Recorder({"statusCode": 200, "body": b64encode(b"\xff").decode(), "isBase64Encoded": True})
    assert gateway.handle("GET", "/health", "", [], b"") == HttpResponse(200, [], b"\xff")


@pytest.mark.parametrize("answer", [RuntimeError("x"), None, {}, {"body": "x"}, {"statusCode": "many"}])
def test_a_function_that_fails_is_a_server_error(answer: Any) -> None:
    gateway = Recorder(answer)
    reply = gateway.handle("GET", "/health", "", [], b"")
    assert reply.status == 500
    assert b'"code":"500"' in reply.body


def test_a_failing_authorizer_is_a_503_and_a_deny_a_403() -> None:
    assert Recorder(RuntimeError("x")).handle("GET", ROUTE, "", [], b"").status == 503
    assert Recorder({}).handle("GET", ROUTE, "", [], b"").status == 503
    assert Recorder(policy("Deny")).handle("GET", ROUTE, "", [], b"").status == 403


@pytest.mark.parametrize("path", ["/pivot", "/aggregate/download"])
def test_a_literal_path_beats_a_path_parameter(path: str) -> None:
    gateway = Recorder(policy(), OK)
    gateway.handle("GET", f"{ROUTE}{path}", "", [], b"")
    assert gateway.events[1]["resource"].endswith(path)
    assert gateway.events[1]["pathParameters"] == {"customerId": "a-1"}


@pytest.mark.parametrize("path", ["2024-01-05T10:00:00.000Z/7", "2024-01-05T10%3A00%3A00.000Z/7"])
def test_a_colon_in_a_path_may_be_encoded(path: str) -> None:
    gateway = Recorder(policy(), OK)
    gateway.handle("GET", f"{ROUTE}/{path}", "", [], b"")
    assert gateway.events[1]["resource"].endswith("/{transactionDate}/{transactionID}")
    assert gateway.events[1]["pathParameters"] == {
        "customerId": "a-1",
        "transactionDate": "2024-01-05T10:00:00.000Z",
        "transactionID": "7",
    }
