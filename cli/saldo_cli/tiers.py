"""The tiers of a deployed stack: usage plans that limit the rate and number of a key's calls, counted by API Gateway.

API Gateway counts calls by its own keys. Each of our keys is paired with one, of a random value that only the
authorizer's answer carries: clients never see it, and it gives no access.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from saldo_cli.failure import Failure

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

TIERS = ("basic", "standard", "premium")


class GatewayKey(NamedTuple):
    """API Gateway's own key: its id, and the value by which it counts."""

    id: str
    value: str


class Tiers:
    """The tiers of a stack, whose outputs name their usage plans. Failure if one is missing."""

    def __init__(self, client: "APIGatewayClient", stack: str, outputs: Mapping[str, str]) -> None:
        self._client = client
        self._stack = stack
        missing = [tier for tier in TIERS if _output(tier) not in outputs]
        if missing:
            raise Failure(f"the stack {stack} has no output {_output(missing[0])}")
        self._plans = {tier: outputs[_output(tier)] for tier in TIERS}

    def chosen(self, tenant: str, tier: str | None) -> str:
        """`tier` if given, else the tier of the tenant's other keys, else the first."""
        return tier or self._of(tenant) or TIERS[0]

    @contextmanager
    def key(self, tenant: str, tier: str) -> Iterator[GatewayKey]:
        """Yield a new API Gateway key in the tier; it is deleted again if the body raises."""
        value = secrets.token_urlsafe(32)
        key_id = self._client.create_api_key(name=self._name(tenant), value=value, enabled=True)["id"]
        try:
            self._client.create_usage_plan_key(usagePlanId=self._plans[tier], keyId=key_id, keyType="API_KEY")
            yield GatewayKey(key_id, value)
        except BaseException:
            self.delete(key_id, tier)
            raise

    def delete(self, key_id: str, tier: str) -> None:
        """Take an API Gateway key out of its tier and delete it; what is gone already is no error."""
        with suppress(self._client.exceptions.NotFoundException):
            self._client.delete_usage_plan_key(usagePlanId=self._plans[tier], keyId=key_id)
        with suppress(self._client.exceptions.NotFoundException):
            self._client.delete_api_key(apiKey=key_id)

    def _of(self, tenant: str) -> str | None:
        name = self._name(tenant)
        for tier, plan in self._plans.items():
            pages = self._client.get_paginator("get_usage_plan_keys").paginate(usagePlanId=plan, nameQuery=name)
            # The query matches by prefix.
            if any(key["name"] == name for page in pages for key in page["items"]):
                return tier
        return None

    def _name(self, tenant: str) -> str:
        return f"{self._stack}/{tenant}"


def _output(tier: str) -> str:
    return f"{tier.capitalize()}Tier"
