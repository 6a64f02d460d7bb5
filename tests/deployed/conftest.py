"""The whole system, deployed on this machine: `sam deploy` of what was built, to a ministack that enforces IAM.

Its functions run on the Python of Lambda, under their own roles. It speaks TLS, for the bucket's policy lets nobody
in without. Where it does less than AWS the template follows AWS, and `Stack` says what was done about it.
"""

import os
import secrets
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
import requests

from local import engine
from local.build import ARCHITECTURE, SAM
from local.template import TOP, load
from saldo.aws import api_keys
from saldo.aws.table import Table
from saldo.aws.wire import hand_over_bodies

PYTHON = TOP / ".venv-deploy" / "bin" / "python3.13"
NAME = "saldo-deployed"


class Reply(NamedTuple):
    """What came back over HTTP."""

    status: int
    headers: Any
    body: bytes
    json: Any

    @property
    def code(self) -> str:
        """Of a problem, which says no more than it should."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.json["status"] == self.status
        code: str = self.json["code"]
        return code


class Refused(Exception):
    """What was said of a deployment."""


class Stack:
    """The deployed stack: calls over HTTP, the clients of an operator, and what ministack leaves undone."""

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
        """A client of the operator, who may do everything."""
        return boto3.Session(region_name=engine.REGION).client(
            service,  # type: ignore[call-overload]
            endpoint_url=self._endpoint,
            verify=str(self.certificate),
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def sam(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run SAM as an operator would, by samconfig.toml, with no account but this one."""
        command = [str(SAM), *arguments, "--stack-name", NAME, "--region", engine.REGION]
        return subprocess.run(command, cwd=TOP, env=self.environment, capture_output=True, text=True, timeout=300)

    def deploy(self, **parameters: str) -> None:
        """Deploy what was built, as it is, with these parameters. Refused, with what was said, if it is not taken."""
        ran = self.sam(
            *("deploy", "--no-confirm-changeset", "--no-progressbar"),
            *(["--parameter-overrides"] * bool(parameters)),
            *(f"{name}={value}" for name, value in parameters.items()),
        )
        if ran.returncode:
            raise Refused(ran.stdout[-3000:] + ran.stderr)
        described = self.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
        self.outputs = {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}
        self._answer_for_the_gateway()

    @property
    def resources(self) -> dict[str, str]:
        """The physical id of each resource, by its logical id."""
        described = self.client("cloudformation").describe_stack_resources(StackName=NAME)["StackResources"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in described}

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
        """A key of the tenant. ministack looks for the gateway's key in the header, where only a client's can be, and
        not in the authorizer's answer: so here, and only here, one has the value of the other."""
        value = secrets.token_urlsafe(32)
        gateway = self.client("apigateway")
        made = gateway.create_api_key(name=f"{NAME}/{tenant}", value=value, enabled=True)["id"]
        plan = self.outputs[f"{tier.capitalize()}Tier"]
        gateway.create_usage_plan_key(usagePlanId=plan, keyId=made, keyType="API_KEY")
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
        own = ({"x-api-key": key} if key else {}) | (headers or {})
        return self._reply(self._http.request(method, url, headers=own, data=data, json=json, allow_redirects=False))

    def link(self, method: str, url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
        """Use a presigned link, as anybody could."""
        return self._reply(self._http.request(method, url, data=data, headers=headers))

    def _reply(self, answer: requests.Response) -> Reply:
        is_json = answer.content and "json" in answer.headers.get("Content-Type", "")
        return Reply(answer.status_code, answer.headers, answer.content, answer.json() if is_json else None)

    def _answer_for_the_gateway(self) -> None:
        """What the gateway itself answers stands in the API's OpenAPI document; ministack learns it by calls only."""
        gateway = self.client("apigateway")
        for kind, own in load().api["GatewayResponses"].items():
            gateway.put_gateway_response(
                restApiId=self.api,
                responseType=kind,
                statusCode=str(own["StatusCode"]),
                responseParameters={
                    f"gatewayresponse.header.{name}": value
                    for name, value in own["ResponseParameters"]["Headers"].items()
                },
                responseTemplates=own["ResponseTemplates"],
            )
        gateway.create_deployment(restApiId=self.api, stageName="live")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack, built for this machine and deployed."""
    ran = subprocess.run(["make", "build", f"ARCHITECTURE={ARCHITECTURE}"], cwd=TOP, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    folder = tmp_path_factory.mktemp("ministack")
    with engine.embedded(python=PYTHON, AUTH="true", USE_SSL="1", TMPDIR=str(folder)) as endpoint:
        deployed = Stack(endpoint, folder / "ministack-tls" / "server.crt")
        deployed.deploy()
        yield deployed
