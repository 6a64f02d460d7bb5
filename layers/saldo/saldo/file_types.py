"""The types of the files that are handed out."""

from typing import Literal

FileType = Literal["json", "csv", "xlsx"]

CONTENT_TYPES: dict[FileType, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
