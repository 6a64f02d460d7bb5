"""How the amounts of a CSV file get their signs: from themselves, from debit and credit marks, or from two columns.

Where more than one way is possible, words of the rows, a known layout or the running balances settle it, and what
they leave open the sender may say. Nothing is guessed.
"""

from saldo.errors import bad
from saldo.money import Side
from saldo.statements.amounts import is_negative
from saldo.statements.columns import Columns
from saldo.statements.survey import Survey
from saldo.statements.ways import Way, Ways

_UNSETTLED = (
    "is ambiguous: nothing in the file tells whether income or purchases are positive; send Signs: bank if income is,"
    " or Signs: card if purchases are (of an import the field signs)"
)


def find_way(ways: Ways, columns: Columns, survey: Survey, sender: Side | None) -> Way:
    """The way that suits what the file has in it; `sender` is the side that the sender says it is written from.

    BadInput if it is ambiguous which way is right.
    """
    if "amount" not in columns.by_role:
        mixed = any({(side, False), (side, True)} <= survey.signs for side in (-1, 1))
        if not mixed:
            return ways.unsigned_sides
        if way := ways.only_following(ways.unsigned_sides, ways.signed_sides):
            return way
        raise bad("amount", "is ambiguous: a column has amounts of both signs, and no balance settles it")
    if columns.exported:
        return ways.signed
    if columns.bulk_names:
        # They promise signs from the bank's side.
        sender = None
    if survey.mark is None:
        return _unmarked(ways, columns, survey, sender)
    if survey.signs <= {(1, False), (-1, True)}:
        return ways.signed
    if not any(negative for _, negative in survey.signs):
        return ways.marked
    if way := ways.only_following(ways.marked, ways.signed, ways.marked_and_signed):
        return way
    # All debits are positive and all credits negative: written from the card's side.
    if survey.signs == {(-1, False), (1, True)}:
        return ways.marked
    if survey.signs == {(1, True)} and (columns.card.is_card or sender == "card"):
        return ways.marked
    raise bad("amount", "is ambiguous: signs contradict debit and credit marks, and no balance settles it")


def _unmarked(ways: Ways, columns: Columns, survey: Survey, sender: Side | None) -> Way:
    """The way of a file with one column of amounts and no marks: as they are written, if it is from the bank's side,
    or with the other sign, if it is from the card's."""
    card, evidence = columns.card, survey.evidence
    by_kinds = evidence.side_by_kinds()
    if by_kinds == "unsigned":
        return ways.by_kind
    if by_kinds in ("bank", "card"):
        return ways.of_side(by_kinds)
    if side := evidence.side_by_texts(survey.amounts) or card.side:
        return ways.of_side(side)
    is_doubtful = card.is_suspected or by_kinds == "unclear"
    if way := _by_balances(ways, columns, survey, is_doubtful=is_doubtful or sender is not None):
        return way
    if sender is not None:
        return ways.of_side(sender)
    if is_doubtful and survey.amounts:
        raise bad("amount", _UNSETTLED)
    return ways.signed


def _by_balances(ways: Ways, columns: Columns, survey: Survey, *, is_doubtful: bool) -> Way | None:
    """The way that the running balances settle; unless it is doubtful that amounts are right as they are written,
    only another way than that."""
    if any(map(is_negative, survey.amounts)):
        # The other sign nearly always fails at the second row, so this costs no pass over the file.
        if is_doubtful or (not columns.bulk_names and ways.balances_follow(ways.negated)):
            return ways.only_following(ways.signed, ways.negated)
        return None
    # The amounts may all be payments, which only running balances tell.
    if way := ways.only_following(ways.signed, ways.negated):
        return way
    if ways.balances_follow(None):
        raise bad("amount", "is ambiguous: it has no sign, and the balances rise and fall")
    return None
