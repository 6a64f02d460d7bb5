"""Bytes are bytes: what came as text and lost some is refused, and the one file of a form is that file."""

import hashlib
from base64 import b64encode
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from local.events import HttpRequest, proxy_event
from local.template import load
from saldo.errors import BadInput
from saldo.http.form import file_of
from saldo.http.request import Request
from tests.api.client import CUSTOMER, Client, Reply
from tests.api.test_sent import CSV, amounts_of, send

CRECHE = "transactionDate,amount,description\n2024-01-05,-10.00,Crèche\n".encode("cp1252")
BULK = f"/api/v1/customer/{CUSTOMER}/transactions"
JSON = "application/json"

# --- Bytes that are sent as text -----------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", [{}, {"Content-Type": JSON}, {"Content-Type": "application/pdf"}])
def test_a_statement_that_lost_bytes_is_refused_with_the_type_to_send(api: Client, type_: dict[str, str]) -> None:
    reply = send(api, CRECHE, **type_)
    assert reply.fields == ["Content-Type"]
    assert "application/octet-stream" in reply.json["detail"]
    assert send(api, CRECHE, **{"Content-Type": "application/octet-stream"}).status == 200


def test_a_statement_in_utf_8_needs_no_type(api: Client) -> None:
    assert send(api, CRECHE.decode("cp1252")).status == 200


def text_with(letter: bytes) -> bytes:
    return b'{"transactions":[{"transactionDate":"2024-01-05","amount":1,"description":"' + letter + b'"}]}'


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", BULK, text_with(b"\xe8")),
        ("POST", f"/user/dp-key/{CUSTOMER}/transactions/7592", b'{"text":"\xe8"}'),
        ("PUT", f"/api/v1/customer/{CUSTOMER}", b'{"currency":"EUR","scheme":"\xe8"}'),
        ("POST", f"/api/v1/customer/{CUSTOMER}/imports", b'{"filename":"\xe8"}'),
        ("POST", f"/api/v1/customer/{CUSTOMER}/downloads", b'{"type":"\xe8"}'),
    ],
)
def test_json_that_is_not_utf_8_is_bad_input_whatever_its_type(
    api: Client, method: str, path: str, body: bytes
) -> None:
    assert api(method, path, body=body, headers={"Content-Type": JSON}).fields == ["Content-Type"]
    assert api(method, path, body=body, headers={"Content-Type": "application/octet-stream"}).fields == ["body"]
    assert api.get(BULK).json["transactions"] == []


@pytest.mark.parametrize(
    "row",
    [
        b'"amount":1,"\xe8":1',
        b'"amount":"\xe8"',
        b'"amount":1,"extra":{"\xe8":1}',
        b'"amount":1,"extra":{"a":"\xe8"}',
        b'"amount":1,"balance":"\xe8"',
        b'"amount":1,"reference":"\xed\xa0\x80"',
    ],
)
def test_no_field_takes_bytes_that_are_not_utf_8(api: Client, row: bytes) -> None:
    body = b'{"transactions":[{"transactionDate":"2024-01-05",' + row + b"}]}"
    assert api.post(BULK, body=body, headers={"Content-Type": "application/octet-stream"}).fields != []


def test_the_replacement_character_can_be_sent_escaped_or_as_bytes(api: Client) -> None:
    def sent(letter: bytes, type_: str) -> Reply:
        return api.post(BULK, body=text_with(letter), headers={"Content-Type": type_})

    assert sent("\ufffd".encode(), JSON).status == 400
    assert sent(rb"\ufffd", JSON).status == 200
    assert sent("\ufffd\ufffd".encode(), "application/octet-stream").status == 200
    assert [row["text"] for row in api.get(BULK).json["transactions"]] in (
        ["\ufffd", "\ufffd\ufffd"],
        ["\ufffd\ufffd", "\ufffd"],
    )


# --- Forms ---------------------------------------------------------------------------------------------------------


def form(**parts: Any) -> tuple[bytes, str]:
    """The body and type of a form, as a client makes them: a tuple is a file, a text a field."""
    request = requests.Request("POST", "http://localhost", files=parts).prepare()
    assert isinstance(request.body, bytes)
    return request.body, request.headers["Content-Type"]


def sent_as(api: Client, body: bytes, type_: str, **headers: str) -> Reply:
    return send(api, body, **{"Content-Type": type_, **headers})


@pytest.mark.parametrize("content", [CSV.encode(), CSV.encode("utf-16"), CSV.replace("\n", "\r\n--x\r\n--").encode()])
def test_the_file_of_a_form_is_the_statement(api: Client, content: bytes) -> None:
    body, type_ = form(statement=("a.csv", content, "text/csv"))
    as_it_is = send(api, content, **{"Content-Type": "application/octet-stream"})
    in_a_form = sent_as(api, body, type_)
    assert (in_a_form.status, in_a_form.body) == (as_it_is.status, as_it_is.body)
    if as_it_is.status == 200:
        assert amounts_of(in_a_form) == {1002: "-12.3", 26: "-500"}


def test_the_hash_of_a_form_is_that_of_its_file(api: Client) -> None:
    body, type_ = form(file=("a.csv", CSV.encode()))
    assert sent_as(api, body, type_, InputHash=hashlib.sha256(CSV.encode()).hexdigest()).status == 200
    assert sent_as(api, body, type_, InputHash=hashlib.sha256(body).hexdigest()).fields == ["InputHash"]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"a": ("a.csv", CSV), "b": ("b.csv", CSV)}, "body"),
        ({"a": ("a.csv", CSV), "b": (None, "1"), "c": (None, "1")}, "b"),
        ({"unit": (None, "3"), "a": ("a.csv", CSV)}, "unit"),
        ({"a": (None, CSV)}, "a"),
        ({"a" * 300: (None, CSV)}, "a" * 64),
    ],
)
def test_a_form_of_anything_but_one_file_is_bad_input(api: Client, parts: dict[str, Any], field: str) -> None:
    assert sent_as(api, *form(**parts)).fields == [field]


def test_an_empty_file_in_a_form_is_no_data(api: Client) -> None:
    assert sent_as(api, *form(a=("a.csv", b""))).code == "NoData"


HEAD = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.csv"\r\n'


@pytest.mark.parametrize(
    ("body", "type_", "field"),
    [
        (HEAD + b"\r\n1\r\n--x--", "multipart/form-data", "Content-Type"),
        (HEAD + b"\r\n1\r\n--x--", 'multipart/form-data; boundary=""', "Content-Type"),
        (HEAD + b"\r\n1\r\n--x--", f"multipart/form-data; boundary={'x' * 71}", "Content-Type"),
        (HEAD + b"\r\n1\r\n--x--", "multipart/form-data; boundary=y", "body"),
        (HEAD + b"\r\n1", "Multipart/Form-Data; Boundary=x", "body"),
        (HEAD, "multipart/form-data; boundary=x", "body"),
        (b"", "multipart/form-data; boundary=x", "body"),
        (b"--x--", "multipart/form-data; boundary=x", "body"),
        (HEAD.replace(b"form-data", b"attachment") + b"\r\n1\r\n--x--", "multipart/form-data; boundary=x", "body"),
        (HEAD + b"a: b\r\n" * 20 + b"\r\n1\r\n--x--", "multipart/form-data; boundary=x", "body"),
        (HEAD + b"a: " + b"b" * 9999 + b"\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x", "body"),
        (
            HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(CSV.encode()) + b"\r\n--x--",
            "multipart/form-data; boundary=x",
            "Content-Transfer-Encoding",
        ),
        ((HEAD + b"\r\n\r\n") * 40_000 + b"--x--", "multipart/form-data; boundary=x", "body"),
    ],
)
def test_a_broken_form_is_bad_input(api: Client, body: bytes, type_: str, field: str) -> None:
    assert sent_as(api, body, type_).fields == [field]


def test_a_second_type_of_a_form_is_bad_input() -> None:
    headers = [
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Type", "multipart/form-data; boundary=y"),
    ]
    route = next(route for route in load().routes if route.path == "/api/linx/pivot")
    event = proxy_event(HttpRequest("POST", route.path, "", headers, HEAD), route, {}, "r-1")
    with pytest.raises(BadInput, match="only once"):
        _ = Request(event).file


@given(st.data())
def test_a_damaged_form_causes_only_bad_input(data: st.DataObject) -> None:
    body, type_ = form(file=("a.csv", CSV.encode()))
    content = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(len(content), 300) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        assert isinstance(file_of(bytes(content), type_), bytes)
    except BadInput as error:
        assert error.errors
