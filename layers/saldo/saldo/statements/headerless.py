"""The layouts of files without a header row. Each is known by the forms of the cells of its first row.

What is told by its form alone has marks that no other bank writes there, such as Wells Fargo's `*`. Where the form
is not enough, the balances of the rows must follow from each other, or the file is refused.
"""

import re
from typing import NamedTuple


class HeaderlessLayout(NamedTuple):
    """A file without a header row: its delimiter (None: any), the possible numbers of cells, column -> form of the
    cell, and role -> column, or the columns, the best one first.

    `is_first` if it must be the first row of the file that shows the layout. `must_balance` if the balances must
    follow too. `month_first` if the bank writes the month before the day.
    """

    delimiter: str | None
    widths: tuple[int, ...]
    forms: dict[int, str]
    roles: dict[str, int | tuple[int, ...]]
    is_first: bool = True
    must_balance: bool = False
    month_first: bool = False


_SIGNED = r"[-+]?[0-9]{1,3}(?:,?[0-9]{3})*\.[0-9]{2}"
_COMMA = r"[-+]?[0-9]{1,3}(?:\.?[0-9]{3})*,[0-9]{2}"
_DOTTED_DAY = r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}"
_SLASHED_DAY = r"[0-9]{2}/[0-9]{2}/[0-9]{4}"
_NAMED_DAY = r"[0-9]{1,2} [A-Z][a-z]{2} [0-9]{2}"


_HEADERLESS = (
    # ABN AMRO
    HeaderlessLayout(
        delimiter="\t",
        widths=(8,),
        forms={
            0: r"[0-9A-Z ]{6,34}",
            1: r"[A-Z]{3}",
            2: r"[0-9]{8}",
            3: r".*[0-9]",
            4: r".*[0-9]",
            5: r"[0-9]{8}",
            6: r".*[0-9]",
            7: r".*",
        },
        roles={
            "account": 0,
            "currency": 1,
            "date": 2,
            "balance before": 3,
            "balance": 4,
            "amount": 6,
            "text": 7,
        },
        is_first=False,
    ),
    # SNS, ASN and RegioBank
    HeaderlessLayout(
        delimiter=None,
        widths=(18, 19),
        forms={
            0: r"[0-9]{2}-[0-9]{2}-[0-9]{4}",
            1: r"[A-Z]{2}[0-9]{2}[A-Z0-9]+",
            7: r"[A-Z]{3}",
            9: r"[A-Z]{3}",
        },
        roles={
            "date": 0,
            "account": 1,
            "counterparty account": 2,
            "counterparty": 3,
            "balance before": 8,
            "currency": 9,
            "amount": 10,
            "reference": 15,
            "text": 17,
        },
        is_first=False,
    ),
    # easybank and BAWAG in Austria, accounts and cards
    HeaderlessLayout(
        delimiter=";",
        widths=(6,),
        forms={
            0: r"AT[0-9]{18}|[0-9]{5,20}",
            2: _DOTTED_DAY,
            3: _DOTTED_DAY,
            4: rf"[-+]{_COMMA}",
            5: r"[A-Z]{3}",
        },
        roles={"account": 0, "text": 1, "date": (2, 3), "amount": 4, "currency": 5},
    ),
    # Raiffeisen in Austria
    HeaderlessLayout(
        delimiter=";",
        widths=(6, 7),
        forms={
            0: _DOTTED_DAY,
            2: _DOTTED_DAY,
            3: _COMMA,
            4: r"[A-Z]{3}",
            5: rf"(?:{_DOTTED_DAY} [0-9:]+)?",
            6: r"",
        },
        roles={"date": (0, 2), "text": 1, "amount": 3, "currency": 4},
    ),
    # Commonwealth Bank in Australia: no other bank writes a plus before its balances
    HeaderlessLayout(
        delimiter=",",
        widths=(4,),
        forms={0: _SLASHED_DAY, 1: _SIGNED, 3: r"[-+][0-9,]+\.[0-9]{2}"},
        roles={"date": 0, "amount": 1, "text": 2, "balance": 3},
        must_balance=True,
    ),
    # National Australia Bank before it had a header row
    HeaderlessLayout(
        delimiter=",",
        widths=(7,),
        forms={0: _NAMED_DAY, 1: _SIGNED, 3: r"", 4: r"[A-Z][A-Z /&.-]*", 6: _SIGNED},
        roles={"date": 0, "amount": 1, "text": 5, "balance": 6},
        must_balance=True,
    ),
    # Barclaycard in Britain: what was spent has a column of its own
    HeaderlessLayout(
        delimiter=",",
        widths=(7,),
        forms={0: _NAMED_DAY, 2: r"(?i:visa|mastercard)", 5: rf"(?:{_SIGNED})?", 6: rf"(?:{_SIGNED})?"},
        roles={"date": 0, "text": 1, "credit": 5, "debit": 6},
    ),
    # Wells Fargo in the United States
    HeaderlessLayout(
        delimiter=",",
        widths=(5,),
        forms={0: _SLASHED_DAY, 1: _SIGNED, 2: r"\*", 3: r"[0-9]*"},
        roles={"date": 0, "amount": 1, "text": 4},
        month_first=True,
    ),
    # TD in Canada: debits, credits and the balance
    HeaderlessLayout(
        delimiter=",",
        widths=(5,),
        forms={0: _SLASHED_DAY, 2: rf"(?:{_SIGNED})?", 3: rf"(?:{_SIGNED})?", 4: _SIGNED},
        roles={"date": 0, "text": 1, "debit": 2, "credit": 3, "balance": 4},
        must_balance=True,
        month_first=True,
    ),
)


def headerless_layout(cells: list[str], delimiter: str, *, is_first: bool) -> HeaderlessLayout | None:
    """The layout of a file without a header row that has a row with these cells, None if it is unknown."""
    for layout in _HEADERLESS:
        fits = layout.delimiter in (None, delimiter) and len(cells) in layout.widths
        if not fits or (layout.is_first and not is_first):
            continue
        if all(re.fullmatch(form, cells[column]) for column, form in layout.forms.items() if column < len(cells)):
            return layout
    return None
