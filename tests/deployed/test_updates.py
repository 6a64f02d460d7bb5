"""Updates of the deployed stack, and its deletion. By its name this file runs last, for the others need the stack."""

from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from local.template import TOP, load
from tests.deployed.stack import NAME, House, Refused, Stack

pytestmark = pytest.mark.deploy

FUNCTIONS = load().of_type("AWS::Serverless::Function")
# Those that clients wait for most.
PROVISIONED = ("Authorizer", "Transactions", "Registrations", "Pivot", "Downloads")


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
    assert all(after[name] > before[name] for name in before), "only the layer changed, and all functions use it"
    groups = stack.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{NAME}-")["logGroups"]
    assert {group["retentionInDays"] for group in groups} == {7}
    assert _provisioned(stack) == [f"{name}Function" for name in PROVISIONED]
    assert filled("GET", "/transactions?limit=100").json["paging"]["more"]


def test_functions_may_start_from_a_snapshot(stack: Stack) -> None:
    stack.deploy(SnapStart="PublishedVersions", ProvisionedConcurrency="0")
    assert _provisioned(stack) == []
    client, ids = stack.client("lambda"), stack.resources
    snap_start = {name: client.get_function_configuration(FunctionName=ids[name])["SnapStart"] for name in FUNCTIONS}
    without = {name for name, setting in snap_start.items() if setting["ApplyOn"] == "None"}
    assert without == {"ArrivalsFunction", "AbandonedFunction", "LaterFunction"}
    with pytest.raises(Refused, match="either SnapStart or provisioned concurrency"):
        stack.deploy(ProvisionedConcurrency="1")


def test_the_parameters_of_prod_are_deployed(stack: Stack) -> None:
    description = stack.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
    values = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in description["Parameters"]}
    table = stack.client("dynamodb").describe_table(TableName=stack.outputs["TableName"])["Table"]
    assert (values["Environment"], values["DeletionProtection"]) == ("prod", "true")
    assert table["DeletionProtectionEnabled"] is True


def test_the_table_refuses_to_be_deleted_until_its_protection_is_turned_off(stack: Stack) -> None:
    client, name = stack.client("dynamodb"), stack.outputs["TableName"]
    with pytest.raises(ClientError, match="protected against deletion"):
        client.delete_table(TableName=name)
    stack.deploy(DeletionProtection="false")
    assert client.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"] is False


def test_a_deleted_stack_leaves_only_its_table(stack: Stack) -> None:
    completed = stack.sam("delete", "--no-prompts")
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert stack.client("lambda").list_functions()["Functions"] == []
    assert stack.client("apigateway").get_rest_apis()["items"] == []
    tables = stack.client("dynamodb")
    assert stack.outputs["TableName"] in tables.list_tables()["TableNames"]
    tables.delete_table(TableName=stack.outputs["TableName"])


def _versions(stack: Stack) -> dict[str, int]:
    """The version that the alias of each function points to."""
    client = stack.client("lambda")
    names = [function["FunctionName"] for function in client.list_functions()["Functions"]]
    return {name: int(client.get_alias(FunctionName=name, Name="live")["FunctionVersion"]) for name in names}


def _provisioned(stack: Stack) -> list[str]:
    """The functions with provisioned concurrency."""
    client, ids = stack.client("lambda"), stack.resources
    names = []
    for name in FUNCTIONS:
        with suppress(client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
            client.get_provisioned_concurrency_config(FunctionName=ids[name], Qualifier="live")
            names.append(name)
    return names
