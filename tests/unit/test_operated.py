"""What operators get from the template: alarms that tell somebody, a dashboard, and environments for `sam deploy`."""

import json
import re
import tomllib
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from local.template import TOP, load

TEMPLATE = load()
RESOURCES = TEMPLATE.document["Resources"]
PARAMETERS = TEMPLATE.document["Parameters"]
ALARMS = TEMPLATE.of_type("AWS::CloudWatch::Alarm")
TOPIC = [{"Fn::If": ["OwnAlarmTopic", {"Ref": "Alarms"}, {"Ref": "AlarmTopic"}]}]
CONFIG = tomllib.loads((TOP / "samconfig.toml").read_text())
ANSWERING = {route.function for route in TEMPLATE.routes} - {"HealthFunction", "PagesFunction"}


@pytest.mark.parametrize("name", ALARMS)
def test_each_alarm_tells_the_topic_when_it_goes_off_and_when_it_is_over(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["AlarmActions"] == alarm["OKActions"] == TOPIC
    assert alarm["TreatMissingData"] == "notBreaching"
    assert re.fullmatch(r"[A-Z].+\.", alarm["AlarmDescription"])


def functions_of(alarm: str) -> set[str]:
    return {
        dimension["Value"]["Ref"]
        for query in ALARMS[alarm]["Metrics"]
        for dimension in query.get("MetricStat", {}).get("Metric", {}).get("Dimensions", [])
    }


def test_every_function_that_answers_clients_is_watched() -> None:
    assert functions_of("FunctionErrorsAlarm") == ANSWERING
    assert functions_of("FunctionThrottlesAlarm") == ANSWERING | {"AuthorizerFunction"}
    for alarm in ("FunctionErrorsAlarm", "FunctionThrottlesAlarm"):
        assert len(functions_of(alarm)) <= 10, "AWS adds up no more in an alarm"


def dashboard() -> Any:
    """The dashboard's body, with the names of what it refers to in place of their values."""
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    return json.loads(re.sub(r"\$\{([\w:.]+)\}", r"<\1>", body))


def test_the_dashboard_shows_every_alarm_and_refers_only_to_what_there_is() -> None:
    widgets = dashboard()["widgets"]
    (shown,) = [widget["properties"]["alarms"] for widget in widgets if widget["type"] == "alarm"]
    assert sorted(shown) == sorted(f"<{name}.Arn>" for name in ALARMS)
    referred = set(re.findall(r"<(\w+)[.>]", json.dumps(widgets)))
    assert referred <= RESOURCES.keys() | PARAMETERS.keys()
    for widget in widgets:
        assert widget["x"] + widget["width"] <= 24


def test_no_two_widgets_lie_on_each_other() -> None:
    cells = [
        (x, y)
        for widget in dashboard()["widgets"]
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))


def test_each_way_to_deploy_is_gradual_or_not() -> None:
    mapped = TEMPLATE.document["Mappings"]["Deployments"]
    assert sorted(mapped) == sorted(PARAMETERS["Deployment"]["AllowedValues"])
    assert {name for name, way in mapped.items() if way["Gradual"] == "false"} == {"AllAtOnce"}
    assert PARAMETERS["Deployment"]["Default"] == "AllAtOnce", "the first deployment has nothing to go back to"


@pytest.mark.parametrize("environment", sorted(CONFIG.keys() - {"version"}))
def test_an_environment_sets_parameters_that_there_are_to_values_that_they_take(environment: str) -> None:
    text = CONFIG[environment]["deploy"]["parameters"].get("parameter_overrides", "")
    for name, _, value in (setting.partition("=") for setting in text.split()):
        parameter = PARAMETERS[name]
        assert value in map(str, parameter.get("AllowedValues", [value]))
        assert re.fullmatch(parameter.get("AllowedPattern", ".*"), value)
        assert parameter["Type"] == "String" or value.isdecimal()


def test_the_environments_are_stacks_of_their_own() -> None:
    names = [CONFIG[name]["global"]["parameters"]["stack_name"] for name in sorted(CONFIG.keys() - {"version"})]
    assert sorted(names) == ["saldo", "saldo-dev", "saldo-prod"]


def test_each_check_that_is_left_out_is_argued() -> None:
    lines = (TOP / ".checkov.yaml").read_text().partition("skip-check:\n")[2].splitlines()
    assert re.fullmatch(r"(?:(?:  # .+\n)+  - CKV_AWS_\d+\n)+", "".join(f"{line}\n" for line in lines))


OPERATIONS = (TOP / "docs" / "operations.md").read_text()


def rows(section: str) -> dict[str, list[str]]:
    """The rows of the table in a section of operations.md, by each name in backticks of the first cell."""
    content = OPERATIONS.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [re.split(r" ?\| ?", line)[1:-1] for line in content.splitlines() if line.startswith("| `")]
    return {name: cells for cells in lines for name in re.findall(r"`(\w+)`", cells[0])}


def test_operators_find_what_to_do_about_each_alarm() -> None:
    explained = rows("What an alarm means")
    assert set(explained) == set(ALARMS)
    assert all(len(cell) > 20 for cells in explained.values() for cell in cells[1:])


def test_operators_find_each_parameter_with_its_default_and_what_prod_sets() -> None:
    explained = rows("Parameters")
    assert set(explained) == set(PARAMETERS)
    text = CONFIG["prod"]["deploy"]["parameters"]["parameter_overrides"]
    prod = dict(setting.split("=") for setting in text.split())
    for name, (names, default, in_prod, _) in explained.items():
        place = re.findall(r"`(\w+)`", names).index(name)
        assert default.replace("`", "").split(", ")[place] in (str(PARAMETERS[name]["Default"]), "empty")
        assert in_prod.strip("`") == prod.get(name, "")


def commands() -> list[list[str]]:
    """The words of each call of an AWS API by the AWS CLI in operations.md."""
    blocks = "\n".join(re.findall(r"^ *```sh\n(.*?)^ *```", OPERATIONS, re.MULTILINE | re.DOTALL))
    calls = re.findall(r"\baws ([a-z0-9].*)", re.sub(r"\\\n\s*", "", blocks))
    return [call.partition(";")[0].split() for call in calls if not re.match(r"s3 |\w+ wait ", call)]


@pytest.mark.parametrize("words", commands(), ids=lambda words: " ".join(words[:2]))
def test_a_command_of_the_aws_cli_and_its_options_exist(words: list[str]) -> None:
    model = botocore.session.get_session().get_service_model(words[0])
    (operation,) = [name for name in model.operation_names if xform_name(name, "-") == words[1]]
    shape = model.operation_model(operation).input_shape
    assert shape is not None
    options = {xform_name(name, "-") for name in shape.members}
    of_the_cli = {"query", "output", "cli-binary-format", "notification-endpoint"}
    named = {word[2:].partition("=")[0].removeprefix("no-") for word in words if word.startswith("--")}
    assert named <= options | of_the_cli
