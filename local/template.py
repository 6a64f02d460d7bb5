"""Reads template.yaml, the only description of the system, for the local gateway, the engines and the tests.

CloudFormation's short intrinsics become their long forms: `!Ref Table` is `{"Ref": "Table"}`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TOP = Path(__file__).parents[1]


class Route(NamedTuple):
    """API Gateway calls the function for the method on the path; `guarded` if the authorizer checks the key first."""

    method: str
    path: str
    function: str
    guarded: bool


class Function(NamedTuple):
    """Where a function's code is, the name of its handler there, and the seconds after which Lambda ends it."""

    name: str
    folder: Path
    module: str
    handler: str
    timeout: int


class Notification(NamedTuple):
    """S3 calls the function for each new file whose key has one of the prefixes; a failed call is retried.

    `abandoned` is the function that gets the event when its retries are used up, by way of the dead-letter queue.
    """

    function: str
    prefixes: tuple[str, ...]
    retries: int
    abandoned: str


class GatewayResponse(NamedTuple):
    """An answer of API Gateway itself; `body` may hold its variables, such as `$context.requestId`."""

    status: int
    headers: Mapping[str, str]
    body: str


class Template:
    """template.yaml, parsed."""

    def __init__(self, path: Path = TOP / "template.yaml") -> None:
        self.document: dict[str, Any] = yaml.load(path.read_text(), _Loader)
        self._resources: dict[str, dict[str, Any]] = self.document["Resources"]
        self.api: dict[str, Any] = self._resources["Api"]["Properties"]
        self.routes = tuple(self._routes())

    def of_type(self, type_: str) -> dict[str, dict[str, Any]]:
        """The properties of the resources of a type, by logical id."""
        return {name: item["Properties"] for name, item in self._resources.items() if item["Type"] == type_}

    def function(self, name: str) -> Function:
        properties = self._resources[name]["Properties"]
        module, handler = properties["Handler"].split(".")
        timeout = properties.get("Timeout", self.document["Globals"]["Function"]["Timeout"])
        return Function(name, TOP / properties["CodeUri"], module, handler, timeout)

    @property
    def authorizer(self) -> str:
        """The logical id of the function that checks keys."""
        auth = self.api["Auth"]
        function: str = auth["Authorizers"][auth["DefaultAuthorizer"]]["FunctionArn"]["Ref"]
        return function.partition(".")[0]  # without its alias

    @property
    def arrivals(self) -> Notification:
        """What happens when a file arrives in the bucket."""
        events = self._events("S3")
        (function,), prefixes = {name for name, _ in events}, []
        for _, event in events:
            (rule,) = event["Filter"]["S3Key"]["Rules"]
            prefixes.append(rule["Value"])
        properties = self._resources[function]["Properties"]
        dead_letters = properties["DeadLetterQueue"]["TargetArn"]
        (abandoned,) = (name for name, event in self._events("SQS") if event["Queue"] == dead_letters)
        return Notification(
            function, tuple(prefixes), properties["EventInvokeConfig"]["MaximumRetryAttempts"], abandoned
        )

    def gateway_response(self, kind: str) -> GatewayResponse:
        response = self.api["GatewayResponses"][kind]
        headers = {name: value.strip("'") for name, value in response["ResponseParameters"]["Headers"].items()}
        return GatewayResponse(response["StatusCode"], headers, response["ResponseTemplates"]["application/json"])

    def environment(self, function: str | None = None, **references: str) -> dict[str, str]:
        """The variables of a function, or the union of those of all functions; empty ones are left out.

        `references` gives the values of what the template refers to, by logical id; parameters have their defaults,
        but without a bus of events, for here what has ended is told to the log, and without the wait of an erasure,
        for here no queue keeps a message back.
        """
        defaults = {name: str(parameter["Default"]) for name, parameter in self.document["Parameters"].items()}
        absent = {"EventBus": "", "ErasureWaitSeconds": "", "WaitingSteps": ""}
        references = {**defaults, **absent, "AWS::StackName": "saldo", **references}
        variables = dict(self.document["Globals"]["Function"]["Environment"]["Variables"])
        for name, properties in self.of_type("AWS::Serverless::Function").items():
            if function in (None, name):
                variables |= properties.get("Environment", {}).get("Variables", {})
        return {
            name: text
            for name, value in variables.items()
            if (text := references[value["Ref"]] if isinstance(value, dict) else str(value))
        }

    @property
    def table(self) -> dict[str, Any]:
        """The properties of the table as CreateTable takes them, without its name."""
        properties = self._resources["Table"]["Properties"]
        return {
            name: properties[name]
            for name in ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        }

    @property
    def time_to_live(self) -> dict[str, Any]:
        specification: dict[str, Any] = self._resources["Table"]["Properties"]["TimeToLiveSpecification"]
        return specification

    @property
    def bucket(self) -> dict[str, Any]:
        """The properties of the bucket of uploads and downloads."""
        properties: dict[str, Any] = self._resources["Bucket"]["Properties"]
        return properties

    def _routes(self) -> list[Route]:
        return [
            Route(event["Method"], event["Path"], name, event.get("Auth", {}).get("Authorizer") != "NONE")
            for name, event in self._events("Api")
        ]

    def _events(self, type_: str) -> list[tuple[str, dict[str, Any]]]:
        """The functions that events of a type call, each with the properties of the event."""
        return [
            (name, event["Properties"])
            for name, properties in self.of_type("AWS::Serverless::Function").items()
            for event in properties.get("Events", {}).values()
            if event["Type"] == type_
        ]


@cache
def load() -> Template:
    return Template()


# libyaml, which the wheels of PyYAML bring, takes 20 ms for the template, and PyYAML itself 160.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Reads CloudFormation's short intrinsics too."""


def _intrinsic(loader: yaml.constructor.SafeConstructor, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_scalar(node)}  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _intrinsic)
