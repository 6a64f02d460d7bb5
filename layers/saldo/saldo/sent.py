"""The pivot of a statement that is sent (LinX): the rows are classified and summed, and nothing is kept."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from saldo.classification import Classifier
from saldo.cube import cells
from saldo.money import minor_digits
from saldo.periods import Period, Unit, hull
from saldo.pivot import Pivot, pivot
from saldo.scheme import Scheme
from saldo.statements.statement import Statement

# Of a statement that names no currency.
_CURRENCY = "EUR"


def pivot_statement(statement: Statement, scheme: Scheme, unit: Unit, *, by_rule: bool, count_rules: bool) -> Pivot:
    """The pivot by the unit. Without `by_rule` only signs and given categories decide; with `count_rules` each
    category tells how many rows each rule brought. The coverage is widened by the period that the statement declares.
    BadInput of the statement's reader or the classifier."""
    decimals = minor_digits(statement.currency or _CURRENCY)
    instants: set[str] = set()
    classifier = Classifier(scheme, decimals, statement.accounts or (), by_rule=by_rule)
    # The periods of all other units are whole months.
    by_day = unit in (Unit.DAY, Unit.WEEK)
    rules: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def amounts() -> Iterator[tuple[str, int, Decimal]]:
        for row in statement.rows:
            category, _, rule = classifier.classify(row)
            if count_rules:
                rules[category][rule] += 1
            instants.add(row.date)
            yield row.date[:10] if by_day else f"{row.date[:7]}-01", category, row.amount

    booked = cells(amounts())
    days = Period(_day(min(instants)), _day(max(instants))) if instants else None
    return pivot(
        booked,
        scheme,
        unit,
        decimals,
        days=days,
        covered=hull(days, statement.declared),
        rules=rules if count_rules else None,
    )


def _day(instant: str) -> date:
    return date.fromisoformat(instant[:10])
