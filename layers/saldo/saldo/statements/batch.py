"""Some rows of a CSV file, by column: what is done for a whole column takes a fraction of the time that it takes row
by row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

# Texts repeat, so this many of a column are remembered.
_MAX_SEEN = 20_000

T = TypeVar("T")

Cells = list[str]
# From the cells of a column to their texts.
Clean = Callable[[Iterable[str]], list[str]]


def stripped(cells: Iterable[str]) -> list[str]:
    """The cells without white space around them."""
    return list(map(str.strip, cells))


class Batch:
    """At least one row: the line on which each ends, and the cells of each column."""

    def __init__(self, lines: list[int], rows: list[Cells]) -> None:
        self.lines = lines
        self.columns: list[tuple[str, ...]] = list(zip(*rows, strict=True))

    @property
    def rows(self) -> Iterator[Cells]:
        """The cells of each row."""
        return map(list, zip(*self.columns, strict=True))

    def texts(self, columns: Sequence[int], clean: Clean = stripped) -> list[str]:
        """Of each row the first text in these columns that is not empty when it is cleaned, or an empty one."""
        texts = clean(self.columns[columns[0]])
        for column in columns[1:]:
            if all(texts):
                break
            others = clean(self.columns[column])
            texts = [text or other for text, other in zip(texts, others, strict=True)]
        return texts

    def unseen(self, texts: Sequence[str], seen: set[str] | dict[str, Any]) -> Iterator[tuple[int, str]]:
        """Each short text of the rows that was not seen yet, with its line; whoever takes it adds it to what was."""
        if len(seen) > _MAX_SEEN:
            seen.clear()
        for line, text in zip(self.lines, texts, strict=True):
            if text not in seen:
                yield line, text

    def converted(
        self, texts: Sequence[str], convert: Callable[[str, str], T], name: str, known: dict[str, T]
    ) -> list[T]:
        """What short texts of the rows become, each different one converted once: `known` has those that were.

        `convert` takes a text and the field that an error names, which has this name.
        """
        for line, text in self.unseen(texts, known):
            known[text] = convert(text, f"line {line}.{name}")
        return [known[text] for text in texts]
