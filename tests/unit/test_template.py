"""template.yaml describes what is deployed: every route is served, and no permission is wider than needed."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.template import load
from local.tiers import TIERS
from saldo.http import parameters

TOP = Path(__file__).parents[2]
TEMPLATE = load()
FUNCTIONS: dict[str, Any] = {
    name: resource["Properties"]
    for name, resource in TEMPLATE.document["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}


def test_the_linter_finds_nothing() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--non-zero-exit-code", "informational", "template.yaml"],
        cwd=TOP,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_serves_exactly_its_routes(name: str) -> None:
    described = {(route.method, route.path) for route in TEMPLATE.routes if route.function == name}
    if name in ("AuthorizerFunction", "ArrivalsFunction"):
        assert described == set()
        return
    app = (TOP / FUNCTIONS[name]["CodeUri"] / "app.py").read_text()
    served = set(re.findall(r'@api\.route\(\s*"([A-Z]+)",\s*"([^"]+)"', app))
    assert described == served


def test_functions_and_folders_correspond() -> None:
    folders = {f"functions/{path.parent.name}" for path in (TOP / "functions").glob("*/app.py")}
    assert {properties["CodeUri"] for properties in FUNCTIONS.values()} == folders


def granted(properties: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each action on table and bucket that the function may do, with the statement that grants it."""
    policies = list(properties.get("Policies", []))
    if "Role" in properties:
        role = properties["Role"]["Fn::GetAtt"].partition(".")[0]
        policies += [
            policy["PolicyDocument"]
            for policy in TEMPLATE.of_type("AWS::IAM::Policy").values()
            if {"Ref": role} in policy["Roles"]
        ]
    for policy in policies:
        for statement in policy["Statement"]:
            assert statement["Effect"] == "Allow"
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                if action != "sqs:SendMessage":  # Lambda sends an event that failed
                    yield action, statement


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_permission_names_its_resource_and_its_keys(name: str) -> None:
    for action, statement in granted(FUNCTIONS[name]):
        assert "*" not in action
        assert statement["Sid"]
        resource = str(statement["Resource"])
        assert "Table" in resource or "Bucket" in resource
        if action.startswith("dynamodb:"):
            keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            imports = {"U#*"} if name in ("ImportsFunction", "ArrivalsFunction") else set()
            assert set(keys) <= ({"K#*"} if name == "AuthorizerFunction" else {"C#*", "S#*", "X#*"} | imports)


def test_a_failed_import_of_an_upload_is_retried_and_finally_raises_an_alarm() -> None:
    arrivals = TEMPLATE.arrivals
    assert (arrivals.function, arrivals.prefix, arrivals.retries) == ("ArrivalsFunction", "uploads/", 2)
    destination = FUNCTIONS["ArrivalsFunction"]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert destination == {"Type": "SQS", "Destination": {"Fn::GetAtt": "FailedArrivals.Arn"}}
    alarm = TEMPLATE.document["Resources"]["FailedArrivalsAlarm"]["Properties"]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": "FailedArrivals.QueueName"}}]


OPEN = {"/health", "/openapi.json", "/docs", "/assets/{name}"}


def test_only_health_and_the_pages_need_no_key() -> None:
    assert {(route.method, route.path) for route in TEMPLATE.routes if not route.guarded} == {
        ("GET", path) for path in OPEN
    }


def test_the_pages_have_a_throttle_of_their_own() -> None:
    """Usage plans do not count calls without a key; AWS wants ~1 for a slash of the path."""
    throttled = {
        setting["ResourcePath"].replace("/~1", "/").replace("~1", "/")
        for setting in TEMPLATE.api["MethodSettings"]
        if 0 < setting.get("ThrottlingRateLimit", 0) <= setting["ThrottlingBurstLimit"] <= 100
    }
    assert throttled == OPEN - {"/health"}


def test_a_browser_may_send_every_header_that_a_route_takes() -> None:
    models = [model for name, model in vars(parameters).items() if name.endswith("Headers")]
    taken = {field.alias for model in models for field in model.model_fields.values()}
    assert {"Idempotency-Key", "InputHash"} < taken
    assert taken <= set(TEMPLATE.api["Cors"]["AllowHeaders"].strip("'").split(","))


def test_every_call_with_a_key_counts_in_a_tier() -> None:
    """The gateway takes the usage key from the authorizer only; preflights and health checks have none."""
    api = TEMPLATE.api
    assert api["ApiKeySourceType"] == "AUTHORIZER"
    assert (api["Auth"]["ApiKeyRequired"], api["Auth"]["AddApiKeyRequiredToCorsPreflight"]) == (True, False)
    exceptions = {
        (properties["Events"][name]["Properties"]["Path"], auth["ApiKeyRequired"])
        for properties in FUNCTIONS.values()
        for name, event in properties.get("Events", {}).items()
        if (auth := event["Properties"].get("Auth")) is not None
    }
    assert exceptions == {(path, False) for path in OPEN}
    plans = TEMPLATE.of_type("AWS::ApiGateway::UsagePlan")
    assert list(plans) == [f"{tier.capitalize()}Tier" for tier in TIERS]
    for name, plan in plans.items():
        assert plan["ApiStages"] == [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Api.Stage"}}]
        assert TEMPLATE.document["Outputs"][name]["Value"] == {"Ref": name}
    rates = [tuple(tier.values()) for tier in TEMPLATE.document["Mappings"]["Tiers"].values()]
    assert rates == sorted(rates), "a higher tier allows more of everything"


def test_a_new_layer_publishes_a_new_version_of_every_function() -> None:
    assert all(properties["AutoPublishAliasAllProperties"] for properties in FUNCTIONS.values())
    assert TEMPLATE.of_type("AWS::Serverless::LayerVersion")["SaldoLayer"]["PublishLambdaVersion"]
    assert TEMPLATE.document["Globals"]["Function"]["AutoPublishAlias"] == "live"


def test_every_function_logs_to_its_own_group_with_a_retention() -> None:
    resources = TEMPLATE.document["Resources"]
    groups = {name for name, resource in resources.items() if resource["Type"] == "AWS::Logs::LogGroup"}
    assert all("RetentionInDays" in resources[name]["Properties"] for name in groups)
    used = {str(properties["LoggingConfig"]["LogGroup"]) for properties in FUNCTIONS.values()}
    assert len(used) == len(FUNCTIONS) == len(groups) - 1


def test_access_log_and_data_trace_reveal_no_ids() -> None:
    api = TEMPLATE.document["Resources"]["Api"]["Properties"]
    logged = set(re.findall(r"\$context\.([\w.]+)", api["AccessLogSetting"]["Format"]))
    assert logged == {
        "requestId",
        "requestTime",
        "httpMethod",
        "resourcePath",
        "status",
        "responseLatency",
        "authorizer.tenant",
    }
    assert {setting["DataTraceEnabled"] for setting in api["MethodSettings"]} == {False}


def test_errors_of_the_gateway_are_problems_too() -> None:
    responses = TEMPLATE.document["Resources"]["Api"]["Properties"]["GatewayResponses"]
    assert {"ACCESS_DENIED", "MISSING_AUTHENTICATION_TOKEN", "DEFAULT_4XX", "DEFAULT_5XX"} <= set(responses)
    for response in responses.values():
        headers = response["ResponseParameters"]["Headers"]
        assert headers["Content-Type"] == "'application/problem+json'"
        assert headers["Access-Control-Allow-Origin"] == "'*'"
        body = response["ResponseTemplates"]["application/json"]
        assert f'"status":{response["StatusCode"]},' in body
        assert '"requestId":"$context.requestId"' in body


def test_the_bucket_is_private_encrypted_and_expires_its_files() -> None:
    bucket = TEMPLATE.document["Resources"]["Bucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]
    assert [rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"]] == [2]
