"""What botocore reads to create clients, reduced to what Saldo calls; `make build` puts it into the layer.

botocore describes each service in JSON, with every operation and its documentation, and the hosts of all 400 services
in one file: reading them is most of creating a client. A reduced model has the operations that are named here, the
shapes that they reach and all errors, unchanged but for the documentation; the hosts are those of our services, in
every region. Format and layout are botocore's own, so its loader takes these files first (see saldo.aws.clients).
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

# What saldo.aws calls.
CALLED = {
    "dynamodb": ("BatchGetItem", "BatchWriteItem", "GetItem", "PutItem", "Query", "TransactWriteItems"),
    "events": ("PutEvents",),
    "s3": ("DeleteObject", "DeleteObjects", "GetObject", "HeadObject", "ListObjectsV2", "PutObject"),
    "sqs": ("SendMessage",),
}
# What botocore calls by itself: to find an endpoint, and to follow a bucket into another region.
_OF_BOTOCORE = {"dynamodb": ("DescribeEndpoints",), "s3": ("CreateSession", "HeadBucket")}
# Those that botocore asks for credentials where a profile says so; their models stay whole.
_FOR_CREDENTIALS = ("signin", "sso", "sso-oidc", "sts")

_MODEL, _HOSTS = "service-2", "endpoints"


def write(folder: Path) -> None:
    """Write the reduced files of the botocore that is installed here into the folder."""
    loader = Loader()
    for service, called in CALLED.items():
        version = loader.determine_latest_version(service, _MODEL)
        model = loader.load_service_model(service, _MODEL, version)
        operations = (*called, *_OF_BOTOCORE.get(service, ()))
        _write(folder / service / version / f"{_MODEL}.json", reduced_model(model, operations))
    services = (*CALLED, *_FOR_CREDENTIALS)
    prefixes = [loader.load_service_model(service, _MODEL)["metadata"]["endpointPrefix"] for service in services]
    _write(folder / f"{_HOSTS}.json", reduced_hosts(loader.load_data(_HOSTS), prefixes))


def reduced_model(model: Mapping[str, Any], operations: Iterable[str]) -> dict[str, Any]:
    """The model of a service with these operations, the shapes that they reach, and the shapes of all errors."""
    kept = {name: _undocumented(model["operations"][name]) for name in operations}
    errors = [name for name, shape in model["shapes"].items() if shape.get("exception")]
    pending = [*errors, *(name for operation in kept.values() for name in _named_by(operation))]
    shapes: dict[str, Any] = {}
    while pending:
        name = pending.pop()
        if name not in shapes:
            shapes[name] = _undocumented_shape(model["shapes"][name])
            pending += _named_by(shapes[name])
    # botocore looks for errors in the order of the model.
    ordered = {name: shapes[name] for name in model["shapes"] if name in shapes}
    return {**_undocumented(model), "operations": kept, "shapes": ordered}


def reduced_hosts(hosts: Mapping[str, Any], prefixes: Iterable[str]) -> dict[str, Any]:
    """The hosts of the services whose endpoints have these prefixes, in every partition."""
    wanted = frozenset(prefixes)

    def of(services: Mapping[str, Any]) -> dict[str, Any]:
        return {name: service for name, service in services.items() if name in wanted}

    return {**hosts, "partitions": [{**part, "services": of(part["services"])} for part in hosts["partitions"]]}


def _named_by(description: Mapping[str, Any]) -> list[str]:
    """The shapes that an operation or a shape refers to."""
    references = [description[part] for part in ("input", "output", "member", "key", "value") if part in description]
    return [part["shape"] for part in (*references, *description.get("errors", ()), *_members(description).values())]


def _members(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    members: Mapping[str, Any] = shape.get("members", {})
    return members


def _undocumented_shape(shape: Mapping[str, Any]) -> dict[str, Any]:
    reduced = {key: _undocumented(part) if isinstance(part, dict) else part for key, part in shape.items()}
    reduced.pop("documentation", None)
    if "members" in shape:  # one of which may be called documentation
        reduced["members"] = {name: _undocumented(member) for name, member in shape["members"].items()}
    return reduced


def _undocumented(description: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in description.items() if key != "documentation"}


def _write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, separators=(",", ":")))
