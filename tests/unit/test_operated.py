"""What operators get from the template: alarms that tell somebody, a dashboard, and environments for `sam deploy`."""

import json
import re
import tomllib
from typing import Any

import pytest

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
