"""Shows a scheme: its categories, and its groups with theirs. It is what a pivot answers with (LinX)."""

from saldo.aws.parameters import SchemeQuery
from saldo.aws.request import Request
from saldo.aws.schemes import Schemes
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer
from saldo.errors import bad
from saldo.scheme import SCHEMES, Scheme, load

api = Api()


@api.route("GET", "/api/linx/categories", scope="transactions:aggregate")
def categories(request: Request) -> Answer:
    scheme = _scheme(request)
    shown = [
        {
            "id": place.category.id,
            "name": place.category.name,
            "type": place.table,
            "groupId": place.group.id,
            "groupName": place.group.name,
        }
        for place in scheme.places()
    ]
    return answer(200, {"scheme": scheme.id, "categories": shown})


@api.route("GET", "/api/linx/groups", scope="transactions:aggregate")
def groups(request: Request) -> Answer:
    scheme = _scheme(request)
    shown = [
        {"id": group.id, "name": group.name, "type": table_, "categories": group.categories}
        for table_, groups_ in scheme.tables.items()
        for group in groups_
    ]
    return answer(200, {"scheme": scheme.id, "groups": shown})


def _scheme(request: Request) -> Scheme:
    name = request.query(SchemeQuery).scheme
    scheme = load(name) if name in SCHEMES else Schemes(table(), request.tenant).find(name)
    if scheme is None:
        raise bad("scheme", f"is not one of {', '.join(SCHEMES)}, nor one of your own")
    return scheme


prepare(table)
