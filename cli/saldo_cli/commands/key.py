"""`saldo key`: makes, lists and revokes API keys in the table itself; only their hashes are stored there.

In a deployed stack each key also has one of API Gateway's in a tier; `make run` throttles nothing.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from saldo_cli.options import stack_option
from saldo_cli.output import tell
from saldo_cli.settings import Settings, shared_options

if TYPE_CHECKING:
    from saldo_cli.target import Spelling, Target
    from saldo_cli.tiers import GatewayKey, Tiers

_OPTIONS = frozenset(("tenant", "scopes", "tier", "expires"))


@click.group()
def key() -> None:
    """Make, list and revoke API keys: for operators.

    It works on the table itself, of a stack or of `make run`, so it needs no key.

    \b
    Example: saldo key make --tenant acme --scopes transactions:read
    """


@key.command()
@click.option("--tenant", required=True, metavar="T", help="Whose key it is.")
@click.option(
    "--scopes", required=True, multiple=True, metavar="S", help="What it may do: one or more, by commas or spaces."
)
@click.option(
    "--tier", metavar="TIER", help="basic, standard or premium. [that of the tenant's other keys, or basic]"
)
@click.option("--expires", metavar="DAY", help="The day, or RFC 3339 time, at which it ends.")
@stack_option
@shared_options
@click.pass_obj
def make(
    settings: Settings, tenant: str, scopes: Sequence[str], tier: str | None, expires: str | None, stack: str | None
) -> None:
    """Make a key and show it once, on stdout.

    \b
    Scopes: transactions:read        list transactions and customers
            transactions:write       import, register, correct
            transactions:aggregate   pivot, tables, downloads
            customers:erase          erase a customer with all that is stored of it

    \b
    Example: saldo key make --tenant acme --scopes transactions:read,transactions:aggregate
    """
    from saldo_cli.target import on_command_line

    make_key(settings.url, tenant, " ".join(scopes), tier, expires, stack, on_command_line)


@key.command("list")
@stack_option
@shared_options
@click.pass_obj
def list_(settings: Settings, stack: str | None) -> None:
    """List the keys of all tenants: never the keys themselves, but what they may do.

    \b
    Example: saldo key list --stack saldo
    """
    from saldo.aws import api_keys
    from saldo.aws.table import table
    from saldo_cli.output import Column, write_json, write_rows
    from saldo_cli.target import Target, on_command_line, operators_errors

    with operators_errors(on_command_line, _OPTIONS):
        Target(stack, settings.url, on_command_line)
        keys = api_keys.issued(table())
    rows = [
        (id_, key.tenant, " ".join(key.scopes), key.tier, key.created, _time(key.ends))
        for id_, key in zip(api_keys.ids(keys), keys, strict=True)
    ]
    names = ("id", "tenant", "scopes", "tier", "created", "expires")
    if settings.format == "json":
        import msgspec

        entries = [
            dict(zip(names, row, strict=True)) | {"scopes": key.scopes} for row, key in zip(rows, keys, strict=True)
        ]
        write_json(msgspec.json.encode({"keys": entries}).decode())
        return
    write_rows(settings.format, [Column(name) for name in names], rows)


@key.command()
@click.argument("id_", metavar="ID")
@stack_option
@shared_options
@click.pass_obj
def revoke(settings: Settings, id_: str, stack: str | None) -> None:
    """Revoke the key with this id of the list. It is refused within a minute.

    \b
    Example: saldo key revoke 1f0c3a9b
    """
    from saldo.aws import api_keys
    from saldo.aws.table import table
    from saldo_cli.target import Target, on_command_line, operators_errors

    with operators_errors(on_command_line, _OPTIONS):
        target = Target(stack, settings.url, on_command_line)
        issued = api_keys.issued_with(table(), id_.lower())
        if target.stack and issued.gateway_key_id and issued.tier:
            # First, so that a revocation that fails half-way can be made again.
            _tiers(target).delete(issued.gateway_key_id, issued.tier)
        api_keys.revoke(table(), issued)
    tell(f"revoked a key of {issued.tenant} in {target.description}; it is refused within a minute")


def make_key(
    url: str,
    tenant: str,
    scopes: str,
    tier: str | None,
    expires: str | None,
    stack: str | None,
    spelled: "Spelling",
) -> None:
    """Make a key and write it to stdout. Failure if it cannot be made."""
    from saldo.aws import api_keys
    from saldo.aws.table import table
    from saldo.errors import bad
    from saldo_cli.target import Target, operators_errors
    from saldo_cli.tiers import TIERS

    with operators_errors(spelled, _OPTIONS):
        scope_names = scopes.replace(",", " ").split()
        ends = _ends(expires)
        api_keys.check(tenant, scope_names)
        if tier and tier not in TIERS:
            raise bad("tier", f"must be one of {', '.join(TIERS)}")
        target = Target(stack, url, spelled)
        with _gateway_key(target, tenant, tier) as (chosen_tier, gateway_key):
            made = api_keys.make(
                table(),
                tenant,
                scope_names,
                expires=ends,
                tier=chosen_tier,
                gateway_key=gateway_key and gateway_key.value,
                gateway_key_id=gateway_key and gateway_key.id,
            )
            # Shown before the gateway's key is settled: a key that nobody saw leaves nothing behind there.
            click.echo(made)
    tell(f"stored in {target.description}; keep the key, it is not shown again")


@contextmanager
def _gateway_key(target: "Target", tenant: str, tier: str | None) -> "Iterator[tuple[str | None, GatewayKey | None]]":
    """The tier, and a new API Gateway key in it; outside a stack there is none."""
    if not target.stack:
        yield tier, None
        return
    tiers = _tiers(target)
    chosen = tiers.chosen(tenant, tier)
    with tiers.key(tenant, chosen) as gateway_key:
        yield chosen, gateway_key
    tell(f"{tenant} is in the tier {chosen}")


def _tiers(target: "Target") -> "Tiers":
    import boto3

    from saldo_cli.tiers import Tiers

    return Tiers(boto3.client("apigateway"), target.stack or "", target.outputs)


def _ends(expires: str | None) -> int | None:
    """A day or an RFC 3339 time as epoch seconds; None without one. BadInput if it is over."""
    from saldo.dates import parse_instant
    from saldo.errors import bad

    if not expires:
        return None
    ends = int(datetime.fromisoformat(parse_instant(expires, "expires")).timestamp())
    if ends <= time.time():
        raise bad("expires", "must be in the future")
    return ends


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
