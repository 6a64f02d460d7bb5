"""The calls of `make load`, as locust makes them: each client sends the next as soon as the last is answered."""

from itertools import count

from locust import FastHttpUser, constant, task

_CUSTOMER = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
_LEDGER = f"/api/v1/customer/{_CUSTOMER}/transactions"
_KEY = {"x-api-key": "demo-key"}
_days = count()


class Caller(FastHttpUser):
    """A client of the sample household: ten of its calls in twenty list a page."""

    wait_time = constant(0)

    @task(10)
    def list_a_page(self) -> None:
        self.client.get(f"{_LEDGER}?limit=100", headers=_KEY, name="list 100")

    @task(4)
    def list_a_group(self) -> None:
        self.client.get("/user/ext-key/1001/crm/transactions/7592?limit=20", headers=_KEY, name="list 20 of a group")

    @task(3)
    def pivot(self) -> None:
        self.client.get(f"{_LEDGER}/pivot?unit=month", headers=_KEY, name="pivot by month")

    @task(1)
    def show(self) -> None:
        self.client.get(f"/api/v1/customer/{_CUSTOMER}", headers=_KEY, name="show the customer")

    @task(2)
    def register(self) -> None:
        # On a day of its own, so that writers do not wait for each other.
        number = next(_days)
        day = f"20{10 + number // 336 % 10}-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
        body = {"transactionTypeID": 1, "transactionDate": day, "value": 1}
        path = f"/user/dp-key/{_CUSTOMER}/transactions/7592"
        self.client.post(path, json=body, headers=_KEY, name="register one")
