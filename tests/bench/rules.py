"""How many of a labelled set of bank descriptions the rules of the household scheme classify correctly, by group.

`python -m tests.bench.rules` scores the half that was held out when the rules were written; with the argument
`tuning` it scores the other half and lists the misses, for improving the rules. We wrote the set ourselves, in Dutch,
German and English, without looking at the rules; rare categories occur more often than in a real statement.
"""

import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec

from saldo.classification import Classifier
from saldo.scheme import load
from saldo.statements.statement import Row

FOLDER = Path(__file__).parent / "labelled"


class Labelled(msgspec.Struct, forbid_unknown_fields=True):
    """A row as a bank would show it, and the category that a person assigned to it."""

    text: str
    counterparty: str | None
    amount: Decimal
    merchantCode: str | None
    language: str
    category: int

    def row(self) -> Row:
        return Row(
            place="",
            date="2024-01-01T00:00:00.000Z",
            amount=self.amount,
            text=self.text,
            counterparty=self.counterparty,
            merchant_code=self.merchantCode,
        )


class Miss(NamedTuple):
    """A row that got another category than its label, and the rule that chose it."""

    labelled: Labelled
    category: int
    rule: str


class Score(NamedTuple):
    """Correct and total by group and by language, and the misses."""

    groups: dict[str, tuple[int, int]]
    languages: dict[str, tuple[int, int]]
    misses: list[Miss]

    @property
    def share(self) -> float:
        correct, total = map(sum, zip(*self.groups.values(), strict=True))
        return float(correct / total)


def read(half: str) -> list[Labelled]:
    lines = (FOLDER / f"{half}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Labelled) for line in lines]


def score(half: str) -> Score:
    """Classify the rows of a half, "scoring" or "tuning"."""
    scheme = load("household")
    names = {place.category.id: place.group.name for place in scheme.places()}
    classifier = Classifier(scheme, 2)
    correct: Counter[str] = Counter()
    total: Counter[str] = Counter()
    misses = []
    for labelled in read(half):
        category, _, rule = classifier.classify(labelled.row())
        keys = (names[labelled.category], labelled.language)
        total.update(keys)
        if category == labelled.category:
            correct.update(keys)
        else:
            misses.append(Miss(labelled, category, rule))
    languages = sorted({labelled.language for labelled in read(half)})
    return Score(
        {name: (correct[name], total[name]) for name in dict.fromkeys(names.values())},
        {language: (correct[language], total[language]) for language in languages},
        misses,
    )


def main() -> None:
    half = sys.argv[1] if len(sys.argv) > 1 else "scoring"
    result = score(half)
    print(f"| household, {half} half | correct | of | share |\n|---|--:|--:|--:|")
    overall = tuple(map(sum, zip(*result.groups.values(), strict=True)))
    for name, (correct, total) in {**result.groups, **result.languages, "all": overall}.items():
        print(f"| {name} | {correct} | {total} | {correct / total:.0%} |")
    wrong = [miss for miss in result.misses if miss.rule != "default"]
    print(f"\nNo rule matched {len(result.misses) - len(wrong)} rows, a wrong rule matched {len(wrong)}.")
    if half == "tuning":
        for row, category, rule in sorted(result.misses, key=lambda miss: miss.labelled.category):
            print(f"{row.category} <> {category} {rule}: {row.counterparty} | {row.text} {row.amount}")


if __name__ == "__main__":
    main()
