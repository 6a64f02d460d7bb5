"""The calls in the table of docs/scale.md, by their names there, and the API with the household that they need."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3
import pytest

from local import sample
from local.arrivals import Arrivals
from local.gateway import Gateway
from local.storage import create_bucket, create_table
from local.template import load
from saldo.aws import api_keys, layout
from saldo.aws import files as files_module
from saldo.aws import table as table_module
from saldo.aws.customers import Customers, ExternalKey
from saldo.aws.imports import Imports
from saldo.aws.items import TransactionItem, transaction_of
from saldo.aws.ledger import record
from saldo.aws.wire import hand_over_bodies, string
from saldo.classification import Classifier
from saldo.drafts import draft
from saldo.statements import read
from tests.api.client import Client

HOUSE = "house"
EUROS = {"currency": "EUR", "scheme": "household"}
ROWS = json.loads(sample.statement())["transactions"]
_numbers = itertools.count(1)

Call = Callable[[Client], Iterator[None]]
CALLS: dict[str, Call] = {}


def call(name: str) -> Callable[[Call], Call]:
    """Register a call of the page's table: a generator that prepares, yields, and then does what is measured."""

    def register(function: Call) -> Call:
        CALLS[name] = function
        return function

    return register


def ledger(customer: str) -> str:
    return f"/api/v1/customer/{customer}/transactions"


def new_name() -> str:
    return f"customer-{next(_numbers):02}"


def create_customer(api: Client) -> str:
    """Create a customer; returns its id."""
    name = new_name()
    assert api.put(f"/api/v1/customer/{name}", json=EUROS).status == 201
    return name


@call("a key that the authorizer does not remember")
def unknown_key(api: Client) -> Iterator[None]:
    api.key = api_keys.make(api.table, "demo", api_keys.SCOPES)
    yield
    assert api.get("/api/linx/categories").status == 200


@call("categories, groups")
def categories(api: Client) -> Iterator[None]:
    yield
    assert api.get("/api/linx/categories").status == 200


@call("`GET` customer")
def customer(api: Client) -> Iterator[None]:
    yield
    assert api.get(f"/api/v1/customer/{HOUSE}").status == 200


@call("list 100 customers")
def list_customers(api: Client) -> Iterator[None]:
    key = api_keys.make(api.table, "lists", api_keys.SCOPES)
    for number in range(api.get("/api/v1/customers", key=key).json["paging"]["count"], 100):
        Customers(api.table, "lists").put(f"customer-{number}", "EUR", None, [ExternalKey("crm", f"{number}")])
    yield
    assert api.get("/api/v1/customers", key=key).json["paging"]["count"] == 100


@call("`PUT` customer: new, with an external key")
def new_customer(api: Client) -> Iterator[None]:
    name = new_name()
    yield
    body = EUROS | {"externalKeys": [{"type": "crm", "key": name}]}
    assert api.put(f"/api/v1/customer/{name}", json=body).status == 201


@call("list 100 of all groups")
def list_all(api: Client) -> Iterator[None]:
    yield
    assert len(api.get(ledger(HOUSE)).json["transactions"]) == 100


@call("list 100 of one group, by external key")
def list_group(api: Client) -> Iterator[None]:
    yield
    assert len(api.get("/user/ext-key/1001/crm/transactions/9009").json["transactions"]) == 100


@call("list 100 of one type")
def list_type(api: Client) -> Iterator[None]:
    yield
    assert len(api.get(ledger(HOUSE), type=1002).json["transactions"]) == 100


@call("list 100 from offset 3,000 on")
def list_deep(api: Client) -> Iterator[None]:
    yield
    assert len(api.get(ledger(HOUSE), offset=3000).json["transactions"]) == 100


@call("list 100 of all groups, with `total`")
def list_total(api: Client) -> Iterator[None]:
    yield
    assert api.get(ledger(HOUSE), total="true").json["paging"]["total"] == len(ROWS)


@call("find 100 by `text`")
def find_early(api: Client) -> Iterator[None]:
    yield
    assert api.get(ledger(HOUSE), text="albert heijn").json["paging"]["count"] == 100


@call("find by `text` in all 3,750")
def find_late(api: Client) -> Iterator[None]:
    yield
    assert not api.get(ledger(HOUSE), text="modelbouw spoor").json["paging"]["more"]


@call("one transaction")
def single(api: Client) -> Iterator[None]:
    transaction = api.get(ledger(HOUSE), limit=1).json["transactions"][0]
    yield
    path = f"{ledger(HOUSE)}/{transaction['transactionDate']}/{transaction['transactionID']}"
    assert api.get(path).json == transaction


@call("pivot of all by month")
def pivot(api: Client) -> Iterator[None]:
    yield
    assert api.get(f"{ledger(HOUSE)}/pivot", unit="month").json["completeMonths"] == 36


@call("pivot of one year by month")
def pivot_year(api: Client) -> Iterator[None]:
    yield
    query = {"unit": "month", "from": "2024-01-01", "to": "2025-01-01"}
    assert api.get(f"{ledger(HOUSE)}/pivot", query=query).json["completeMonths"] == 12


@call("tables")
def tables(api: Client) -> Iterator[None]:
    yield
    assert api.get(f"{ledger(HOUSE)}/aggregate").status == 200


@call("download, CSV: new")
def download(api: Client) -> Iterator[None]:
    for file in api.s3.list_objects_v2(Bucket=api.bucket).get("Contents", []):
        api.s3.delete_object(Bucket=api.bucket, Key=file["Key"])
    yield
    assert api.get(f"{ledger(HOUSE)}/aggregate/download", type="csv").status == 200


@call("download, CSV: unchanged")
def download_again(api: Client) -> Iterator[None]:
    assert api.get(f"{ledger(HOUSE)}/aggregate/download", type="csv").status == 200
    yield
    assert api.get(f"{ledger(HOUSE)}/aggregate/download", type="csv").status == 200


TRANSACTIONS = {"report": "transactions", "type": "csv"}


@call("begin an export")
def begin_export(api: Client) -> Iterator[None]:
    yield
    assert api.post(f"/api/v1/customer/{HOUSE}/downloads", json=TRANSACTIONS).json["of"] == len(ROWS)


def exported(api: Client) -> tuple[Arrivals, str]:
    """What delivers an export that has begun, and alone that; and its path."""
    arrivals = Arrivals(api.gateway, api.s3, api.bucket)
    arrivals.deliver()
    path = f"/api/v1/customer/{HOUSE}/downloads"
    return arrivals, f"{path}/{api.post(path, json=TRANSACTIONS).json['downloadId']}"


@call("run an export of 3,750 as CSV")
def run_export(api: Client) -> Iterator[None]:
    arrivals, _ = exported(api)
    yield
    assert (arrivals.deliver(), arrivals.failed) == (1, [])


@call("show an export with its link")
def show_export(api: Client) -> Iterator[None]:
    arrivals, path = exported(api)
    arrivals.deliver()
    yield
    assert api.get(path).json["rows"] == len(ROWS)


@call("send a statement of 1,000 rows")
def send(api: Client) -> Iterator[None]:
    yield
    headers = {"X-Request-ID": "sent", "Unit": "3"}
    reply = api.post("/api/linx/pivot", json={"transactions": ROWS[:1000]}, headers=headers)
    assert reply.status == 200, reply.body


VOUCHER = {"transactionTypeID": 1, "transactionDate": "2024-03-25", "value": -8.5, "text": "Chess club"}


@call("register one")
def register(api: Client) -> Iterator[None]:
    name = create_customer(api)
    yield
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER).status == 201


@call("register one, with an `Idempotency-Key`")
def register_once(api: Client) -> Iterator[None]:
    name = create_customer(api)
    yield
    headers = {"Idempotency-Key": "voucher"}
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER, headers=headers).status == 201


@call("the same again")
def register_again(api: Client) -> Iterator[None]:
    name, headers = create_customer(api), {"Idempotency-Key": "voucher"}
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER, headers=headers).status == 201
    yield
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER, headers=headers).status == 201


@call("bulk of 1,000")
def bulk(api: Client) -> Iterator[None]:
    name = create_customer(api)
    yield
    assert api.post(ledger(name), json={"transactions": ROWS[:1000]}).json["data"]["imported"] == 1000


@call("the same bulk again")
def bulk_again(api: Client) -> Iterator[None]:
    name = create_customer(api)
    assert api.post(ledger(name), json={"transactions": ROWS[:1000]}).json["data"]["imported"] == 1000
    yield
    assert api.post(ledger(name), json={"transactions": ROWS[:1000]}).json["data"]["duplicates"] == 1000


@call("announce an import")
def announce(api: Client) -> Iterator[None]:
    yield
    assert api.post(f"/api/v1/customer/{HOUSE}/imports", json={"filename": "may.json"}).status == 201


@call("list 100 imports")
def list_imports(api: Client) -> Iterator[None]:
    customer = Customers(api.table, "demo").get(create_customer(api))
    for number in range(100):
        Imports(api.table).create(customer, f"{number}.csv")
    yield
    assert api.get(f"/api/v1/customer/{customer.id}/imports").json["paging"]["count"] == 100


def uploaded(api: Client) -> tuple[str, Arrivals, str]:
    """A customer, who has uploaded a file of 1,000 rows; what delivers it; and the id of the import."""
    name = create_customer(api)
    announced = api.post(f"/api/v1/customer/{name}/imports", json={"filename": "may.json"}).json
    content = json.dumps({"transactions": ROWS[:1000]}).encode()
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{announced['importId']}", Body=content)
    return name, Arrivals(api.gateway, api.s3, api.bucket), announced["importId"]


@call("run an import of 1,000 rows")
def run_import(api: Client) -> Iterator[None]:
    _, arrivals, _ = uploaded(api)
    yield
    assert (arrivals.deliver(), arrivals.failed) == (1, [])


def filled_customer(api: Client) -> tuple[str, list[dict[str, object]]]:
    """A customer with 1,000 transactions, and the places of these."""
    name = create_customer(api)
    assert api.post(ledger(name), json={"transactions": ROWS[:1000]}).status == 200
    key = layout.customer("demo", name)
    condition, values = "PK = :pk AND begins_with(SK, :kind)", {":pk": string(key), ":kind": string("T#")}
    items = api.table.query(TransactionItem, condition, values)
    places = [transaction_of(item) for item in items]
    return name, [{"transactionID": place.id, "transactionDate": place.date} for place in places]


@call("correct 1,000")
def correct(api: Client) -> Iterator[None]:
    name, places = filled_customer(api)
    yield
    body = {"transactions": [place | {"category": 26} for place in places]}
    assert api("PATCH", ledger(name), json=body).json["data"]["received"] == 1000


@call("delete 1,000")
def delete(api: Client) -> Iterator[None]:
    name, places = filled_customer(api)
    yield
    assert api.post(f"{ledger(name)}/delete", json={"transactions": places}).json["data"]["deleted"] == 1000


@call("undo an import of 1,000 rows")
def undo_import(api: Client) -> Iterator[None]:
    name, arrivals, import_id = uploaded(api)
    assert (arrivals.deliver(), arrivals.failed) == (1, [])
    yield
    assert api("DELETE", f"/api/v1/customer/{name}/imports/{import_id}").status == 202
    assert (arrivals.deliver(), arrivals.failed) == (1, [])


@call("erase a customer with 1,000 transactions")
def erase_customer(api: Client) -> Iterator[None]:
    name, arrivals, _ = uploaded(api)
    assert (arrivals.deliver(), arrivals.failed) == (1, [])
    yield
    assert api("DELETE", f"/api/v1/customer/{name}").status == 202
    assert [arrivals.deliver() for _ in range(3)] == [1, 1, 0]
    assert arrivals.failed == []


@contextmanager
def household(endpoint: str) -> Iterator[Client]:
    """The API on an engine, with the sample household."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in load().environment(Table="saldo-capacity", Bucket="saldo-capacity").items():
            patched.setenv(name, value)
        # The functions keep the first clients that they make, so the ones of other tests are put back afterwards.
        table = table_module.table()
        dynamodb = boto3.client("dynamodb", endpoint_url=endpoint)
        functions_s3, s3 = (boto3.client("s3", endpoint_url=endpoint) for _ in range(2))
        credentials = boto3.Session().get_credentials()
        patched.setattr(table, "client", dynamodb)
        patched.setattr(table, "name", "saldo-capacity")
        patched.setattr(files_module, "clients", lambda: (functions_s3, functions_s3, credentials))
        create_table(load(), dynamodb, table.name)
        hand_over_bodies(dynamodb)
        create_bucket(load(), s3, "saldo-capacity")
        client = Client(Gateway(), table, s3, "saldo-capacity")
        client.key = api_keys.make(table, "demo", api_keys.SCOPES)
        body = EUROS | {"externalKeys": [{"type": "crm", "key": "1001"}]}
        assert client.put(f"/api/v1/customer/{HOUSE}", json=body).status == 201
        house = Customers(table, "demo").get(HOUSE)
        rows = read(sample.statement()).rows
        record(table, house, draft(Classifier(house.scheme, house.decimals).classified(rows)))
        yield client
