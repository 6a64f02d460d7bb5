"""The calls that the contract document shows, in the order in which they are made against the sample household."""

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple

from local.demo import DOWNLOAD, HOUSEHOLD, IMPORT, JOB, MISTAKE
from local.template import TOP

_NOTHING: Mapping[str, str] = MappingProxyType({})
_CUSTOMER = {"customerId": HOUSEHOLD}
_DP_KEY = {"dpKey": HOUSEHOLD, "groupId": "7592"}
_EXTERNAL_KEY = {"extKey": "1001", "extType": "crm", "groupId": "7592"}
_TWO_DAYS = {"from": "2024-01-05", "to": "2024-01-07"}
# One of the transactions of the sample.
_PLACE = {"transactionDate": "2023-07-26T00:00:00.000Z", "transactionID": "2542227256130221"}
_TRANSACTIONS = "/api/v1/customer/{customerId}/transactions"
_STATEMENT = (
    "Datum;Omschrijving;Af Bij;Bedrag\n"
    "01-01-2024;SALARIS JANUARI;Bij;2.900,00\n"
    "31-01-2024;ALBERT HEIJN 1385 UTRECHT;Af;12,30\n"
)
_DOCS_HASH = sha256((TOP / "functions" / "pages" / "docs.js").read_bytes()).hexdigest()[:12]
_VOUCHER = {
    "transactionTypeID": 1,
    "transactionDate": "2013-03-25T09:40:22.418Z",
    "value": -8.5,
    "reference": "voucher",
    "transactionID": 12478636,
}
_VOUCHER_PLACE = {name: _VOUCHER[name] for name in ("transactionID", "transactionDate")}
_VOUCHER_PATH = {name: str(value) for name, value in _VOUCHER_PLACE.items()}


class Call(NamedTuple):
    """A call of a route and the status that it should get. A body is JSON as a value, or the text of a statement."""

    method: str
    route: str
    name: str = "example"
    path: Mapping[str, str] = _NOTHING
    query: Mapping[str, str] = _NOTHING
    headers: Mapping[str, str] = _NOTHING
    body: Any = None
    key: str | None = "demo-key"
    status: int = 200


CALLS = (
    Call(
        "PUT",
        "/api/v1/customer/{customerId}",
        "confirmed",
        path=_CUSTOMER,
        body={"currency": "EUR", "scheme": "household", "externalKeys": [{"type": "crm", "key": "1001"}]},
    ),
    Call(
        "PUT",
        "/api/v1/customer/{customerId}",
        "created",
        path={"customerId": "anna"},
        body={"currency": "EUR"},
        status=201,
    ),
    Call(
        "PUT",
        "/api/v1/customer/{customerId}",
        path=_CUSTOMER,
        body={"currency": "USD"},
        status=409,
    ),
    Call("GET", "/api/v1/customer/{customerId}", path=_CUSTOMER),
    Call("GET", "/api/v1/customer/{customerId}", path=_CUSTOMER, key="other-key", status=404),
    Call("GET", "/api/v1/customers", query={"limit": "1"}),
    Call(
        "POST",
        "/user/dp-key/{dpKey}/transactions/{groupId}",
        path=_DP_KEY,
        body=_VOUCHER,
        status=201,
    ),
    Call(
        "POST",
        "/user/ext-key/{extKey}/{extType}/transactions/{groupId}",
        path=_EXTERNAL_KEY,
        body=_VOUCHER,
        status=201,
    ),
    Call(
        "POST",
        _TRANSACTIONS,
        path=_CUSTOMER,
        body={
            "transactions": [
                {"transactionDate": "2024-03-26", "amount": "-12.30", "description": "ALBERT HEIJN 1385 UTRECHT"},
                {
                    "transactionDate": "2024-03-27",
                    "amount": 2900,
                    "description": "SALARIS MAART",
                    "transactionID": 12478637,
                },
            ],
            "accountNumber": "NL28SALD0417000006",
        },
    ),
    Call("PATCH", _TRANSACTIONS, path=_CUSTOMER, body={"transactions": [{**_VOUCHER_PLACE, "category": 1}]}),
    Call(
        "PATCH",
        _TRANSACTIONS,
        path=_CUSTOMER,
        body={"transactions": [{"transactionID": 5, "transactionDate": "2024-03-27", "category": 1}]},
        status=404,
    ),
    Call(
        "POST",
        f"{_TRANSACTIONS}/delete",
        path=_CUSTOMER,
        body={"transactions": [{"transactionID": 12478637, "transactionDate": "2024-03-27"}]},
    ),
    Call(
        "DELETE", f"{_TRANSACTIONS}/{{transactionDate}}/{{transactionID}}", path=_CUSTOMER | _VOUCHER_PATH, status=204
    ),
    Call(
        "DELETE", f"{_TRANSACTIONS}/{{transactionDate}}/{{transactionID}}", path=_CUSTOMER | _VOUCHER_PATH, status=404
    ),
    Call(
        "POST",
        "/api/v1/customer/{customerId}/imports",
        path=_CUSTOMER,
        body={"filename": "statement.csv"},
        status=201,
    ),
    Call(
        "GET",
        "/api/v1/customer/{customerId}/imports/{importId}",
        path={**_CUSTOMER, "importId": IMPORT},
    ),
    Call("GET", "/api/v1/customer/{customerId}/imports", path=_CUSTOMER, query={"limit": "100"}),
    Call(
        "GET",
        _TRANSACTIONS,
        "example",
        path=_CUSTOMER,
        query={"group": "7592", "from": "2024-03-01", "limit": "2", "total": "true"},
    ),
    Call(
        "GET",
        _TRANSACTIONS,
        "found",
        path=_CUSTOMER,
        query={"text": "spoor modelb", "max": "-15", "from": "2024-03-01", "limit": "2"},
    ),
    Call("GET", f"{_TRANSACTIONS}/{{transactionDate}}/{{transactionID}}", path=_CUSTOMER | _PLACE),
    Call("GET", _TRANSACTIONS, path=_CUSTOMER, query={"limit": "101"}, status=400),
    Call(
        "GET",
        "/user/dp-key/{dpKey}/transactions/{groupId}",
        path=_DP_KEY,
        query={"type": "1", "from": "20240301Z", "limit": "2"},
    ),
    Call(
        "GET",
        "/user/dp-key/{dpKey}/transactions/{groupId}",
        path=_DP_KEY | {"groupId": "1"},
        status=404,
    ),
    Call("GET", "/user/dp-key/{dpKey}/transactions/{groupId}", path=_DP_KEY, query={"type": "2"}, status=404),
    Call(
        "GET",
        "/user/ext-key/{extKey}/{extType}/transactions/{groupId}",
        path=_EXTERNAL_KEY,
        query={"type": "1", "from": "20240301Z", "limit": "2"},
    ),
    Call(
        "GET",
        "/user/ext-key/{extKey}/{extType}/transactions/{groupId}",
        path=_EXTERNAL_KEY | {"extKey": "nobody"},
        status=404,
    ),
    Call("GET", f"{_TRANSACTIONS}/pivot", path=_CUSTOMER, query={"unit": "month", **_TWO_DAYS}),
    Call("GET", f"{_TRANSACTIONS}/pivot", path=_CUSTOMER, key="demo-read-key", status=403),
    Call(
        "POST",
        "/api/linx/pivot",
        headers={"X-Request-ID": "docs-1", "Unit": "3", "Options": "33"},
        body=_STATEMENT,
    ),
    Call("POST", "/api/linx/pivot", headers={"X-Request-ID": "docs-2"}, body="", status=400),
    Call("POST", "/api/linx/pivot", headers={"X-Request-ID": "docs-3"}, body="no;statement\n1;2\n", status=400),
    Call("POST", "/api/linx/pivot", headers={"X-Request-ID": "docs-4"}, body="<html></html>", status=400),
    Call("GET", f"{_TRANSACTIONS}/aggregate", path=_CUSTOMER, query=_TWO_DAYS),
    Call(
        "GET",
        f"{_TRANSACTIONS}/aggregate/download",
        path=_CUSTOMER,
        query={"type": "csv", **_TWO_DAYS},
    ),
    Call(
        "GET",
        f"{_TRANSACTIONS}/aggregate/download",
        "inline",
        path=_CUSTOMER,
        query={"type": "json", **_TWO_DAYS},
    ),
    Call(
        "GET",
        f"{_TRANSACTIONS}/aggregate/download",
        "link",
        path=_CUSTOMER,
        query={"type": "csv", "delivery": "link", **_TWO_DAYS},
    ),
    Call(
        "GET",
        f"{_TRANSACTIONS}/aggregate/download",
        path=_CUSTOMER,
        query={"type": "csv", "delivery": "redirect", **_TWO_DAYS},
        status=303,
    ),
    Call(
        "GET",
        f"{_TRANSACTIONS}/aggregate/download",
        path=_CUSTOMER,
        query={"type": "xlsx", "unit": "quarter"},
        status=303,
    ),
    Call("POST", "/api/v1/customer/{customerId}/downloads", path=_CUSTOMER, body={"type": "csv"}, status=201),
    Call(
        "POST",
        "/api/v1/customer/{customerId}/downloads",
        path=_CUSTOMER,
        body={"report": "transactions", "type": "csv", "text": "spoor modelb", **_TWO_DAYS},
        status=202,
    ),
    Call("GET", "/api/v1/customer/{customerId}/downloads/{downloadId}", path={**_CUSTOMER, "downloadId": DOWNLOAD}),
    Call(
        "GET",
        "/api/v1/customer/{customerId}/downloads/{downloadId}",
        path={**_CUSTOMER, "downloadId": "0" * 32},
        status=404,
    ),
    Call("POST", f"{_TRANSACTIONS}/categorise", path=_CUSTOMER, body={"from": "2024-01-01"}, status=202),
    Call(
        "DELETE",
        "/api/v1/customer/{customerId}/imports/{importId}",
        path={**_CUSTOMER, "importId": MISTAKE},
        status=202,
    ),
    Call("DELETE", "/api/v1/customer/{customerId}", path={"customerId": "anna"}, status=202),
    Call("GET", "/api/v1/customer/{customerId}/jobs/{jobId}", path={**_CUSTOMER, "jobId": JOB}),
    Call("GET", "/api/linx/categories", query={"scheme": "business"}),
    Call("GET", "/api/linx/groups", query={"scheme": "business"}),
    Call("GET", "/health", key=None),
    Call("GET", "/docs", key=None),
    Call("GET", "/console", key=None),
    Call("GET", "/assets/{name}", path={"name": f"docs.{_DOCS_HASH}.js"}, key=None),
)
