"""Pivots a statement that is sent (LinX), and the stored ledger of a customer. Nothing that is sent is kept."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from saldo.aws import cubes
from saldo.aws.customers import Customers
from saldo.aws.parameters import CustomerPath, NoQuery, PivotHeaders, PivotQuery
from saldo.aws.request import Request
from saldo.aws.schemes import Schemes
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer
from saldo.classification import Classifier
from saldo.cube import cells
from saldo.dates import EVERYTHING, Span
from saldo.errors import BadInput, bad
from saldo.money import minor_digits
from saldo.periods import Unit
from saldo.pivot import Pivot, pivot
from saldo.scheme import SCHEMES, load
from saldo.statements import walk

MAX_ANSWER = 5 * 1024 * 1024
_CURRENCY = "EUR"
# The bits of Options that mean something yet, and what no header means.
_CATEGORISE, _SHOW_RULES = 1, 32
_OPTIONS = 33

api = Api()


@api.route("POST", "/api/linx/pivot", scope="transactions:aggregate")
def of_statement(request: Request) -> Answer:
    request.query(NoQuery)
    headers = request.headers(PivotHeaders)
    if headers.input_hash and headers.input_hash.lower() != hashlib.sha256(request.body).hexdigest():
        raise bad("InputHash", "is not the SHA-256 of the body")
    statement = walk(request.body)
    chosen = load(name) if (name := headers.chosen) in SCHEMES else Schemes(table(), request.tenant).find(name)
    if chosen is None:
        raise bad("Scheme", f"is not one of {', '.join(SCHEMES)}, nor one of your own")
    decimals = minor_digits(statement.currency or _CURRENCY)
    options = _OPTIONS if headers.options is None else headers.options
    classifier = Classifier(chosen, decimals, statement.accounts or (), by_rule=bool(options & _CATEGORISE))
    asked = headers.options is not None and bool(headers.options & _SHOW_RULES)
    rules: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def amounts() -> Iterator[tuple[str, int, Decimal]]:
        for row in statement.rows:
            category, _, rule = classifier.classify(row)
            if asked:
                rules[category][rule] += 1
            yield row.date[:10], category, row.amount

    found = cells(amounts())
    answered = pivot(found, chosen, Unit.numbered(headers.unit), decimals, rules=rules if asked else None)
    return _sized(answered, EVERYTHING)


@api.route("GET", "/api/v1/customer/{customerId}/transactions/pivot", scope="transactions:aggregate")
def of_ledger(request: Request) -> Answer:
    path, query = request.path(CustomerPath), request.query(PivotQuery)
    customer = Customers(table(), request.tenant).get(path.customerId)
    found = cubes.read(table(), customer, query.span)
    covered = None if query.span == EVERYTHING else cubes.covered(table(), customer, query.span)
    return _sized(pivot(found, customer.scheme, query.unit, customer.decimals, covered=covered), query.span)


def _sized(found: Pivot, span: Span) -> Answer:
    given = answer(200, found)
    if len(given.body) > MAX_ANSWER:
        asked = f"{span.start or 'the first day'} to {span.end or 'the last day'}"
        raise BadInput(
            f"The answer by {found.unit} from {asked} is larger than {MAX_ANSWER} bytes.", code="OutOfRange"
        )
    return given


prepare(table)
