"""`saldo schemes`: which schemes there are, or the groups and categories of one."""

from typing import TYPE_CHECKING

import click

from saldo_cli.settings import Settings, shared_options

if TYPE_CHECKING:
    from saldo_cli.client import Answer, Api

# The API shows a scheme by its id, and has no list of them.
_SHIPPED = ("household", "business")


@click.command()
@click.argument("scheme", metavar="[ID]", required=False)
@shared_options
@click.pass_obj
def schemes(settings: Settings, scheme: str | None) -> None:
    """List the schemes, or the groups and categories of one.

    Without ID: the schemes that ship, and those that the customers have.

    \b
    Example: saldo schemes household
    """
    from saldo_cli.client import Api

    api = Api(settings)
    if scheme is None:
        _write_all(settings, api)
    else:
        _write_scheme(settings, api, scheme)


def _write_scheme(settings: Settings, api: "Api", scheme: str) -> None:
    from saldo_cli.answers import Groups
    from saldo_cli.output import Column, write_json, write_rows

    answer = _groups(api, scheme)
    if settings.format == "json":
        write_json(answer.text)
        return
    columns = [
        Column("group", right=True),
        Column("groupName"),
        Column("type"),
        Column("category", right=True),
        Column("categoryName"),
    ]
    rows = (
        (group.id, group.name, group.type, category.id, category.name)
        for group in answer.read(Groups).groups
        for category in group.categories
    )
    write_rows(settings.format, columns, rows)


def _write_all(settings: Settings, api: "Api") -> None:
    from saldo_cli.answers import Groups
    from saldo_cli.output import Column, write_json, write_rows

    answers = [_groups(api, scheme) for scheme in _names(api)]
    if settings.format == "json":
        write_json(f"[{','.join(answer.text for answer in answers)}]")
        return
    shapes = [answer.read(Groups) for answer in answers]
    rows = [
        (shape.scheme, len(shape.groups), sum(len(group.categories) for group in shape.groups)) for shape in shapes
    ]
    columns = [Column("scheme"), Column("groups", right=True), Column("categories", right=True)]
    write_rows(settings.format, columns, rows)


def _names(api: "Api") -> list[str]:
    from saldo_cli.answers import Customer
    from saldo_cli.failure import Refused
    from saldo_cli.output import tell
    from saldo_cli.paging import Walk

    try:
        chosen = {customer.scheme for customer in Walk(api, "/api/v1/customers", "customers", Customer)}
    except Refused as error:
        if error.status != 403:
            raise
        tell("only the schemes that ship are listed, for the key may not see the customers", *error.lines)
        chosen = set()
    return [*_SHIPPED, *sorted(chosen.difference(_SHIPPED))]


def _groups(api: "Api", scheme: str) -> "Answer":
    return api.get("/api/linx/groups", {"scheme": scheme})
