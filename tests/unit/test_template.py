"""template.yaml describes what is deployed: every route is served, and no permission is wider than needed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.template import load
from saldo.aws.later import MAX_SECONDS
from saldo.http import parameters
from saldo_cli.tiers import TIERS

TOP = Path(__file__).parents[2]
TEMPLATE = load()
FUNCTIONS: dict[str, Any] = {
    name: resource["Properties"]
    for name, resource in TEMPLATE.document["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_serves_exactly_its_routes(name: str) -> None:
    described = {(route.method, route.path) for route in TEMPLATE.routes if route.function == name}
    if name in ("AuthorizerFunction", "ArrivalsFunction", "AbandonedFunction", "LaterFunction"):
        assert described == set()
        return
    app = (TOP / FUNCTIONS[name]["CodeUri"] / "app.py").read_text()
    served = set(re.findall(r'@api\.route\(\s*"([A-Z]+)",\s*"([^"]+)"', app))
    assert described == served


def test_functions_and_folders_correspond() -> None:
    folders = {f"functions/{path.parent.name}" for path in (TOP / "functions").glob("*/app.py")}
    assert {properties["CodeUri"] for properties in FUNCTIONS.values()} == folders


def granted(properties: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each action on table, bucket and bus that the function may do, with the statement that grants it."""
    policies = list(properties.get("Policies", []))
    if "Role" in properties:
        role = properties["Role"]["Fn::GetAtt"].partition(".")[0]
        policies += [
            policy["PolicyDocument"] for policy in TEMPLATE.of_type("AWS::IAM::Role")[role].get("Policies", [])
        ]
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
                if not action.startswith("sqs:"):  # Lambda itself sends what failed, and receives it
                    yield action, statement


# Which functions work with imports and jobs.
LONG_WORK = {
    "CustomersFunction": {"L#*"},
    "ImportsFunction": {"U#*"},
    "ArrivalsFunction": {"U#*", "J#*", "L#*", "E#*"},
    "AbandonedFunction": {"U#*", "J#*"},
    "JobsFunction": {"U#*", "J#*"},
    "DownloadsFunction": {"J#*"},
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_permission_names_its_resource_and_its_keys(name: str) -> None:
    for action, statement in granted(FUNCTIONS[name]):
        assert "*" not in action
        assert statement["Sid"]
        resource = str(statement["Resource"])
        assert "Table" in resource or "Bucket" in resource or "EventBus" in resource
        if action == "events:PutEvents":
            assert statement["Condition"] == {"StringEqualsIfExists": {"events:source": "saldo"}}
        if action.startswith("dynamodb:"):
            keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            reached = {"K#*"} if name == "AuthorizerFunction" else {"C#*", "S#*", "X#*"}
            assert set(keys) <= reached | LONG_WORK.get(name, set())


def allowed_files(name: str) -> Iterator[tuple[str, str]]:
    """Each action of the function on files of the bucket, with the keys that it reaches, as IAM writes a pattern."""
    for action, statement in granted(FUNCTIONS[name]):
        if action.startswith("s3:") and action != "s3:ListBucket":
            prefix, _, keys = statement["Resource"]["Fn::Sub"].partition("/")
            assert prefix == "${Bucket.Arn}"
            yield action, keys


def matches(pattern: str, key: str) -> bool:
    """Whether IAM's pattern covers the key: `*` stands for any text, `?` for one character, slashes included."""
    return bool(re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), key))


UPLOAD, DOWNLOAD, JOB = f"uploads/{'0' * 32}", f"{'a' * 64}/{'b' * 64}", f"jobs/{'0' * 32}/1"
# The beginnings of keys that arrivals lists.
LISTED = ["uploads/*", "jobs/*", f"{'?' * 64}/"]
# In the folder of a customer.
OTHER = f"{'a' * 64}/x"


@pytest.mark.parametrize(
    ("name", "reached"),
    [
        ("ImportsFunction", {UPLOAD}),
        ("JobsFunction", {JOB}),
        ("ArrivalsFunction", {UPLOAD, JOB, DOWNLOAD, OTHER}),
        ("LaterFunction", {JOB}),
        ("DownloadsFunction", {DOWNLOAD, JOB}),
    ],
)
def test_a_function_reaches_only_its_own_files(name: str, reached: set[str]) -> None:
    patterns = [keys for _, keys in allowed_files(name)]
    assert patterns
    for key in (UPLOAD, DOWNLOAD, JOB, "anything/else", OTHER):
        assert any(matches(pattern, key) for pattern in patterns) == (key in reached), key


def test_only_arrivals_may_list_and_only_what_it_takes_away() -> None:
    lists = {
        name: statement["Condition"]
        for name, properties in FUNCTIONS.items()
        for action, statement in granted(properties)
        if action == "s3:ListBucket"
    }
    assert lists == {"ArrivalsFunction": {"StringLike": {"s3:prefix": LISTED}}}


def test_an_erasure_waits_as_long_as_a_call_may_live() -> None:
    """By default; an SQS message is kept back for 900 seconds at most. What cannot be marked ends as failed."""
    wait = TEMPLATE.document["Parameters"]["ErasureWaitSeconds"]
    timeouts = [properties.get("Timeout", 28) for properties in FUNCTIONS.values()]
    assert wait["Default"] == wait["MaxValue"] == MAX_SECONDS == max(timeouts)
    variables = FUNCTIONS["ArrivalsFunction"]["Environment"]["Variables"]
    assert variables["ERASURE_WAIT_SECONDS"] == {"Ref": "ErasureWaitSeconds"}
    assert variables["WAITING_STEPS_URL"] == {"Ref": "WaitingSteps"}
    (event,) = FUNCTIONS["LaterFunction"]["Events"].values()
    assert event["Properties"] == {"Queue": {"Fn::GetAtt": "WaitingSteps.Arn"}, "BatchSize": 1}
    queue = TEMPLATE.of_type("AWS::SQS::Queue")["WaitingSteps"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": "AbandonedArrivals.Arn"}
    assert queue["VisibilityTimeout"] >= 6 * TEMPLATE.document["Globals"]["Function"]["Timeout"]
    send = [
        statement
        for statement in TEMPLATE.of_type("AWS::IAM::Policy")["ArrivalsPolicy"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "sqs:SendMessage"
    ]
    assert [statement["Resource"] for statement in send] == [{"Fn::GetAtt": "WaitingSteps.Arn"}]
    receive, _ = TEMPLATE.of_type("AWS::IAM::Role")["LaterRole"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert receive["Action"] == ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    assert receive["Resource"] == {"Fn::GetAtt": "WaitingSteps.Arn"}


def test_an_import_whose_tries_are_used_up_is_kept_for_the_operator_and_marked() -> None:
    arrivals = TEMPLATE.arrivals
    assert (arrivals.function, arrivals.prefixes, arrivals.retries) == ("ArrivalsFunction", ("uploads/", "jobs/"), 2)
    function = FUNCTIONS["ArrivalsFunction"]
    destination = function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert destination == {"Type": "SQS", "Destination": {"Fn::GetAtt": "FailedArrivals.Arn"}}
    dead_letters = {"Fn::GetAtt": "AbandonedArrivals.Arn"}
    assert function["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": dead_letters}
    assert arrivals.abandoned == "AbandonedFunction"
    queues = TEMPLATE.of_type("AWS::SQS::Queue")
    assert {queue["MessageRetentionPeriod"] for queue in queues.values()} == {14 * 24 * 60 * 60}
    for name in queues:
        alarm = TEMPLATE.document["Resources"][f"{name}Alarm"]["Properties"]
        assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": f"{name}.QueueName"}}]


def test_lambda_may_use_the_queues_before_it_is_told_of_them() -> None:
    """It checks the permission when function and mapping are created; the policy of arrivals comes later."""
    roles = TEMPLATE.of_type("AWS::IAM::Role")
    (put_aside,) = roles["ArrivalsRole"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert put_aside["Action"] == "sqs:SendMessage"
    assert put_aside["Resource"] == [{"Fn::GetAtt": f"{name}Arrivals.Arn"} for name in ("Failed", "Abandoned")]
    receive, *_ = roles["AbandonedRole"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert receive["Action"] == ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    assert receive["Resource"] == {"Fn::GetAtt": "AbandonedArrivals.Arn"}
    timeout = TEMPLATE.document["Globals"]["Function"]["Timeout"]
    assert TEMPLATE.of_type("AWS::SQS::Queue")["AbandonedArrivals"]["VisibilityTimeout"] >= 6 * timeout


OPEN = {"/health", "/openapi.json", "/docs", "/console", "/assets/{name}"}


def test_only_health_and_the_pages_need_no_key() -> None:
    assert {(route.method, route.path) for route in TEMPLATE.routes if not route.guarded} == {
        ("GET", path) for path in OPEN
    }


def test_the_pages_have_a_throttle_of_their_own() -> None:
    """Usage plans do not count calls without a key; AWS wants ~1 for a slash of the path."""
    throttled = {
        setting["ResourcePath"].replace("/~1", "/").replace("~1", "/")
        for setting in TEMPLATE.api["MethodSettings"]
        if setting["HttpMethod"] != "*"
        and 0 < setting.get("ThrottlingRateLimit", 0) <= setting["ThrottlingBurstLimit"] <= 100
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
        "authorizer.key",
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


def test_the_bucket_is_private_and_encrypted() -> None:
    bucket = TEMPLATE.document["Resources"]["Bucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]


def test_downloads_expire_in_two_days_and_uploads_after_the_events_that_tell_of_them() -> None:
    """Of overlapping rules S3 follows the one that expires sooner."""
    rules = TEMPLATE.bucket["LifecycleConfiguration"]["Rules"]
    assert len({rule["Id"] for rule in rules}) == len(rules)
    assert {rule["Status"] for rule in rules} == {"Enabled"}

    def days(key: str) -> int:
        return min(int(rule["ExpirationInDays"]) for rule in rules if key.startswith(rule.get("Prefix", "")))

    assert {days(f"{digit}{DOWNLOAD}") for digit in "0123456789abcdef"} == {2}
    kept = max(queue["MessageRetentionPeriod"] for queue in TEMPLATE.of_type("AWS::SQS::Queue").values())
    tried = FUNCTIONS["ArrivalsFunction"]["EventInvokeConfig"]["MaximumEventAgeInSeconds"]
    assert days(UPLOAD) * 24 * 60 * 60 >= kept + tried
