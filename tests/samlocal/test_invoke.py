"""`sam local invoke`: each event in a new container, with the variables that the template gives the function."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from local import engine
from local.containers import HostAddress
from local.emulator import FunctionError
from local.sam import Sam
from local.storage import create_bucket, create_table
from local.template import load
from saldo.aws.table import Table
from saldo.aws.wire import hand_over_bodies
from tests.events import check, each_event, event, function_of, put_what_they_speak_of

pytestmark = pytest.mark.sam

JOB = "/api/v1/customer/{customerId}/jobs/{jobId}"
STATEMENT = b"transactionDate,amount,description\n2026-05-01,2900,SALARIS\n2026-05-02,-12.30,ALBERT HEIJN\n"


@pytest.fixture(scope="module")
def sam(host: HostAddress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sam]:
    """SAM, with an engine that holds what the events refer to, including the file that arrives."""
    (record,) = event("arrivals")["Records"]
    bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
    with engine.embedded(host.listen) as endpoint:
        dynamodb, s3 = boto3.client("dynamodb", endpoint_url=endpoint), boto3.client("s3", endpoint_url=endpoint)
        create_table(load(), dynamodb, "saldo")
        hand_over_bodies(dynamodb)
        put_what_they_speak_of(Table(dynamodb, "saldo"), "awaiting-upload")
        create_bucket(load(), s3, bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=STATEMENT)
        environment = engine.environment(endpoint) | load().environment(Table="saldo", Bucket=bucket)
        yield Sam(tmp_path_factory.mktemp("sam") / "variables.json", environment, host)


@each_event
def test_each_event_is_answered(sam: Sam, path: Path) -> None:
    function = function_of(path)
    check(function, sam.invoke(function, event(path.stem)))


def test_a_file_that_arrives_is_imported(sam: Sam) -> None:
    sam.invoke("ArrivalsFunction", event("arrivals"))
    shown = json.loads(sam.invoke("ImportsFunction", event("imports-show"))["body"])
    assert (shown["status"], shown["received"], shown["imported"]) == ("completed", 2, 2)


def test_a_job_is_run(sam: Sam) -> None:
    begun = json.loads(sam.invoke("JobsFunction", event("jobs-categorise"))["body"])
    arrival = event("arrivals")
    arrival["Records"][0]["s3"]["object"]["key"] = f"jobs/{begun['jobId']}/0"
    sam.invoke("ArrivalsFunction", arrival)
    look = event("jobs-categorise") | {"httpMethod": "GET", "resource": JOB, "body": None}
    look["pathParameters"] = look["pathParameters"] | {"jobId": begun["jobId"]}
    shown = json.loads(sam.invoke("JobsFunction", look)["body"])
    assert (shown["status"], shown["done"], shown["of"]) == ("completed", begun["of"], begun["of"])


def test_an_exception_of_a_handler_is_an_error(sam: Sam) -> None:
    with pytest.raises(FunctionError, match='"errorType": "KeyError"'):
        sam.invoke("ArrivalsFunction", {"Records": [{}]})
