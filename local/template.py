"""Reads template.yaml: what the local machine and the tests need to know of the system stands only there.

CloudFormation's short intrinsics become their long forms: !Ref Table is {"Ref": "Table"}.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TOP = Path(__file__).parents[1]


class Route(NamedTuple):
    """An event of a function: API Gateway calls the function for the method on the path."""

    method: str
    path: str
    function: str
    guarded: bool


class Function(NamedTuple):
    """Where a function's code lies, and which name in it is called."""

    name: str
    folder: Path
    module: str
    handler: str


class Arrivals(NamedTuple):
    """What S3 calls for a file whose key has the prefix, and how often again if that fails."""

    function: str
    prefix: str
    retries: int


class GatewayAnswer(NamedTuple):
    """What API Gateway itself answers; `body` is a template of its own variables."""

    status: int
    headers: Mapping[str, str]
    body: str


class Template:
    """template.yaml."""

    def __init__(self, path: Path = TOP / "template.yaml") -> None:
        self.document: dict[str, Any] = yaml.load(path.read_text(), _Loader)
        self._resources: dict[str, dict[str, Any]] = self.document["Resources"]
        self.api: dict[str, Any] = self._resources["Api"]["Properties"]
        self.routes = tuple(self._routes())

    def of_type(self, type_: str) -> dict[str, dict[str, Any]]:
        """The properties of the resources of a type, by logical id."""
        return {name: one["Properties"] for name, one in self._resources.items() if one["Type"] == type_}

    def function(self, name: str) -> Function:
        properties = self._resources[name]["Properties"]
        module, handler = properties["Handler"].split(".")
        return Function(name, TOP / properties["CodeUri"], module, handler)

    @property
    def authorizer(self) -> str:
        """The logical id of the function that checks keys."""
        own = self.api["Auth"]["Authorizers"][self.api["Auth"]["DefaultAuthorizer"]]
        name: str = own["FunctionArn"]["Ref"].partition(".")[0]
        return name

    @property
    def arrivals(self) -> Arrivals:
        """The function that S3 calls when a file arrives."""
        for name, properties in self.of_type("AWS::Serverless::Function").items():
            for event in properties.get("Events", {}).values():
                if event["Type"] == "S3":
                    (rule,) = event["Properties"]["Filter"]["S3Key"]["Rules"]
                    return Arrivals(name, rule["Value"], properties["EventInvokeConfig"]["MaximumRetryAttempts"])
        raise LookupError("no function listens to S3")

    def gateway_answer(self, kind: str) -> GatewayAnswer:
        given = self.api["GatewayResponses"][kind]
        headers = {name: value.strip("'") for name, value in given["ResponseParameters"]["Headers"].items()}
        return GatewayAnswer(given["StatusCode"], headers, given["ResponseTemplates"]["application/json"])

    def environment(self, function: str | None = None, **references: str) -> dict[str, str]:
        """The variables of a function, or of all of them at once, with `references` for what the template refers
        to; without those that are empty, which is as good as not set."""
        own = self.of_type("AWS::Serverless::Function")
        variables = dict(self.document["Globals"]["Function"]["Environment"]["Variables"])
        for name, properties in own.items():
            if function in (None, name):
                variables |= properties.get("Environment", {}).get("Variables", {})
        return {
            name: references[value["Ref"]] if isinstance(value, dict) else str(value)
            for name, value in variables.items()
            if value
        }

    @property
    def table(self) -> dict[str, Any]:
        """The properties of the table, as CreateTable takes them but for its name."""
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
        """The properties of the bucket of the downloads."""
        properties: dict[str, Any] = self._resources["Bucket"]["Properties"]
        return properties

    def _routes(self) -> list[Route]:
        return [
            Route(
                event["Properties"]["Method"],
                event["Properties"]["Path"],
                name,
                event["Properties"].get("Auth", {}).get("Authorizer") != "NONE",
            )
            for name, properties in self.of_type("AWS::Serverless::Function").items()
            for event in properties.get("Events", {}).values()
            if event["Type"] == "Api"
        ]


@cache
def load() -> Template:
    return Template()


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short intrinsics."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_scalar(node)}  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _intrinsic)
