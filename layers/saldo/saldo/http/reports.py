"""What the tables and their files take: in a query, or as the fields of a body."""

from typing import Literal

from pydantic import Field

from saldo.errors import bad
from saldo.file_types import FileType
from saldo.http.parameters import SpanQuery, UnitName
from saldo.periods import Unit
from saldo.tables import Reader


class TablesQuery(SpanQuery):
    # With the default in the schema, generated clients would require the field in a body.
    unit: UnitName = Field(
        default_factory=lambda: Unit.MONTH,
        description="The periods of the values, by default `month`; `none` is the total alone.",
    )


class FileQuery(TablesQuery):
    """The file of the tables."""

    type: FileType = Field(description="The format of the file.")
    for_: Reader | None = Field(
        None,
        alias="for",
        description="With `type=csv`, `excel`: semicolons, a decimal comma and a byte order mark, as Excel opens it "
        "where the decimal mark is a comma.",
    )

    @property
    def reader(self) -> Reader | None:
        """The program that the file is for. BadInput if it is not a CSV file."""
        if self.for_ is not None and self.type != "csv":
            raise bad("for", "can go only with the type csv")
        return self.for_


class DownloadQuery(FileQuery):
    delivery: Literal["inline", "redirect", "link"] = Field(
        "inline",
        description="The file itself (over 4 MB, and `xlsx` of any size, as `redirect`), a 303 to its link, or the "
        "link as JSON.",
    )
