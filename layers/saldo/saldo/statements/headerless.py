"""The layouts of files without a header row. Each is known by the forms of the cells of its first row."""

import re
from typing import NamedTuple


class HeaderlessLayout(NamedTuple):
    """A file without a header row: its delimiter (None: any), the possible numbers of cells, column -> form of the
    cell, and role -> column."""

    delimiter: str | None
    widths: tuple[int, ...]
    forms: dict[int, str]
    roles: dict[str, int]


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
    ),
)


def headerless_layout(cells: list[str], delimiter: str) -> HeaderlessLayout | None:
    """The layout of a file without a header row whose first row has these cells, None if it is unknown."""
    for layout in _HEADERLESS:
        fits = layout.delimiter in (None, delimiter) and len(cells) in layout.widths
        if fits and all(re.fullmatch(form, cells[column]) for column, form in layout.forms.items()):
            return layout
    return None
