"""How many of a labelled set of bank descriptions the rules of the household scheme get right, by group.

`python -m tests.bench.rules` scores the half that the rules were not written on; `tuning` after it scores, and lists,
the other half, on which they may be improved. The set is our own writing: Dutch, German and English, blind to the
rules; rare categories stand in it more often than in a real statement.
"""

import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec

from saldo.classification import Classifier
from saldo.scheme import load
from saldo.statements.statement import Row

FOLDER = Path(__file__).parent / "labelled"


class Labelled(msgspec.Struct, forbid_unknown_fields=True):
    """A row as a bank would show it, and the category that a person gave it."""

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
    """What was found instead, and by which rule."""

    labelled: Labelled
    found: int
    rule: str


class Score(NamedTuple):
    """Right and all, by group and by language; `defaults` are the misses for which no rule was found."""

    groups: dict[str, tuple[int, int]]
    languages: dict[str, tuple[int, int]]
    misses: list[Miss]

    @property
    def share(self) -> float:
        right, all_ = map(sum, zip(*self.groups.values(), strict=True))
        return float(right / all_)


def read(half: str) -> list[Labelled]:
    lines = (FOLDER / f"{half}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Labelled) for line in lines]


def score(half: str) -> Score:
    """`half` is scoring or tuning."""
    scheme = load("household")
    names = {place.category.id: place.group.name for place in scheme.places()}
    classifier = Classifier(scheme, 2)
    right: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    misses = []
    for one in read(half):
        category, _, rule = classifier.classify(one.row())
        keys = (names[one.category], one.language)
        all_.update(keys)
        if category == one.category:
            right.update(keys)
        else:
            misses.append(Miss(one, category, rule))
    languages = sorted({one.language for one in read(half)})
    return Score(
        {name: (right[name], all_[name]) for name in dict.fromkeys(names.values())},
        {language: (right[language], all_[language]) for language in languages},
        misses,
    )


def main() -> None:
    half = sys.argv[1] if len(sys.argv) > 1 else "scoring"
    found = score(half)
    print(f"| household, {half} half | right | of | share |\n|---|--:|--:|--:|")
    total = tuple(map(sum, zip(*found.groups.values(), strict=True)))
    for name, (right, all_) in {**found.groups, **found.languages, "all": total}.items():
        print(f"| {name} | {right} | {all_} | {right / all_:.0%} |")
    wrong = [miss for miss in found.misses if miss.rule != "default"]
    print(f"\n{len(found.misses) - len(wrong)} found no rule, {len(wrong)} found a wrong one.")
    if half == "tuning":
        by_category: defaultdict[int, list[Miss]] = defaultdict(list)
        for miss in found.misses:
            by_category[miss.labelled.category].append(miss)
        for category, misses in sorted(by_category.items()):
            for miss in misses:
                one = miss.labelled
                print(f"{category} <> {miss.found} {miss.rule}: {one.counterparty} | {one.text} {one.amount}")


if __name__ == "__main__":
    main()
