"""What SAM makes of template.yaml with the parameters of `prod`: versions that take over step by step, and are rolled
back by alarms. ministack cannot deploy it, so it is translated only."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from local.build import SAM
from local.template import TOP, load
from tests.deployed.stack import PROD

pytestmark = pytest.mark.deploy

ANSWERING = {route.function for route in load().routes} - {"HealthFunction", "PagesFunction"}
# What rolls back a new version of a function, beside the alarms of the API and of the authorizer.
OF_THEIR_OWN = {name: ["FunctionErrorsAlarm"] for name in ANSWERING} | {"ArrivalsFunction": ["FailedArrivalsAlarm"]}


def translated(*parameters: str) -> dict[str, Any]:
    """The resources that SAM makes of the template."""
    program = Path(__file__).with_name("translation.py")
    command = [str(SAM.with_name("python")), str(program), str(TOP / "template.yaml"), *parameters]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    completed = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert completed.returncode == 0, completed.stderr
    resources: dict[str, Any] = json.loads(completed.stdout)["Resources"]
    return resources


def references(node: object) -> Iterator[str]:
    """What a part of a template refers to: resources and parameters."""
    match node:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": str(name)}:
            yield name.partition(".")[0]
        case {"Fn::Sub": str(text)}:
            yield from re.findall(r"\$\{(\w+)", text)
        case {"Fn::Sub": [str(text), values]}:
            yield from re.findall(r"\$\{(\w+)", text)
            yield from references(values)
        case dict():
            for value in node.values():
                yield from references(value)
        case list():
            for value in node:
                yield from references(value)


@pytest.fixture(scope="module")
def prod() -> dict[str, Any]:
    return translated(*PROD["parameter_overrides"].split())


def test_in_prod_each_alias_is_moved_by_a_deployment_that_alarms_roll_back(prod: dict[str, Any]) -> None:
    way = dict(setting.split("=") for setting in PROD["parameter_overrides"].split())["Deployment"]
    for name in load().of_type("AWS::Serverless::Function"):
        policy = prod[f"{name}Aliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = prod[policy["DeploymentGroupName"]["Ref"]]["Properties"]
        alarms = ["FailuresAlarm", "AuthorizerAlarm", *OF_THEIR_OWN.get(name, [])]
        assert group["AlarmConfiguration"] == {"Enabled": True, "Alarms": [{"Name": {"Ref": it}} for it in alarms]}
        assert prod.keys() >= set(alarms)
        assert group["AutoRollbackConfiguration"]["Enabled"] is True
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        assert group["DeploymentConfigName"]["Fn::Sub"][1] == {"ConfigName": way}


def test_nothing_waits_for_itself(prod: dict[str, Any]) -> None:
    """An alias waits for its deployment group, which waits for alarms: CloudFormation refuses a circle."""
    graph: dict[str, set[str]] = {}
    for name, resource in prod.items():
        waits_for = resource.get("DependsOn", [])
        named = {waits_for} if isinstance(waits_for, str) else set(waits_for)
        graph[name] = (named | set(references(resource))) & prod.keys()
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("FailuresAlarm") < order.index("PivotFunctionAliaslive")


def test_a_first_try_needs_no_code_deploy() -> None:
    kinds = {resource["Type"] for resource in translated().values()}
    assert not any("CodeDeploy" in kind for kind in kinds)
