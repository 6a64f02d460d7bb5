"""A deployed stack as its clients and its operator see it.

Where ministack does less than AWS, the template follows AWS, and the comments here say what makes up for it.
"""

import json
import os
import secrets
import subprocess
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import boto3
import requests
import yaml

from local import engine
from local.build import BUILT, SAM
from local.template import TOP, load
from saldo.aws import api_keys
from saldo.aws.table import Table
from saldo.aws.wire import hand_over_bodies

NAME = "saldo-deployed"
PROD = tomllib.loads((TOP / "samconfig.toml").read_text())["prod"]["deploy"]["parameters"]
# ministack has no CodeDeploy. What SAM makes of a gradual deployment: test_gradual.py.
UNABLE = {"Deployment": "AllAtOnce"}


class Reply(NamedTuple):
    """An HTTP response; `json` is None unless the body is JSON."""

    status: int
    headers: Any
    body: bytes
    json: Any

    @property
    def code(self) -> str:
        """The code of a problem. AssertionError if the response is not a problem."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.json["status"] == self.status
        code: str = self.json["code"]
        return code


class Refused(Exception):
    """A deployment failed; the message is SAM's output."""


class Stack:
    """The deployed stack: calls over HTTP, clients for the operator, and what ministack leaves undone."""

    def __init__(self, endpoint: str, certificate: Path) -> None:
        self.certificate = certificate
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **engine.environment(),
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_CA_BUNDLE": str(certificate),
            "SAM_CLI_TELEMETRY": "0",
        }
        self._endpoint = endpoint
        self._http = requests.Session()
        self._http.verify = str(certificate)
        self._http.trust_env = False
        self.outputs: dict[str, str] = {}

    def client(self, service: str) -> Any:
        """A boto3 client of the operator, who may do everything."""
        return boto3.Session(region_name=engine.REGION).client(
            service,  # type: ignore[call-overload]
            endpoint_url=self._endpoint,
            verify=str(self.certificate),
            aws_access_key_id=engine.ROOT.id,
            aws_secret_access_key=engine.ROOT.secret,
        )

    def sam(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run SAM as an operator would, with samconfig.toml and no account but ministack's."""
        command = [str(SAM), *arguments, "--stack-name", NAME, "--region", engine.REGION]
        return subprocess.run(command, cwd=TOP, env=self.environment, capture_output=True, text=True, timeout=300)

    def deploy(self, **parameters: str) -> None:
        """Deploy the build as `prod`, but for these parameters. Refused if it fails."""
        prod = dict(setting.split("=") for setting in PROD["parameter_overrides"].split())
        completed = self.sam(
            *("deploy", "--template-file", str(_for_ministack())),
            *("--config-file", str(TOP / "samconfig.toml"), "--config-env", "prod"),
            *("--no-confirm-changeset", "--no-progressbar", "--parameter-overrides"),
            *(f"{name}={value}" for name, value in (prod | UNABLE | parameters).items()),
        )
        if completed.returncode:
            raise Refused(completed.stdout[-3000:] + completed.stderr)
        description = self.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in description["Outputs"]}
        self._put_gateway_responses()

    @property
    def resources(self) -> dict[str, str]:
        """The physical id of each resource, by its logical id."""
        resources = self.client("cloudformation").describe_stack_resources(StackName=NAME)["StackResources"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}

    @property
    def api(self) -> str:
        """The id of the API."""
        return self.outputs["ApiUrl"].removeprefix("https://").partition(".")[0]

    @property
    def table(self) -> Table:
        client = self.client("dynamodb")
        hand_over_bodies(client)
        return Table(client, self.outputs["TableName"])

    def key(self, tenant: str, scopes: Collection[str] = api_keys.SCOPES, tier: str = "premium") -> str:
        """Make a key for the tenant.

        ministack takes the gateway's key from the request header, AWS from the authorizer's answer. So here, and only
        here, the client's key and the gateway's key have the same value.
        """
        value = secrets.token_urlsafe(32)
        gateway = self.client("apigateway")
        key_id = gateway.create_api_key(name=f"{NAME}/{tenant}", value=value, enabled=True)["id"]
        plan = self.outputs[f"{tier.capitalize()}Tier"]
        gateway.create_usage_plan_key(usagePlanId=plan, keyId=key_id, keyType="API_KEY")
        return api_keys.make(self.table, tenant, scopes, key=value, gateway_key=value)

    def __call__(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
        json: object = None,
    ) -> Reply:
        """Send a request to the API; redirects are not followed."""
        url = f"{self._endpoint}/restapis/{self.api}/live/_user_request_{path}"
        all_headers = ({"x-api-key": key} if key else {}) | (headers or {})
        response = self._http.request(method, url, headers=all_headers, data=data, json=json, allow_redirects=False)
        return self._reply(response)

    def link(self, method: str, url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
        """Use a presigned link, as anybody could."""
        return self._reply(self._http.request(method, url, data=data, headers=headers))

    def failures(self, import_id: str) -> int:
        """How many runs of arrivals for the import have failed so far, as they have logged it."""
        pages = self.client("logs").get_paginator("filter_log_events")
        events = pages.paginate(logGroupName=self.resources["ArrivalsLogGroup"]).search("events[].message")
        return sum(import_id in message and '"failed"' in message for message in events)

    def put_aside(self, event: object) -> None:
        """Send arrivals' event to both queues, as AWS does when Lambda has given up on it.

        ministack knows neither the destination of an alias nor the dead-letter queue of a function that
        CloudFormation made.
        """
        sqs = self.client("sqs")
        record = json.dumps({"requestPayload": event})
        sqs.send_message(QueueUrl=self.resources["FailedArrivals"], MessageBody=record)
        sqs.send_message(QueueUrl=self.resources["AbandonedArrivals"], MessageBody=json.dumps(event))

    def _reply(self, response: requests.Response) -> Reply:
        is_json = response.content and "json" in response.headers.get("Content-Type", "")
        return Reply(response.status_code, response.headers, response.content, response.json() if is_json else None)

    def _put_gateway_responses(self) -> None:
        """SAM puts GatewayResponses into the OpenAPI document; ministack takes them by API call only."""
        gateway = self.client("apigateway")
        for kind, response in load().api["GatewayResponses"].items():
            headers = response["ResponseParameters"]["Headers"]
            gateway.put_gateway_response(
                restApiId=self.api,
                responseType=kind,
                statusCode=str(response["StatusCode"]),
                responseParameters={f"gatewayresponse.header.{name}": value for name, value in headers.items()},
                responseTemplates=response["ResponseTemplates"],
            )
        gateway.create_deployment(restApiId=self.api, stageName="live")


def _for_ministack() -> Path:
    """The built template, in which each alarm watches one metric: ministack cannot add several up."""
    document = yaml.safe_load((BUILT / "template.yaml").read_text())
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::CloudWatch::Alarm" and (metrics := resource["Properties"].pop("Metrics", None)):
            watched = metrics[0]["MetricStat"]
            resource["Properties"] |= watched["Metric"] | {"Statistic": watched["Stat"], "Period": watched["Period"]}
    path = BUILT / "ministack.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


class House:
    """A customer of a new tenant, and calls with the tenant's key."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.tenant = f"t-{uuid4().hex[:12]}"
        self.key = stack.key(self.tenant)
        self.path = "/api/v1/customer/house"
        external_keys = [{"type": "crm", "key": "1001"}]
        assert self("PUT", "", json={"currency": "EUR", "externalKeys": external_keys}).status == 201

    def __call__(self, method: str, path: str, **more: Any) -> Reply:
        """Send a request to a path below the customer's."""
        return self._stack(method, self.path + path, key=self.key, **more)

    def register(self, *rows: dict[str, object]) -> dict[str, int]:
        """Register rows by the bulk call; returns its counts, without the rows that were there already."""
        reply = self("POST", "/transactions", json={"transactions": rows})
        assert reply.status == 200
        counts: dict[str, Any] = reply.json["data"]
        return {name: count for name, count in counts.items() if name != "skipped"}
