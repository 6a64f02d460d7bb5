"""The tiers of a deployed stack, which are usage plans: what a key may do, counted by API Gateway.

API Gateway counts by keys of its own. Each key of ours has one beside it, of a random value that nobody outside ever
sees: the authorizer answers with it. A client cannot use it, and it opens nothing.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

TIERS = ("basic", "standard", "premium")


class Tiers:
    """The tiers of a stack, by the outputs that name their usage plans."""

    def __init__(self, client: "APIGatewayClient", stack: str, outputs: Mapping[str, str]) -> None:
        self._client = client
        self._stack = stack
        missing = [tier for tier in TIERS if _output(tier) not in outputs]
        if missing:
            raise LookupError(f"the stack {stack} has no output {_output(missing[0])}")
        self._plans = {tier: outputs[_output(tier)] for tier in TIERS}

    def chosen(self, tenant: str, tier: str | None) -> str:
        """The tier that was asked for, else that of the tenant's other keys, else the first. LookupError if there is
        no such tier."""
        tier = tier or self._of(tenant) or TIERS[0]
        if tier not in TIERS:
            raise LookupError(f"TIER is not one of {', '.join(TIERS)}")
        return tier

    @contextmanager
    def key(self, tenant: str, tier: str) -> Iterator[str]:
        """The value of a new key of the gateway in the tier; if what it is for fails, it is gone again."""
        value = secrets.token_urlsafe(32)
        made = self._client.create_api_key(name=self._name(tenant), value=value, enabled=True)["id"]
        try:
            self._client.create_usage_plan_key(usagePlanId=self._plans[tier], keyId=made, keyType="API_KEY")
            yield value
        except BaseException:
            self._client.delete_api_key(apiKey=made)
            raise

    def _of(self, tenant: str) -> str | None:
        name = self._name(tenant)
        for tier, plan in self._plans.items():
            pages = self._client.get_paginator("get_usage_plan_keys").paginate(usagePlanId=plan, nameQuery=name)
            # The query finds all names that begin so.
            if any(key["name"] == name for page in pages for key in page["items"]):
                return tier
        return None

    def _name(self, tenant: str) -> str:
        return f"{self._stack}/{tenant}"


def _output(tier: str) -> str:
    return f"{tier.capitalize()}Tier"
