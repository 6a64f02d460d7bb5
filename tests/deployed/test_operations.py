"""The commands of docs/operations.md, run against the deployed stack by the AWS CLI: those that can run here.

What cannot: `cancel-update-stack` and the canary (ministack has no CodeDeploy), a checkout of an older version, and
`sam deploy --guided`, which asks; that the stack is deployed, updated and deleted is tested beside.
"""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from local.events import arrival_event
from local.template import TOP
from tests.deployed.stack import NAME, House, Stack
from tests.deployed.test_calls import STATEMENT, wait_until

pytestmark = pytest.mark.deploy
PAGE = (TOP / "docs" / "operations.md").read_text()
# Debian's: the AWS CLI of the docs is version 2, which is not on the Python index.
CLI = Path("/usr/bin/aws")


def commands(heading: str) -> list[str]:
    """The blocks of commands below a heading, as the page has them but for the name of the stack."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else PAGE.partition("\n## ")[0]
    indented = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    blocks = [re.sub("^ {3}", "", block, flags=re.MULTILINE) for block in indented]
    assert blocks, heading
    return [
        re.sub(r"(--stack-name |--stack |STACK=|/aws/apigateway/)saldo\b", rf"\1{NAME}", block) for block in blocks
    ]


def run(stack: Stack, script: str, folder: Path) -> str:
    """What the commands print. AssertionError if one of them fails."""
    if not CLI.exists():
        pytest.fail("the AWS CLI 2 is not installed: Debian has it as awscli")
    endpoint = stack.environment["AWS_ENDPOINT_URL"]
    # This version knows no endpoint from the environment.
    aws = f'aws() {{ {CLI} --endpoint-url {endpoint} "$@"; }}\n'
    completed = subprocess.run(
        ["bash", "-euc", f"{aws}{commands('')[0]}{script}"],
        cwd=folder,
        env=stack.environment | {"AWS_PAGER": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


def test_somebody_subscribes_to_the_alarms(stack: Stack, tmp_path: Path) -> None:
    subscribe = next(line for line in commands("Deploy")[0].splitlines() if line.startswith("aws sns"))
    run(stack, subscribe, tmp_path)
    topic = stack.outputs["AlarmTopic"]
    (subscription,) = stack.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert subscription["Endpoint"] == "you@example.com"


def test_a_function_is_set_back_to_a_version(stack: Stack, tmp_path: Path) -> None:
    client, function = stack.client("lambda"), stack.resources["TransactionsFunction"]
    before = client.get_alias(FunctionName=function, Name="live")["FunctionVersion"]
    listed, set_back = commands("Roll back")[-1].splitlines()
    assert json.loads(run(stack, listed, tmp_path)), "its version before"
    run(stack, set_back.replace("--function-version 12", f"--function-version {before}"), tmp_path)
    assert client.get_alias(FunctionName=function, Name="live")["FunctionVersion"] == before


def test_a_key_is_made_listed_revoked_and_looked_for_in_the_logs(stack: Stack, house: House, tmp_path: Path) -> None:
    make, list_, revoke = commands("Keys")[0].splitlines()
    script = make.replace("acme", house.tenant).replace("make key", f"make -s -C {TOP} key")
    saldo = f"{TOP}/.venv/bin/saldo"
    run(stack, script, tmp_path)
    listed = run(stack, list_.replace("saldo key", f"{saldo} key", 1), tmp_path)
    (line,) = [line for line in listed.splitlines() if house.tenant in line and "standard" in line]
    identity = line.split(",")[0]
    run(stack, revoke.replace("3f9a0c12", identity).replace("saldo key", f"{saldo} key", 1), tmp_path)
    assert identity not in run(stack, list_.replace("saldo key", f"{saldo} key", 1), tmp_path)
    query = commands("Keys")[1].replace("3f9a0c12", identity)
    assert json.loads(run(stack, query, tmp_path))["queryId"]


def test_a_failed_event_is_sent_again(stack: Stack, house: House, tmp_path: Path) -> None:
    created = house("POST", "/imports", json={"filename": "january.csv"}).json
    key = f"uploads/{created['importId']}"
    stack.client("sqs").purge_queue(QueueUrl=stack.resources["FailedArrivals"])
    # As Lambda keeps what failed; the file arrives, and nobody is told.
    event = arrival_event(stack.outputs["BucketName"], key, len(STATEMENT), "e")
    stack.client("sqs").send_message(
        QueueUrl=stack.resources["FailedArrivals"], MessageBody=json.dumps({"requestPayload": event})
    )
    stack.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=STATEMENT)

    def shown() -> Any:
        return house("GET", f"/imports/{created['importId']}").json

    run(stack, commands("Send a failed job again")[0], tmp_path)
    ended = wait_until(lambda answer: answer["status"] == "completed", shown)
    assert (ended["status"], ended["imported"]) == ("completed", 2)
    assert "Messages" not in stack.client("sqs").receive_message(QueueUrl=stack.resources["FailedArrivals"])


def test_a_table_is_restored_and_erased_again(stack: Stack, house: House, tmp_path: Path) -> None:
    restore, erase_again, *_ = commands("Restore from a backup, and erase again")
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    run(stack, restore.replace("2026-05-01T12:00:00Z", moment), tmp_path)
    try:
        assert house("DELETE", "").status == 202
        wait_until(lambda status: status == 201, lambda: house("PUT", "", json={"currency": "EUR"}).status)
        printed = run(stack, erase_again.replace("make erase-again", f"make -s -C {TOP} erase-again"), tmp_path)
        assert re.match(r"erased [1-9]\d* customers in table restored", printed)
        found = stack.client("dynamodb").scan(TableName="restored")["Items"]
        assert [item for item in found if f"#{house.tenant}#" in item["PK"]["S"]] == []
    finally:
        stack.client("dynamodb").delete_table(TableName="restored")
