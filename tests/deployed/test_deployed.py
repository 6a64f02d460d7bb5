"""The contract over HTTP, against the deployed stack: gateway, authorizer, functions, roles, table, bucket, event."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from local.template import TOP, load
from local.tiers import TIERS
from tests.deployed.conftest import NAME, Refused, Reply, Stack

pytestmark = pytest.mark.deploy

FUNCTIONS = load().of_type("AWS::Serverless::Function")
# Those that a client waits for most.
READY = ("Authorizer", "Transactions", "Registrations", "Pivot", "Downloads")
STATEMENT = (
    b"Datum;Omschrijving;Af Bij;Bedrag\n"
    b"01-01-2024;SALARIS JANUARI;Bij;2.900,00\n"
    b"31-01-2024;ALBERT HEIJN 1385 UTRECHT;Af;12,30\n"
)


class House:
    """A customer of a tenant of its own, and calls with the tenant's key."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.tenant = f"t-{uuid4().hex[:12]}"
        self.key = stack.key(self.tenant)
        self.path = "/api/v1/customer/house"
        keys_ = [{"type": "crm", "key": "1001"}]
        assert self("PUT", "", json={"currency": "EUR", "externalKeys": keys_}).status == 201

    def __call__(self, method: str, path: str, **more: Any) -> Reply:
        return self._stack(method, self.path + path, key=self.key, **more)

    def register(self, *rows: dict[str, object]) -> dict[str, int]:
        answer = self("POST", "/transactions", json={"transactions": rows})
        assert answer.status == 200
        said: dict[str, int] = answer.json["data"]
        return said


@pytest.fixture
def house(stack: Stack) -> House:
    return House(stack)


@pytest.fixture(scope="session")
def filled(stack: Stack) -> House:
    """250 transactions of 50 days, of three categories in two groups."""
    house = House(stack)
    days = [f"2024-{1 + number // 25:02}-{1 + number % 25:02}" for number in range(50)]
    rows = [
        {"transactionDate": day, "amount": f"-{number}.10", "description": f"{day} {number}", "category": category}
        for day in days
        for number, category in enumerate((1002, 1002, 15, 1, 1))
    ]
    assert house.register(*rows) == {"received": 250, "imported": 250, "duplicates": 0}
    assert house.register(*rows) == {"received": 250, "imported": 0, "duplicates": 250}
    return house


def test_health_needs_no_key(stack: Stack) -> None:
    answer = stack("GET", "/health")
    assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_every_function_is_called_by_its_alias(stack: Stack) -> None:
    made = stack.resources
    for name in FUNCTIONS:
        alias = stack.client("lambda").get_alias(FunctionName=made[name], Name="live")
        assert alias["FunctionVersion"].isdigit()
        kept = stack.client("lambda").get_function(FunctionName=made[name], Qualifier="live")["Configuration"]
        assert (kept["Runtime"], len(kept["Layers"])) == ("python3.13", 1)


@pytest.mark.parametrize("key", [None, "wrong"])
def test_nobody_gets_in_without_a_key(stack: Stack, key: str | None) -> None:
    answer = stack("GET", "/api/linx/categories", key=key)
    assert (answer.status, answer.code) == (403, "InvalidApiKey")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_is_not_there_is_not_found(stack: Stack) -> None:
    answer = stack("GET", "/nowhere")
    assert (answer.status, answer.code) == (404, "404")


@pytest.mark.xfail(reason="ministack reads no answers of mocks from OpenAPI, where SAM puts the preflight's headers")
def test_a_browser_may_ask_first(stack: Stack) -> None:
    answer = stack("OPTIONS", "/api/linx/pivot", headers={"Origin": "https://example.com"})
    assert answer.status == 200
    assert "x-api-key" in answer.headers["Access-Control-Allow-Headers"]


def test_a_key_does_what_its_scopes_say(stack: Stack, filled: House) -> None:
    reader = stack.key(filled.tenant, ["transactions:read"])
    assert stack("GET", f"{filled.path}/transactions?limit=1", key=reader).status == 200
    answer = stack("GET", f"{filled.path}/transactions/pivot", key=reader)
    assert (answer.status, answer.code) == (403, "InvalidApiKey")


def test_another_tenants_customer_is_not_there(filled: House, house: House, stack: Stack) -> None:
    answer = stack("GET", "/user/ext-key/1001/crm/transactions/7592", key=stack.key("stranger"))
    assert (answer.status, answer.code) == (404, "404.2")
    assert house("GET", "/transactions").json["transactions"] == []


def test_a_walk_by_cursor_finds_everything_once(filled: House) -> None:
    found, query = [], "?limit=60"
    while True:
        page = filled("GET", f"/transactions{query}").json
        found += page["transactions"]
        if not page["paging"]["more"]:
            break
        query = f"?limit=60&cursor={quote(page['paging']['next'])}"
    assert len({one["transactionID"] for one in found}) == len(found) == 250
    order = [(one["transactionDate"], one["transactionID"]) for one in found]
    assert order == sorted(order)
    deep = filled("GET", "/transactions?offset=200&limit=50").json
    assert deep["transactions"] == found[200:]


def test_one_group_by_either_key(filled: House, stack: Stack) -> None:
    by_id = stack("GET", "/user/dp-key/house/transactions/7592?type=1&from=20240201Z", key=filled.key)
    by_key = stack("GET", "/user/ext-key/1001/crm/transactions/7592?type=1&from=20240201Z", key=filled.key)
    assert by_id.json == by_key.json
    assert by_id.json["paging"]["count"] == 50


def test_registered_twice_is_registered_once(house: House, stack: Stack) -> None:
    body = {"transactionTypeID": 1, "transactionDate": "2024-01-05", "value": 8.5}

    def register(_: int) -> Reply:
        path = "/user/dp-key/house/transactions/7592"
        return stack("POST", path, key=house.key, headers={"Idempotency-Key": "one"}, json=body)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(register, range(4)))
    assert len({answer.body for answer in answers if answer.status == 201}) == 1
    assert {answer.status for answer in answers} <= {201, 409, 503}
    assert house("GET", "/transactions").json["paging"]["count"] == 1


def test_the_pivot_of_what_is_stored_is_that_of_what_is_sent(house: House, stack: Stack) -> None:
    rows: list[dict[str, object]] = [
        {"transactionDate": "2024-01-01", "amount": "2900", "description": "SALARIS JANUARI"},
        {"transactionDate": "2024-01-31", "amount": "-12.30", "description": "ALBERT HEIJN 1385 UTRECHT"},
    ]
    house.register(*rows)
    stored = house("GET", "/transactions/pivot?unit=month")
    headers = {"X-Request-ID": "d-1", "Unit": "3", "Content-Type": "text/csv"}
    sent = stack("POST", "/api/linx/pivot", key=house.key, headers=headers, data=STATEMENT)
    assert (stored.status, sent.status) == (200, 200)
    assert stored.json == sent.json
    assert sent.headers["X-Request-ID"] == "d-1"


def test_a_download_is_the_file_and_so_is_its_link(filled: House, stack: Stack) -> None:
    inline = filled("GET", "/transactions/aggregate/download?type=csv")
    assert inline.status == 200
    assert inline.body.startswith(b"Category,Subcategory,Line_Item,Metric,Value\n")
    made = filled("POST", "/downloads", json={"type": "csv"})
    assert made.json["sha256"] == hashlib.sha256(inline.body).hexdigest()
    redirected = filled("GET", "/transactions/aggregate/download?type=csv&delivery=redirect")
    assert redirected.status == 303
    for url in (made.json["url"], redirected.headers["Location"], inline.headers["Content-Location"]):
        answer = stack.link("GET", url)
        assert (answer.status, answer.body) == (200, inline.body)
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="csv-house-')
    tampered = made.json["url"].replace("X-Amz-Expires=9", "X-Amz-Expires=8")
    assert stack.link("GET", tampered).status == 403


def test_a_file_that_is_uploaded_is_imported(house: House, stack: Stack) -> None:
    made = house("POST", "/imports", json={"filename": "january.csv", "bytes": len(STATEMENT)}).json
    headers = {name: value for name, value in made["upload"]["headers"].items() if name != "Content-Length"}
    assert stack.link("PUT", made["upload"]["url"], STATEMENT, headers).status == 200

    def shown() -> Any:
        return house("GET", f"/imports/{made['importId']}").json

    ended = eventually(shown, lambda own: own["status"] in ("completed", "failed"))
    assert (ended["status"], ended["imported"]) == ("completed", 2)
    assert house("GET", "/transactions").json["paging"]["count"] == 2


# --- Tiers ----------------------------------------------------------------------------------------------------------


def test_the_tiers_are_usage_plans_of_the_stage(stack: Stack) -> None:
    given = load().document["Mappings"]["Tiers"]
    for tier in TIERS:
        own = given[tier.capitalize()]
        plan = stack.client("apigateway").get_usage_plan(usagePlanId=stack.outputs[f"{tier.capitalize()}Tier"])
        assert plan["throttle"] == {"rateLimit": own["Rate"], "burstLimit": own["Burst"]}
        assert (plan["quota"]["limit"], plan["quota"]["period"]) == (own["Quota"], "MONTH")
        assert [(one["apiId"], one["stage"]) for one in plan["apiStages"]] == [(stack.api, "live")]


def test_too_many_at_once_are_refused_until_later(stack: Stack) -> None:
    key = stack.key("hasty", tier="basic")
    allowed = load().document["Mappings"]["Tiers"]["Basic"]
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: stack("GET", "/api/linx/groups", key=key), range(80)))
    took = time.monotonic() - begun
    refused = [answer for answer in answers if answer.status != 200]
    assert len(answers) - len(refused) <= allowed["Burst"] + allowed["Rate"] * (took + 1)
    assert {(answer.status, answer.code) for answer in refused} == {(429, "429")}
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    time.sleep(1)
    assert stack("GET", "/api/linx/groups", key=key).status == 200
    assert stack("GET", "/api/linx/groups", key=stack.key("patient")).status == 200


def test_a_quota_ends(stack: Stack) -> None:
    key, gateway = stack.key("thrifty", tier="standard"), stack.client("apigateway")
    plan = stack.outputs["StandardTier"]

    def allow(limit: int) -> None:
        change = {"op": "replace", "path": "/quota/limit", "value": str(limit)}
        gateway.update_usage_plan(usagePlanId=plan, patchOperations=[change])

    before = gateway.get_usage_plan(usagePlanId=plan)["quota"]["limit"]
    allow(2)
    try:
        answers = [stack("GET", "/api/linx/groups", key=key) for _ in range(3)]
    finally:
        allow(before)
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[-1].code == "NoQuota"


def test_make_key_gives_a_key_of_the_gateways_own_in_the_tenants_tier(stack: Stack) -> None:
    gateway, tenant = stack.client("apigateway"), f"t-{uuid4().hex[:12]}"

    def made(**more: str) -> str:
        ran = _make_key(stack, TENANT=tenant, SCOPES="transactions:read", **more)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    both = made(TIER="standard"), made()  # the second one finds the tier by the first
    every = gateway.get_api_keys(includeValues=True, limit=500)["items"]
    own = {one["value"]: one["id"] for one in every if tenant in one["name"]}
    assert len(own) == 2
    in_plan = gateway.get_usage_plan_keys(usagePlanId=stack.outputs["StandardTier"], limit=500)["items"]
    assert set(own.values()) <= {one["id"] for one in in_plan}
    answers = [_authorizer_says(stack, key) for key in both]
    assert {answer["usageIdentifierKey"] for answer in answers} == set(own)
    assert not set(own) & set(both), "a client's key is never the gateway's"


def test_make_key_leaves_nothing_behind_if_it_fails(stack: Stack) -> None:
    before = len(stack.client("apigateway").get_api_keys(limit=500)["items"])
    for wrong in ({"TIER": "gold"}, {"SCOPES": "everything"}, {"TENANT": "No!"}):
        ran = _make_key(stack, **{"TENANT": "acme", "SCOPES": "transactions:read"} | wrong)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert next(iter(wrong)) in ran.stderr
    assert len(stack.client("apigateway").get_api_keys(limit=500)["items"]) == before


@pytest.mark.xfail(reason="ministack takes the gateway's key from the header; AWS from the authorizer's answer")
def test_a_key_of_make_key_opens_the_api(stack: Stack) -> None:
    gateway = stack.client("apigateway")
    assert gateway.get_rest_api(restApiId=stack.api)["apiKeySource"] == "AUTHORIZER"
    key = _make_key(stack, TENANT="acme", SCOPES="transactions:aggregate").stdout.strip()
    assert stack("GET", "/api/linx/groups", key=key).status == 200


# --- Roles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "path"),
    [("TransactionsFunction", "/transactions"), ("PivotFunction", "/transactions/pivot")],
)
def test_a_permission_too_few_is_noticed(stack: Stack, house: House, function: str, path: str) -> None:
    """Not a test of ours, but of all others: they would pass under roles that allow nothing if nobody asked them."""
    assert house("GET", path).status == 200
    iam, role = stack.client("iam"), stack.resources[f"{function}Role"]
    policies = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = {name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in policies}
    for name in documents:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    try:
        answer = house("GET", path)
    finally:
        for name, document in documents.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
    assert (answer.status, answer.code) == (500, "500")
    assert house("GET", path).status == 200


# --- Life of the stack; these come last -----------------------------------------------------------------------------


def test_an_update_publishes_new_versions_and_keeps_the_data(stack: Stack, filled: House) -> None:
    before = _versions(stack)
    layer = TOP / ".aws-sam" / "build" / "SaldoLayer" / "python" / "saldo" / "__init__.py"
    text = layer.read_text()
    layer.write_text(f"{text}\n# another release\n")
    try:
        stack.deploy(LogRetentionDays="7", ProvisionedConcurrency="1")
    finally:
        layer.write_text(text)
    after = _versions(stack)
    assert before.keys() == after.keys()
    assert all(after[name] > before[name] for name in before), "the layer alone changed, and all functions are on it"
    groups = stack.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{NAME}-")["logGroups"]
    assert {one["retentionInDays"] for one in groups} == {7}
    assert _kept_ready(stack) == [f"{name}Function" for name in READY]
    assert filled("GET", "/transactions?limit=100").json["paging"]["more"]


def test_functions_may_start_from_a_snapshot(stack: Stack) -> None:
    stack.deploy(SnapStart="PublishedVersions", ProvisionedConcurrency="0")
    assert _kept_ready(stack) == []
    given = {
        name: stack.client("lambda").get_function_configuration(FunctionName=stack.resources[name])["SnapStart"]
        for name in FUNCTIONS
    }
    assert {name for name, own in given.items() if own["ApplyOn"] == "None"} == {"ArrivalsFunction"}
    with pytest.raises(Refused, match="either SnapStart or provisioned concurrency"):
        stack.deploy(ProvisionedConcurrency="1")


def test_what_is_deleted_is_gone_but_for_the_table(stack: Stack) -> None:
    ran = stack.sam("delete", "--no-prompts")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [one["FunctionName"] for one in stack.client("lambda").list_functions()["Functions"]] == []
    assert stack.client("apigateway").get_rest_apis()["items"] == []
    assert stack.outputs["TableName"] in stack.client("dynamodb").list_tables()["TableNames"]


# --- How ------------------------------------------------------------------------------------------------------------


def eventually(ask: Callable[[], Any], ended: Callable[[Any], bool], seconds: float = 30) -> Any:
    ends = time.monotonic() + seconds
    while not ended(said := ask()) and time.monotonic() < ends:
        time.sleep(0.2)
    return said


def _make_key(stack: Stack, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local.key"],
        cwd=TOP,
        env=stack.environment | {"STACK": NAME} | environment,
        capture_output=True,
        text=True,
    )


def _authorizer_says(stack: Stack, key: str) -> dict[str, Any]:
    """What API Gateway would hear of a request with the key."""
    name = stack.resources["AuthorizerFunction"]
    event = json.loads((TOP / "events" / "authorizer.json").read_text())
    event["headers"], event["multiValueHeaders"] = {"x-api-key": key}, {"x-api-key": [key]}
    invoked = stack.client("lambda").invoke(FunctionName=name, Qualifier="live", Payload=json.dumps(event))
    said: dict[str, Any] = json.load(invoked["Payload"])
    return said


def _versions(stack: Stack) -> dict[str, int]:
    """Which version of each function the alias is on."""
    client = stack.client("lambda")
    names = [one["FunctionName"] for one in client.list_functions()["Functions"]]
    return {name: int(client.get_alias(FunctionName=name, Name="live")["FunctionVersion"]) for name in names}


def _kept_ready(stack: Stack) -> list[str]:
    """The functions of which instances are kept ready."""
    client, made = stack.client("lambda"), stack.resources
    found = []
    for name in FUNCTIONS:
        with suppress(client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
            client.get_provisioned_concurrency_config(FunctionName=made[name], Qualifier="live")
            found.append(name)
    return found
