"""Shows a scheme: its categories, and its groups with theirs. They are the ones that a pivot answers with (LinX)."""

import msgspec

from saldo.aws import schemes
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.http.answers import Ok
from saldo.http.api import Api
from saldo.http.parameters import SchemeQuery
from saldo.http.request import ANY_SCOPE, Request
from saldo.scheme import Category, TableName

api = Api("Schemes")


class CategoryShape(msgspec.Struct):
    id: int
    name: str
    type: TableName
    groupId: int
    groupName: str


class Categories(msgspec.Struct):
    scheme: str
    categories: list[CategoryShape]


class GroupShape(msgspec.Struct):
    id: int
    name: str
    type: TableName
    categories: tuple[Category, ...]


class Groups(msgspec.Struct):
    scheme: str
    groups: list[GroupShape]


@api.route("GET", "/api/linx/categories", scope=ANY_SCOPE)
def list_categories(request: Request, query: SchemeQuery) -> Ok[Categories]:
    """List the categories of a scheme."""
    scheme = schemes.named(query.scheme, request.tenant, "scheme")
    shapes = [
        CategoryShape(place.category.id, place.category.name, place.table, place.group.id, place.group.name)
        for place in scheme.places()
    ]
    return Ok(Categories(scheme.id, shapes))


@api.route("GET", "/api/linx/groups", scope=ANY_SCOPE)
def list_groups(request: Request, query: SchemeQuery) -> Ok[Groups]:
    """List the groups of a scheme, with their categories."""
    scheme = schemes.named(query.scheme, request.tenant, "scheme")
    shapes = [
        GroupShape(group.id, group.name, table_name, group.categories)
        for table_name, groups_of_table in scheme.tables.items()
        for group in groups_of_table
    ]
    return Ok(Groups(scheme.id, shapes))


prepare(table, api.build_models)
