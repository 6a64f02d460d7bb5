"""Pivots a statement that is sent (LinX), and the stored ledger of a customer. Nothing that is sent is kept."""

import hashlib

from saldo.aws import cubes, schemes
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.dates import EVERYTHING
from saldo.errors import bad
from saldo.http.answers import Ok, report
from saldo.http.api import Api
from saldo.http.parameters import CustomerPath, PivotHeaders, PivotQuery
from saldo.http.request import Request
from saldo.periods import Unit
from saldo.pivot import Pivot, pivot
from saldo.sent import pivot_statement
from saldo.statements import walk
from saldo.statements.limits import SENT

# The bits of Options that have a meaning yet, and what no header means.
_CATEGORISE, _SHOW_RULES = 1, 32
_OPTIONS = 33

api = Api("Pivot")


@api.route(
    "POST",
    "/api/linx/pivot",
    scope="transactions:aggregate",
    codes=("NoData", "InvalidFormat", "NotSupported", "OutOfRange"),
)
def pivot_sent(request: Request, headers: PivotHeaders, body: bytes) -> Ok[Pivot]:
    """Pivot a statement that you send.

    The body is the file of a bank, or a ZIP of several; its format is found from its content. Nothing is kept.
    """
    if headers.input_hash and headers.input_hash.lower() != hashlib.sha256(body).hexdigest():
        raise bad("InputHash", "must be the SHA-256 of the body, or of the file in a form")
    statement = walk(body, headers.signs, limits=SENT)
    scheme = schemes.named(headers.scheme_name, request.tenant, "Scheme")
    options = _OPTIONS if headers.options is None else headers.options
    answer = pivot_statement(
        statement,
        scheme,
        Unit.numbered(headers.unit),
        by_rule=bool(options & _CATEGORISE),
        count_rules=headers.options is not None and bool(options & _SHOW_RULES),
    )
    return report(answer, answer.unit, EVERYTHING)


@api.route(
    "GET",
    "/api/v1/customer/{customerId}/transactions/pivot",
    scope="transactions:aggregate",
    codes=("404.1", "OutOfRange"),
)
def pivot_ledger(request: Request, path: CustomerPath, query: PivotQuery) -> Ok[Pivot]:
    """Pivot the stored transactions of a customer.

    Totals, counts and averages per complete month, by category and group, for each period of the unit.
    """
    customer = path.customer(request.tenant)
    cells, covered = cubes.read_with_coverage(table(), customer, query.span)
    answer = pivot(cells, customer.scheme, query.unit, customer.decimals, covered=covered)
    return report(answer, query.unit, query.span)


prepare(table, api.build_models)
