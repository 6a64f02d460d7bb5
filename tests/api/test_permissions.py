"""No permission is missing and none is wider than used: what each function really asks of the engines, on every
route, is exactly what template.yaml allows it."""

from collections import defaultdict
from typing import Any

from local.arrivals import Arrivals
from local.template import load
from saldo.aws import api_keys
from tests.api.client import CUSTOMER, Client
from tests.api.schemes import customer_of_own_scheme
from tests.unit.test_template import FUNCTIONS, granted

ROUTES = {(route.method, route.path): route.function for route in load().routes}
ALL = f"/api/v1/customer/{CUSTOMER}/transactions"
SINGLE = {"transactionTypeID": 1, "transactionDate": "2024-01-05", "value": 1}


class Watch:
    """Notes the actions on the engines by the function that is at work."""

    def __init__(self, api: Client) -> None:
        self.used: defaultdict[str, set[str]] = defaultdict(set)
        self.keys: defaultdict[str, set[str]] = defaultdict(set)
        self.at_work = ""
        api.gateway.on_invoke = self.begin
        api.table.client.meta.events.register("provide-client-params.dynamodb", self.note)
        api.s3.meta.events.register("provide-client-params.s3", self.note)

    def forget(self) -> None:
        self.used.clear()
        self.keys.clear()

    def begin(self, function: str) -> None:
        self.at_work = function

    def note(self, params: dict[str, Any], model: Any, **_: object) -> None:
        if model.name == "TransactWriteItems":
            for action in params["TransactItems"]:
                (kind, inner), *_rest = action.items()
                self.add(f"dynamodb:{kind}Item", inner)
        elif model.name == "BatchGetItem":
            for inner in params["RequestItems"].values():
                for key in inner["Keys"]:
                    self.add("dynamodb:BatchGetItem", {"Key": key})
        elif model.name == "HeadObject":
            self.add("s3:GetObject", {})
        else:
            service = "s3" if "Bucket" in params else "dynamodb"
            self.add(f"{service}:{model.name}", params)

    def add(self, action: str, params: dict[str, Any]) -> None:
        self.used[self.at_work].add(action)
        key = params.get("Key") or params.get("Item")
        if isinstance(key, dict):
            self.keys[self.at_work].add(key["PK"]["S"][:2] + "*")
        for value in (params.get("ExpressionAttributeValues") or {}).values():
            if str(value.get("S", "")).startswith("C#"):
                self.keys[self.at_work].add("C#*")


def test_each_function_uses_exactly_what_it_is_allowed(api: Client) -> None:
    watch = Watch(api)
    api.key = api_keys.make(api.table, "demo", api_keys.SCOPES)  # one that the authorizer has yet to look up
    watch.forget()
    api.get("/health", key=None)
    body = {"currency": "EUR", "externalKeys": [{"type": "crm", "key": "new"}]}
    for _ in range(2):
        api.put("/api/v1/customer/new", json=body)
    api.put("/api/v1/customer/new", json=body | {"externalKeys": [{"type": "crm", "key": "newer"}]})
    api.get("/api/v1/customer/new")
    for path in (f"/user/dp-key/{CUSTOMER}/transactions/7592", "/user/ext-key/1001/crm/transactions/7592"):
        api.post(path, json=SINGLE, headers={"Idempotency-Key": "k"})
        api.post(path, json=SINGLE | {"transactionID": 7})
        api.get(path, offset=1)
    api.post(ALL, json={"transactions": [{"transactionDate": "2024-01-05", "amount": 1}]})
    api.get(ALL, offset=1)
    api.post("/api/linx/pivot", json={"transactions": []}, headers={"X-Request-ID": "r"})
    api.get(f"{ALL}/pivot", from_="2024-01-01")
    api.get(f"{ALL}/aggregate")
    api.get(f"{ALL}/aggregate/download", type="csv")
    api.post(f"/api/v1/customer/{CUSTOMER}/downloads", json={"type": "csv"})
    watch.at_work = "nobody"
    own = customer_of_own_scheme(api, "permitted")
    for path in ("", "/transactions", "/transactions/pivot", "/transactions/aggregate"):
        api.get(f"/api/v1/customer/{own}{path}")
    api.post(f"/api/v1/customer/{own}/transactions", json={"transactions": []})
    api.get("/api/linx/groups", scheme="permitted")
    api.post("/api/linx/pivot", json={"transactions": []}, headers={"X-Request-ID": "r", "Scheme": "permitted"})
    made = api.post(f"/api/v1/customer/{own}/imports", json={"filename": "a.csv"}).json
    watch.at_work = "nobody"
    api.s3.put_object(
        Bucket=api.bucket, Key=f"uploads/{made['importId']}", Body=b"transactionDate,amount\n2024-01-05,1"
    )
    Arrivals(api.gateway, api.s3, api.bucket).deliver()
    assert api.get(f"/api/v1/customer/{own}/imports/{made['importId']}").json["status"] == "completed"
    assert set(watch.used) == set(FUNCTIONS) - {"HealthFunction", "PagesFunction"} | {"nobody"}
    for name, properties in FUNCTIONS.items():
        allowed = list(granted(properties))
        assert {action for action, _ in allowed} == watch.used[name], name
        leading = {
            key
            for action, statement in allowed
            if action.startswith("dynamodb:")
            for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        }
        assert leading == watch.keys[name], name
