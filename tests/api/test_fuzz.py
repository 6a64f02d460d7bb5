"""Paths, queries, headers and bodies that no client can make from the contract document get an answer that it allows.

Whatever the document can describe, or forbid, schemathesis sends: tests/contract/test_requests.py.
"""

import base64
import json
import re
from urllib.parse import urlencode

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from local.contract.calls import CALLS, Call
from local.demo import HOUSEHOLD
from tests.api.client import CUSTOMER, KEY, Client
from tests.contract import contract

Request = tuple[str, str, str, list[tuple[str, str]], bytes]

# Still percent-encoded, as they come over the wire.
SEGMENTS = st.sampled_from(
    ["..", ".", "%2e%2e", "%2F", "%00", "%", "%zz", "%ff", "%F0%9F%92%B6", "%25", "+", ";", "é", "a" * 500]
) | st.text("%/.?#&;+\\ \x00é0aZ", min_size=1, max_size=8)
QUERIES = st.sampled_from(
    ["limit=1&limit=2", "limit", "=1", "&&", "%", "from=%ff", "from=%00", "type=%F0%9F%92%B6", "limit=٣", "a" * 3000]
) | st.text("abc=&%+;é0 ", max_size=12)
# Any JSON in the form of a cursor.
CURSORS = st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), max_size=6).map(
    lambda value: "cursor=" + base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
)
HEADER_NAMES = """X-Request-ID x-request-id Idempotency-Key Unit Options InputHash KvK SBI Scheme Signs Content-Type
    Content-Encoding X-Forwarded-For ApiKey x-api-key""".split()
HEADERS = st.tuples(
    st.sampled_from(HEADER_NAMES),
    st.sampled_from(["", " ", "\t", "\x00", "\xff", "{", '{"kvk": ' + "[" * 2000, "1e9", "-1", "a" * 9000])
    | st.text(st.characters(max_codepoint=255), max_size=8),
) | st.just(("ApiKey", KEY))
# Numbers that no float holds, texts that are not Unicode, and texts that are not JSON.
NUMBERS = [b"1e400", b"-0.0", b"0.1e-400", b"1" * 500, b"9223372036854775808", b"01", b"NaN"]
TEXTS = [b'"\\ud800"', b'"\\u0000"', b'"\xff"', b'"\xed\xa0\x80"', b"'a'"]
TOKENS = (
    st.sampled_from([*NUMBERS, *TEXTS])
    | st.sampled_from([b'{"a":1,"a":2}', b"[" * 5000, b'{"a":' * 5000, b"\xef\xbb\xbf", b"\x00", b""])
    | st.binary(max_size=6)
)
_SCALAR = re.compile(rb'"[^"]*"|[-0-9.]+')


@st.composite
def paths(draw: st.DrawFn, call: Call, *, is_hostile: bool) -> str:
    """The path of the call; if it is hostile, some of its parameters are."""

    def filled(match: re.Match[str]) -> str:
        value = call.path[match[1]]
        known = st.just(CUSTOMER if value == HOUSEHOLD else value)
        return draw(known | SEGMENTS if is_hostile else known)

    return re.sub(r"\{(\w+)\}", filled, call.route)


@st.composite
def bodies(draw: st.DrawFn, call: Call, *, is_hostile: bool) -> bytes:
    """The body of the call; if it is hostile, with a value or a few bytes replaced."""
    content = (call.body or "").encode() if isinstance(call.body, str | None) else json.dumps(call.body).encode()
    if not is_hostile:
        return content
    places = st.tuples(*[st.integers(0, len(content))] * 2)
    if values := [match.span() for match in _SCALAR.finditer(content)]:
        places |= st.sampled_from(values)
    start, end = sorted(draw(places))
    return content[:start] + draw(TOKENS) + content[end:]


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A call of the document, with one or more of its parts hostile."""
    call = draw(st.sampled_from(CALLS))
    hostile = draw(st.sets(st.sampled_from(["path", "query", "headers", "body"]), min_size=1))
    query = urlencode(call.query)
    if "query" in hostile:
        query = draw(QUERIES | CURSORS | QUERIES.map(lambda more: f"{query}&{more}"))
    headers = [*call.headers.items(), *([("x-api-key", call.key)] if call.key else [])]
    if "headers" in hostile:
        headers += draw(st.lists(HEADERS, min_size=1, max_size=3))
    path = draw(paths(call, is_hostile="path" in hostile))
    return call.method, path, query, headers, draw(bodies(call, is_hostile="body" in hostile))


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(request=requests())
def test_no_request_is_a_server_error(api: Client, request: Request) -> None:
    method, path, query, headers, body = request
    answer = api.gateway.handle(method, path, query, headers, body)
    event(f"{answer.status}")
    assert answer.status < 500, answer.body
    match = api.gateway.match(method, path)
    contract().check(match[0] if match else None, answer)
    if answer.status == 400:
        problem = json.loads(answer.body)
        assert problem["errors"] or problem["code"] == "OutOfRange"
