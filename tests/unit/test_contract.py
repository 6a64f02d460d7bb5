"""The contract document has the routes of template.yaml, its security and its answers, and examples that fit."""

import json
from collections import Counter

import pytest
from jsonschema import Draft202012Validator, ValidationError

from local.gateway import HttpResponse
from local.template import Route, load
from tests.contract import contract, examples

ROUTES = load().routes
each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}

# Which operations may get an answer of the gateway: those with a body, with a parameter in the path, with a key; or
# all. What is not HTTP gets DEFAULT_4XX, which says nothing of an operation, so no example shows it.
OF_BODIES = {"REQUEST_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"}
OF_PATHS = {"MISSING_AUTHENTICATION_TOKEN", "RESOURCE_NOT_FOUND"}
OF_KEYS = {"ACCESS_DENIED", "UNAUTHORIZED", "INVALID_API_KEY", "QUOTA_EXCEEDED"}
OF_KEYS |= {"AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"}
OF_ALL = {"THROTTLED", "INTEGRATION_TIMEOUT", "DEFAULT_5XX", "DEFAULT_4XX"}
NOT_SHOWN = "DEFAULT_4XX"
# The style sheet is Swagger UI's: an example would be a copy of it.
WITHOUT_EXAMPLE = ("/assets/{name}", "text/css")


def test_the_operations_are_the_routes_of_the_template() -> None:
    paths = contract().document["paths"]
    operations = Counter((method.upper(), path) for path, item in paths.items() for method in METHODS & set(item))
    assert operations == Counter((route.method, route.path) for route in ROUTES)


@each_route
def test_a_guarded_route_takes_a_key_in_either_header_and_any_other_route_takes_none(route: Route) -> None:
    schemes = contract().document["components"]["securitySchemes"]
    security = contract().operation(route)["security"]
    headers = [[schemes[name]["name"] for name in alternative] for alternative in security]
    assert headers == ([["x-api-key"], ["ApiKey"]] if route.guarded else [])
    assert {(scheme["type"], scheme["in"]) for scheme in schemes.values()} == {("apiKey", "header")}


@each_route
def test_an_operation_has_the_parameters_of_its_path(route: Route) -> None:
    in_path = [one for one in contract().operation(route)["parameters"] if one["in"] == "path"]
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    assert [(one["name"], one["required"]) for one in in_path] == [(name, True) for name in names]


def test_each_operation_has_its_own_id_a_summary_and_one_of_the_tags() -> None:
    document = contract().document
    operations = [contract().operation(route) for route in ROUTES]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)
    assert all(len(operation["tags"]) == 1 for operation in operations)
    assert {operation["tags"][0] for operation in operations} == {tag["name"] for tag in document["tags"]}


def test_paths_come_in_the_order_of_the_tags() -> None:
    document = contract().document
    order = [tag["name"] for tag in document["tags"]]
    # A path stands where the first of its operations belongs.
    places = [order.index(next(iter(item.values()))["tags"][0]) for item in document["paths"].values()]
    assert places == sorted(places)


def test_every_answer_of_the_gateway_is_known_here() -> None:
    assert set(load().api["GatewayResponses"]) == OF_BODIES | OF_PATHS | OF_KEYS | OF_ALL


@each_route
def test_the_answers_of_the_gateway_are_documented_in_its_words(route: Route) -> None:
    operation = contract().operation(route)
    kinds = OF_ALL | (OF_KEYS if route.guarded else set())
    kinds |= OF_BODIES if "requestBody" in operation else set()
    kinds |= OF_PATHS if "{" in route.path else set()
    for kind in sorted(kinds):
        status, headers, body = load().gateway_response(kind)
        contract().check(route, HttpResponse(status, list(headers.items()), body.encode()))
        if kind != NOT_SHOWN:
            (content,) = operation["responses"][str(status)]["content"].values()
            assert json.loads(body) in [one | {"requestId": "$context.requestId"} for one in examples(content)], kind


@each_route
def test_every_2xx_answer_has_an_example(route: Route) -> None:
    for status, response in contract().operation(route)["responses"].items():
        for media_type, content in response.get("content", {}).items():
            if status.startswith("2") and (route.path, media_type) != WITHOUT_EXAMPLE:
                assert examples(content), f"{status} {media_type}"


@each_route
def test_every_example_fits_its_schema(route: Route) -> None:
    operation = contract().operation(route)
    contents = [operation.get("requestBody", {}), *operation["responses"].values()]
    places = [content for body in contents for content in body.get("content", {}).values()]
    for place in (*operation["parameters"], *places):
        for example in examples(place):
            Draft202012Validator(place["schema"]).validate(example)


@each_route
def test_the_description_of_a_problem_says_what_its_codes_mean(route: Route) -> None:
    for status, response in contract().operation(route)["responses"].items():
        if status >= "4":
            assert response["x-codes"]
            assert all(f"- `{code}`: " in response["description"] for code in response["x-codes"])


HEALTH = next(route for route in ROUTES if route.path == "/health")
HEADERS = {
    "Content-Type": "application/json",
    "X-Request-ID": "r-1",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link",
}
BODY = '{"status":"ok"}'


def test_a_documented_answer_passes() -> None:
    contract().check(HEALTH, HttpResponse(200, list(HEADERS.items()), BODY.encode()))


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (201, {}, BODY),
        (200, {"Content-Type": "text/plain"}, BODY),
        (200, {"Content-Type": "application/problem+json"}, BODY),
        (200, {"X-Request-ID": ""}, BODY),
        (200, {"X-Unknown": "1"}, BODY),
        (200, {}, '{"status":"up"}'),
        (200, {}, '{"status":"ok","more":1}'),
        (503, {}, BODY),
    ],
)
def test_any_other_answer_does_not_pass(status: int, headers: dict[str, str], body: str) -> None:
    with pytest.raises((AssertionError, ValidationError)):
        contract().check(HEALTH, HttpResponse(status, list((HEADERS | headers).items()), body.encode()))


@pytest.mark.parametrize("name", HEADERS)
def test_an_answer_without_one_of_its_headers_does_not_pass(name: str) -> None:
    headers = [header for header in HEADERS.items() if header[0] != name]
    with pytest.raises(AssertionError):
        contract().check(HEALTH, HttpResponse(200, headers, BODY.encode()))


@pytest.mark.parametrize(("code", "passes"), [("400", True), ("NoData", False)])
def test_a_problem_has_a_code_of_its_operation(code: str, passes: bool) -> None:
    problem = {"type": "about:blank", "title": "Bad request", "status": 400, "detail": "", "requestId": "r-1"}
    headers = HEADERS | {"Content-Type": "application/problem+json"}
    answer = HttpResponse(400, list(headers.items()), json.dumps(problem | {"code": code}).encode())
    if passes:
        contract().check(HEALTH, answer)
    else:
        with pytest.raises(AssertionError, match="NoData is not documented"):
            contract().check(HEALTH, answer)
