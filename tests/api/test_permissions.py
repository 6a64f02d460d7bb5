"""No permission is missing and none is unused: template.yaml allows each function exactly the actions and keys that
it uses over all routes."""

import re
from collections import defaultdict
from typing import Any

import pytest

from local.arrivals import Arrivals
from local.events import arrival_event, queue_event
from saldo.aws import api_keys, layout, telling
from saldo.aws.files import step_event
from saldo.aws.wire import string
from tests.api.client import CUSTOMER, Client
from tests.api.erasures import ANNA, fill, job_id
from tests.api.schemes import FUEL, customer_with_scheme
from tests.unit.test_template import FUNCTIONS, LISTED, allowed_files, granted, matches

ALL = f"/api/v1/customer/{CUSTOMER}/transactions"
SINGLE = {"transactionTypeID": 1, "transactionDate": "2024-01-05", "value": 1}
# Operations of S3 whose permission has another name.
_PERMISSIONS = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "DeleteObjects": "DeleteObject"}


class Recorder:
    """Records actions, leading keys and files for each function that uses an engine."""

    def __init__(self, api: Client) -> None:
        self.used: defaultdict[str, set[str]] = defaultdict(set)
        self.keys: defaultdict[str, set[str]] = defaultdict(set)
        self.files: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self.function = ""
        api.gateway.on_invoke = self.begin
        api.table.client.meta.events.register("provide-client-params.dynamodb", self.record)
        api.s3.meta.events.register("provide-client-params.s3", self.record)
        telling.client().meta.events.register("provide-client-params.events", self.record)

    def reset(self) -> None:
        self.used.clear()
        self.keys.clear()

    def begin(self, function: str) -> None:
        self.function = function

    def record(self, params: dict[str, Any], model: Any, **_: object) -> None:
        if model.name == "TransactWriteItems":
            for action in params["TransactItems"]:
                ((kind, request),) = action.items()
                self.add(f"dynamodb:{kind}Item", request)
        elif model.name == "BatchGetItem":
            for request in params["RequestItems"].values():
                for key in request["Keys"]:
                    self.add("dynamodb:BatchGetItem", {"Key": key})
        elif model.name == "PutEvents":
            self.used[self.function].add("events:PutEvents")
        elif model.name == "BatchWriteItem":
            for requests in params["RequestItems"].values():
                for request in requests:
                    self.add("dynamodb:BatchWriteItem", request["DeleteRequest"])
        elif "Bucket" in params:
            action = f"s3:{_PERMISSIONS.get(model.name, model.name)}"
            self.used[self.function].add(action)
            files = params.get("Delete", {"Objects": [params]})["Objects"]
            self.files[self.function] |= {(action, file.get("Key", params.get("Prefix", ""))) for file in files}
        else:
            self.add(f"dynamodb:{model.name}", params)

    def add(self, action: str, params: dict[str, Any]) -> None:
        self.used[self.function].add(action)
        key = params.get("Key") or params.get("Item")
        if isinstance(key, dict):
            self.keys[self.function].add(key["PK"]["S"][:2] + "*")
        if condition := re.search(r"(PK|G) = (:\w+)", params.get("KeyConditionExpression", "")):
            self.keys[self.function].add(params["ExpressionAttributeValues"][condition[2]]["S"][:2] + "*")


def work_with_jobs(api: Client, arrivals: Arrivals, recorder: Recorder, customer: str) -> None:
    """Categorise, and undo an import that teaches an account; the undo is given up once, and a run of it is late."""

    def deliver() -> None:
        recorder.function = "test"  # who looks for new files is none of the functions
        arrivals.deliver()

    house = f"/api/v1/customer/{customer}"
    api.post(f"{house}/transactions/categorise", json={})
    import_id = api.post(f"{house}/imports", json={"filename": "b.csv"}).json["importId"]
    recorder.function = "test"
    file = b"IBAN;Date;Amount;Description\nNL28SALD0417000006;2024-05-02;-9,00;Bakery\n"
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{import_id}", Body=file)
    deliver()
    job = api("DELETE", f"{house}/imports/{import_id}").json
    api.get(f"{house}/jobs/{job['jobId']}")
    given_up = arrival_event(api.bucket, f"jobs/{job['jobId']}/0", 0, "e")
    api.gateway.invoke("AbandonedFunction", queue_event(given_up, "dead-letters"))
    api("DELETE", f"{house}/imports/{import_id}")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("local.gateway.Context.get_remaining_time_in_millis", lambda _: 59_000)
        deliver()
    deliver()
    assert api.get(f"{house}/jobs/{job['jobId']}").json["status"] == "completed"


def erase(api: Client, arrivals: Arrivals, recorder: Recorder) -> None:
    """Erase a customer that has all that one can have, with a wait between the sweeps, and one that fails."""

    def deliver() -> int:
        recorder.function = "test"
        return arrivals.deliver()

    recorder.function = "test"
    api.put(f"/api/v1/customer/{CUSTOMER}-2", json={"currency": "EUR"})
    fill(api)
    for path in (ANNA, f"/api/v1/customer/{CUSTOMER}-2"):
        assert api("DELETE", path).status == 202
    job = job_id(api)
    given_up = queue_event(arrival_event(api.bucket, f"jobs/{job}/0", 0, "e"), "dead-letters")
    api.gateway.invoke("AbandonedFunction", given_up)
    assert api("DELETE", ANNA).status == 202
    deliver()
    api.gateway.invoke("LaterFunction", queue_event(step_event(api.bucket, job), "waiting-steps"))
    # What is written between the sweeps: an import, and a job.
    recorder.function = "test"
    partition, attributes = layout.customer("demo", "anna"), {"customer": string("anna")}
    for named, entry in (("U#7", layout.listed_import("2024", "7")), ("J#8", layout.listed_job("8"))):
        api.table.put(named, layout.SELF, attributes)
        api.table.put(partition, entry, {})
    while deliver():
        pass


def test_each_function_uses_exactly_its_permissions(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENT_BUS", "default")
    recorder = Recorder(api)
    api.key = api_keys.make(api.table, "demo", api_keys.SCOPES)  # so that the authorizer has to look it up
    recorder.reset()
    api.get("/health", key=None)
    body = {"currency": "EUR", "externalKeys": [{"type": "crm", "key": "new"}]}
    for _ in range(2):
        api.put("/api/v1/customer/new", json=body)
    api.put("/api/v1/customer/new", json=body | {"externalKeys": [{"type": "crm", "key": "newer"}]})
    api.put("/api/v1/customer/newest", json=body)  # the key is taken, which is looked up
    api.get("/api/v1/customer/new")
    api.get("/api/v1/customers")
    for path in (f"/user/dp-key/{CUSTOMER}/transactions/7592", "/user/ext-key/1001/crm/transactions/7592"):
        api.post(path, json=SINGLE, headers={"Idempotency-Key": "k"})
        api.post(path, json=SINGLE | {"transactionID": 7})
        api.get(path, offset=1)
    api.post(ALL, json={"transactions": [{"transactionDate": "2024-01-05", "amount": 1}]})
    api.get(ALL, offset=1)
    api.get(ALL, text="a")
    api.get(f"{ALL}/2024-01-05T00:00:00.000Z/7")
    api.post("/api/linx/pivot", json={"transactions": []}, headers={"X-Request-ID": "r"})
    api.get(f"{ALL}/pivot", from_="2024-01-01")
    api.get(f"{ALL}/aggregate")
    api.get(f"{ALL}/aggregate/download", type="csv")
    api.post(f"/api/v1/customer/{CUSTOMER}/downloads", json={"type": "csv"})
    export = {"report": "transactions", "type": "csv"}
    download = api.post(f"/api/v1/customer/{CUSTOMER}/downloads", json=export).json
    api.get(f"/api/v1/customer/{CUSTOMER}/downloads/{download['downloadId']}")
    recorder.function = "test"
    customer = customer_with_scheme(api, "permitted")
    for path in ("", "/transactions", "/transactions/pivot", "/transactions/aggregate"):
        api.get(f"/api/v1/customer/{customer}{path}")
    api.post(f"/api/v1/customer/{customer}/transactions", json={"transactions": []})
    ledger = f"/api/v1/customer/{customer}/transactions"
    api.post(ledger, json={"transactions": [{"transactionDate": "2024-01-05", "amount": 1, "transactionID": 7}]})
    place = {"transactionDate": "2024-01-05T00:00:00.000Z", "transactionID": 7}
    assert api("PATCH", ledger, json={"transactions": [place | {"category": FUEL}]}).json["data"]["changed"] == 1
    assert api("DELETE", f"{ledger}/{place['transactionDate']}/7").status == 204
    api.get("/api/linx/groups", scheme="permitted")
    api.post("/api/linx/pivot", json={"transactions": []}, headers={"X-Request-ID": "r", "Scheme": "permitted"})
    announced = api.post(f"/api/v1/customer/{customer}/imports", json={"filename": "a.csv"}).json
    recorder.function = "test"
    api.s3.put_object(
        Bucket=api.bucket, Key=f"uploads/{announced['importId']}", Body=b"transactionDate,amount\n2024-01-05,1"
    )
    arrivals = Arrivals(api.gateway, api.s3, api.bucket)
    arrivals.deliver()
    assert api.get(f"/api/v1/customer/{customer}/imports/{announced['importId']}").json["status"] == "completed"
    # The file of another import is gone, and a third one is given up.
    gone, given_up = (
        arrival_event(api.bucket, f"uploads/{reply.json['importId']}", 1, "e")
        for reply in [api.post(f"/api/v1/customer/{customer}/imports", json={"filename": "a.csv"}) for _ in range(2)]
    )
    arrivals.send(gone)
    api.gateway.invoke("AbandonedFunction", queue_event(given_up, "dead-letters"))
    assert api.get(f"/api/v1/customer/{customer}/imports").json["paging"]["count"] == 3
    work_with_jobs(api, arrivals, recorder, customer)
    erase(api, arrivals, recorder)
    assert set(recorder.used) == set(FUNCTIONS) - {"HealthFunction", "PagesFunction"} | {"test"}
    for name, properties in FUNCTIONS.items():
        allowed = list(granted(properties))
        assert {action for action, _ in allowed} == recorder.used[name], name
        leading = {
            key
            for action, statement in allowed
            if action.startswith("dynamodb:")
            for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        }
        assert leading == recorder.keys[name], name
        patterns = [*allowed_files(name), *(("s3:ListBucket", pattern) for pattern in LISTED)]
        for action, key in recorder.files[name]:
            assert any(allowed == action and matches(pattern, key) for allowed, pattern in patterns), (name, key)
