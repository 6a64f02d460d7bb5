"""Clients that read reduced models send and raise the same as those that read botocore's own, in every region."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import botocore.auth
import botocore.session
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, EndpointResolutionError
from botocore.loaders import Loader
from moto.core.models import botocore_stubber

from local.service_models import CALLED, write
from saldo.aws import clients as clients_module
from saldo.aws.clients import DYNAMODB, config

STORAGE = Path(clients_module.__file__).parent
KEY = {"PK": {"S": "a"}, "SK": {"S": "b"}}
QUERY = {"KeyConditionExpression": "PK = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}
EVENT = {"Source": "saldo", "DetailType": "x", "Detail": "{}", "EventBusName": "b"}
PUT = {"Item": KEY | {"n": {"N": "1"}}, "TableName": "t", "ConditionExpression": "attribute_not_exists(PK)"}
OBJECT = {"Bucket": "bucket", "Key": "a/b c"}
CALLS: dict[str, dict[str, dict[str, Any]]] = {
    "dynamodb": {
        "BatchGetItem": {"RequestItems": {"t": {"Keys": [KEY], "ConsistentRead": True}}},
        "BatchWriteItem": {"RequestItems": {"t": [{"DeleteRequest": {"Key": KEY}}]}},
        "GetItem": {"TableName": "t", "Key": KEY},
        "PutItem": PUT,
        "Query": QUERY | {"TableName": "t"},
        "TransactWriteItems": {"TransactItems": [{"Put": PUT}], "ClientRequestToken": "token"},
    },
    "events": {"PutEvents": {"Entries": [EVENT]}},
    "s3": {
        "DeleteObject": OBJECT,
        "DeleteObjects": {"Bucket": "bucket", "Delete": {"Objects": [{"Key": "a"}], "Quiet": True}},
        "GetObject": OBJECT,
        "HeadObject": OBJECT,
        "ListObjectsV2": {"Bucket": "bucket", "Prefix": "a/", "MaxKeys": 1},
        "PutObject": OBJECT | {"Body": b"x", "Metadata": {"rows": "1"}, "IfNoneMatch": "*"},
    },
    "sqs": {"SendMessage": {"QueueUrl": "https://sqs.test/1/q", "MessageBody": "x", "DelaySeconds": 900}},
}
LINKS = {
    "get_object": OBJECT | {"ResponseContentType": "text/csv", "ResponseContentDisposition": 'filename="a"'},
    "put_object": OBJECT | {"IfNoneMatch": "*", "ContentLength": 3, "ChecksumSHA256": "x" * 44},
}
S3_OPTIONS = {
    "signature_version": "s3v4",
    "request_checksum_calculation": "when_required",
    "s3": {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
}
# The id of an attempt, and a list of the features that are used, in no order.
VARYING = ("amz-sdk-invocation-id", "User-Agent")
CANCELLED = b'{"__type": "x#TransactionCanceledException", "CancellationReasons": [{"Code": "TransactionConflict"}]}'
FAILED = b'{"__type": "x#ConditionalCheckFailedException", "message": "no"}'
NO_SUCH_KEY = b"<Error><Code>NoSuchKey</Code><Message>no</Message><Key>a</Key></Error>"


class Sessions(NamedTuple):
    """The session of the layer, which reads reduced models, and the same without them."""

    reduced: botocore.session.Session
    whole: botocore.session.Session


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models")
    write(path)
    return path


@pytest.fixture(scope="module")
def sessions(folder: Path) -> Iterator[Sessions]:
    with layer_session(folder / "there is none") as whole:
        # The hosts are read with the first client.
        whole.create_client("dynamodb", "eu-west-1")
    with layer_session(folder) as reduced:
        yield Sessions(reduced, whole)


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures are made at one moment. Moto, which other tests of the process may have begun, does not answer."""
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda **_: datetime(2026, 3, 4, 5, 6, 7))
    monkeypatch.setattr(botocore_stubber, "enabled", False)


@contextmanager
def layer_session(models: Path) -> Iterator[botocore.session.Session]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clients_module, "_REDUCED", models)
        clients_module.session.cache_clear()
        yield clients_module.session()
    clients_module.session.cache_clear()


def client(session: botocore.session.Session, service: str, region: str, **options: Any) -> Any:
    endpoint = options.pop("endpoint_url", None)
    settings = config(DYNAMODB, **options, **(S3_OPTIONS if service == "s3" else {}))
    return session.create_client(service, region, config=settings, endpoint_url=endpoint)


def sent(client: Any, operation: str, status: int = 200, body: bytes = b"") -> tuple[Any, ...]:
    """What is sent for the call, and what becomes of such an answer to it."""
    requests: list[tuple[Any, ...]] = []

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        headers = {name: value for name, value in request.headers.items() if name not in VARYING}
        content = request.body.read() if isinstance(request.body, BytesIO) else request.body
        requests.append((request.method, request.url, headers, content))
        return AWSResponse(request.url, status, HTTPHeaders(), SimpleNamespace(stream=lambda: iter([body])))

    client.meta.events.register("before-send", answer, unique_id="answer")
    try:
        outcome: Any = getattr(client, xform_name(operation))(
            **CALLS[client.meta.service_model.service_name][operation]
        )
        outcome.pop("Body", None)
    except ClientError as error:
        outcome = [kind.__name__ for kind in type(error).__mro__], error.response
    except EndpointResolutionError as error:
        outcome = str(error)
    client.meta.events.unregister("before-send", unique_id="answer")
    return requests, outcome


def all_sent(client: Any) -> list[tuple[Any, ...]]:
    return [sent(client, operation) for operation in CALLS[client.meta.service_model.service_name]]


def regions() -> Iterator[str]:
    session = botocore.session.get_session()
    for partition in session.get_available_partitions():
        # Of each partition also a region that is newer than the data.
        known = session.get_available_regions("dynamodb", partition)
        yield from known
        yield f"{known[0][:-1]}9"


def test_each_operation_that_storage_names_is_in_the_reduced_models() -> None:
    operations = {service: Loader().load_service_model(service, "service-2")["operations"] for service in CALLED}
    names = {xform_name(name): (service, name) for service in CALLED for name in operations[service]}
    called = set()
    for path in STORAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            # As a method of a client, or by its name.
            word = node.attr if isinstance(node, ast.Attribute) else getattr(node, "value", None)
            if isinstance(word, str) and word in names:
                called.add(names[word])
    assert {service for service, _ in called} == set(CALLED)
    assert called <= {(service, name) for service, operations in CALLED.items() for name in operations}


def test_each_reduced_operation_is_compared_here() -> None:
    assert {service: set(calls) for service, calls in CALLS.items()} == {
        service: set(operations) for service, operations in CALLED.items()
    }


@pytest.mark.build
@pytest.mark.parametrize("region", list(regions()))
def test_requests_and_links_are_the_same_in_every_region(sessions: Sessions, region: str) -> None:
    for service in CALLS:
        reduced, whole = (client(session, service, region) for session in sessions)
        assert reduced.meta.endpoint_url == whole.meta.endpoint_url
        assert all_sent(reduced) == all_sent(whole)
    for operation, parameters in LINKS.items():
        links = [client(session, "s3", region).generate_presigned_url(operation, parameters) for session in sessions]
        assert links[0] == links[1]
        assert "X-Amz-Signature=" in links[0]


@pytest.mark.parametrize(
    "options",
    [{"use_fips_endpoint": True}, {"use_dualstack_endpoint": True}, {"endpoint_url": "http://engine.test:4566"}],
    ids=str,
)
@pytest.mark.parametrize("service", CALLS)
def test_endpoints_of_other_kinds_are_the_same(sessions: Sessions, service: str, options: dict[str, Any]) -> None:
    reduced, whole = (client(session, service, "us-gov-west-1", **options) for session in sessions)
    assert all_sent(reduced) == all_sent(whole)


@pytest.mark.parametrize(
    ("service", "operation", "status", "body", "kind"),
    [
        ("dynamodb", "TransactWriteItems", 400, CANCELLED, "TransactionCanceledException"),
        ("dynamodb", "PutItem", 400, FAILED, "ConditionalCheckFailedException"),
        # One that the operation does not name.
        ("dynamodb", "GetItem", 400, FAILED, "ConditionalCheckFailedException"),
        ("dynamodb", "Query", 400, b'{"__type": "x#NobodyKnowsThisException"}', "ClientError"),
        ("s3", "GetObject", 404, NO_SUCH_KEY, "NoSuchKey"),
        ("s3", "HeadObject", 404, b"", "ClientError"),
        ("events", "PutEvents", 500, b"", "ClientError"),
        ("sqs", "SendMessage", 400, b'{"__type": "com.amazonaws.sqs#QueueDoesNotExist"}', "QueueDoesNotExist"),
    ],
)
def test_errors_are_the_same(
    sessions: Sessions, service: str, operation: str, status: int, body: bytes, kind: str
) -> None:
    reduced, whole = (sent(client(session, service, "eu-west-1"), operation, status, body) for session in sessions)
    assert reduced == whole
    assert reduced[-1][0][0] == kind


@pytest.mark.parametrize("service", CALLS)
def test_all_error_classes_are_there(sessions: Sessions, service: str) -> None:
    reduced, whole = (client(session, service, "eu-west-1").meta.service_model for session in sessions)
    assert [shape.name for shape in reduced.error_shapes] == [shape.name for shape in whole.error_shapes]


def test_a_later_version_of_an_api_is_read_from_botocore_itself(folder: Path, tmp_path: Path) -> None:
    """The runtime's botocore may be newer than the build."""
    (version,) = (folder / "dynamodb").iterdir()
    old = tmp_path / "dynamodb" / "2010-01-01" / "service-2.json"
    old.parent.mkdir(parents=True)
    old.write_bytes((version / "service-2.json").read_bytes())
    with layer_session(tmp_path) as session:
        made = client(session, "dynamodb", "eu-west-1")
    assert made.meta.service_model.api_version == version.name
    assert "CreateTable" in made.meta.service_model.operation_names


def test_the_layer_reads_the_reduced_models(sessions: Sessions) -> None:
    for service, operations in CALLED.items():
        names = client(sessions.reduced, service, "eu-west-1").meta.service_model.operation_names
        assert set(operations) <= set(names)
        assert len(names) <= len(operations) + 2
