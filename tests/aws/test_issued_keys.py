"""The list of API keys: each key has its entry from the write that makes it to the write that deletes it."""

import hashlib

import boto3
import pytest

from saldo.aws import api_keys
from saldo.aws.api_keys import IssuedKey, KeyRing
from saldo.aws.table import Rejected, Table
from saldo.errors import BadInput, Conflict, NotFound
from saldo_cli.tiers import TIERS, Tiers

READ = ["transactions:read"]


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def test_a_key_is_listed_with_what_it_may_do(table: Table) -> None:
    later = api_keys.make(table, "zoe", READ, expires=4_000_000_000, tier="basic", gateway_key_id="g1")
    first = api_keys.make(table, "acme", ["transactions:write", "transactions:read"])
    keys = api_keys.issued(table)
    assert [(key.digest, key.tenant, key.scopes, key.tier, key.ends, key.gateway_key_id) for key in keys] == [
        (digest(first), "acme", ("transactions:read", "transactions:write"), None, None, None),
        (digest(later), "zoe", ("transactions:read",), "basic", 4_000_000_000, "g1"),
    ]
    assert keys[0].created > keys[1].created


def test_a_revoked_key_is_gone_from_table_and_list(table: Table) -> None:
    key, other = (api_keys.make(table, "acme", READ) for _ in range(2))
    issued = api_keys.issued_with(table, digest(key)[:8])
    api_keys.revoke(table, issued)
    assert KeyRing(table).holder(key) is None
    assert KeyRing(table).holder(other)
    assert [left.digest for left in api_keys.issued(table)] == [digest(other)]
    with pytest.raises(NotFound):
        api_keys.revoke(table, issued)
    assert table.client.scan(TableName=table.name)["Count"] == 2


def test_an_expired_key_stays_in_the_list(table: Table) -> None:
    """The table drops what has `expires`; the entry is what leads to the gateway's key."""
    key = api_keys.make(table, "acme", READ, expires=1)
    (entry,) = [item for item in table.client.scan(TableName=table.name)["Items"] if item["PK"]["S"] == "L#"]
    assert "expires" not in entry
    table.client.delete_item(TableName=table.name, Key={"PK": {"S": f"K#{digest(key)}"}, "SK": {"S": "#"}})
    api_keys.revoke(table, api_keys.issued(table)[0])
    assert table.client.scan(TableName=table.name)["Count"] == 0


def test_a_key_that_is_made_twice_leaves_one_entry(table: Table) -> None:
    api_keys.make(table, "acme", READ, key="the same")
    with pytest.raises(Rejected):
        api_keys.make(table, "acme", READ, key="the same")
    assert len(api_keys.issued(table)) == 1


@pytest.mark.parametrize("key_id", ["", "1234567", "1234567g", "ABCDEF12", "0" * 65, "K#"])
def test_what_is_no_id_is_refused(table: Table, key_id: str) -> None:
    with pytest.raises(BadInput):
        api_keys.issued_with(table, key_id)


def test_an_ambiguous_id_is_refused_and_never_shown(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def named(start: str) -> IssuedKey:
        return IssuedKey(start.ljust(64, "0"), "acme", (), None, "", None, None)

    alike = [named("12345678a"), named("12345678b"), named("f")]
    assert api_keys.ids(alike) == ["12345678a", "12345678b", "f00000000"]
    monkeypatch.setattr(api_keys, "issued", lambda _: alike)
    with pytest.raises(Conflict):
        api_keys.issued_with(table, "12345678")
    assert api_keys.issued_with(table, "12345678b") == alike[1]
    with pytest.raises(NotFound):
        api_keys.issued_with(table, "00000000")


@pytest.mark.engine
def test_a_tier_loses_the_gateways_key(ministack: str) -> None:
    client = boto3.client("apigateway", endpoint_url=ministack)
    plans = {tier: client.create_usage_plan(name=tier)["id"] for tier in TIERS}
    tiers = Tiers(client, "saldo", {f"{tier.capitalize()}Tier": plan for tier, plan in plans.items()})
    with tiers.key("acme", "standard") as key:
        pass
    assert tiers.chosen("acme", None) == "standard"
    tiers.delete(key.id, "standard")
    tiers.delete(key.id, "standard")
    assert client.get_usage_plan_keys(usagePlanId=plans["standard"])["items"] == []
    assert tiers.chosen("acme", None) == "basic"
