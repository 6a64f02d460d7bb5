"""A scheme is taken whole, or refused with the place of what is wrong."""

import json
from decimal import Decimal
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.rules import words
from saldo.scheme import RESERVED_RULES, SCHEMES, TABLES, Scheme, load, parse

File = dict[str, Any]


def group(id_: int, *categories: int, **more: Any) -> File:
    return {
        "id": id_,
        "name": f"Group {id_}",
        "categories": [{"id": one, "name": f"{one}"} for one in categories],
    } | more


def rule(name: str = "shops", category: int = 21, **more: Any) -> File:
    return {"name": name, "category": category} | (more or {"words": ["shop"]})


def scheme(*rules: File, **more: Any) -> File:
    """Income 11 and 12 in group 1, expenses 21 in group 2, transfers 31 in group 3."""
    return {
        "id": "own",
        "tables": {"expenses": [group(2, 21)], "income": [group(1, 11, 12)], "none": [group(3, 31)]},
        "default": {"income": 11, "expenses": 21},
        "rules": list(rules),
    } | more


def made(file: File) -> Scheme:
    return parse(json.dumps(file).encode())


def refused(content: File | bytes) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        parse(content if isinstance(content, bytes) else json.dumps(content).encode())
    (wrong,) = caught.value.errors
    return wrong.field, wrong.message


def test_a_scheme_knows_where_its_categories_stand() -> None:
    own = made(scheme())
    assert [(place.table, place.group.id, place.category.id) for place in own.places()] == [
        ("income", 1, 11),
        ("income", 1, 12),
        ("expenses", 2, 21),
        ("none", 3, 31),
    ]
    assert tuple(own.tables) == TABLES
    assert (own.group_of(12), own.group_of(13)) == (1, None)
    assert (own.has_group(3), own.has_group(4)) == (True, False)


def test_the_default_goes_by_the_sign_and_zero_is_income() -> None:
    own = made(scheme())
    assert [own.default(Decimal(amount)) for amount in ("-0.01", "0", "0.01")] == [21, 11, 11]


def test_a_scheme_may_have_no_categories_of_its_own_transfers() -> None:
    assert made(scheme()).internal(Decimal(1)) is None
    own = made(scheme(internal={"income": 12, "expenses": 31}))
    assert [own.internal(Decimal(amount)) for amount in (-1, 0, 1)] == [31, 12, 12]


def test_a_table_may_be_left_out() -> None:
    tables = {"income": [group(1, 11, 21, direct=True)]}
    own = made(scheme(tables=tables))
    assert (own.tables["expenses"], own.tables["none"], own.tables["income"][0].direct) == ((), (), True)


def test_the_rules_stand_in_the_order_of_the_file() -> None:
    own = made(scheme(rule("first"), rule("second", 11)))
    found = own.rules.find(words("a shop"), Decimal(1))
    assert found is not None
    assert found.name == "first"


def without(field: str) -> File:
    return {name: value for name, value in scheme().items() if name != field}


def tables(**more: Any) -> File:
    return scheme(tables=scheme()["tables"] | more)


@pytest.mark.parametrize(
    ("file", "place"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff", "body"),
        (b"[" * 100_000, "body"),
        ({}, "id"),
        (without("tables"), "tables"),
        (without("default"), "default"),
        (scheme(more=1), "more"),
        (scheme(id="Own"), "id"),
        (scheme(id=""), "id"),
        (scheme(id="a" * 65), "id"),
        (scheme(id=5), "id"),
        (scheme(tables=[]), "tables"),
        (scheme(tables={"other": []}), "tables.other"),
        (scheme(default={"income": 11}), "default.expenses"),
        (scheme(default={"income": 11, "expenses": "21"}), "default.expenses"),
        (scheme(internal={"income": 11}), "internal.expenses"),
        (scheme(rules={}), "rules"),
        (tables(none=[group(3, 31, more=1)]), "tables.none[0].more"),
        (tables(none=[group(0, 31)]), "tables.none[0].id"),
        (tables(none=[group(10**9 + 1, 31)]), "tables.none[0].id"),
        (tables(none=[group(3, 31, name="")]), "tables.none[0].name"),
        (tables(none=[group(3, 31, name="x" * 101)]), "tables.none[0].name"),
        (tables(none=[group(3, 31, direct="yes")]), "tables.none[0].direct"),
        (tables(none=[group(3, 31), group(4, 41, 0)]), "tables.none[1].categories[1].id"),
        (tables(none=[group(3, 31), group(3, 41)]), "tables.none[1].id"),
        (tables(none=[group(2, 31)]), "tables.none[0].id"),
        (tables(none=[group(3, 31, 31)]), "tables.none[0].categories[1].id"),
        (tables(none=[group(3, 31), group(4, 41, 21)]), "tables.none[1].categories[1].id"),
        (scheme(default={"income": 13, "expenses": 21}), "default.income"),
        (scheme(default={"income": 11, "expenses": 1}), "default.expenses"),
        (scheme(internal={"income": 13, "expenses": 21}), "internal.income"),
        (scheme(internal={"income": 11, "expenses": 13}), "internal.expenses"),
        (scheme(rule(), rule("other", 13)), "rules[1].category"),
        (scheme(rule(), rule()), "rules[1].name"),
        (scheme(rule("")), "rules[0].name"),
        *((scheme(rule(name)), "rules[0].name") for name in sorted(RESERVED_RULES)),
        (scheme(rule(sign="-")), "rules[0]"),
        (scheme(rule(unless=["shop"])), "rules[0]"),
        (scheme(rule(words=["shop"], sign="plus")), "rules[0].sign"),
        (scheme(rule(words="shop")), "rules[0].words"),
        (scheme(rule(words=["shop"], merchant_codes=["5411"])), "rules[0].merchant_codes"),
        (scheme(rule(), rule("b", words=["a", 5])), "rules[1].words[1]"),
        (scheme(rule(accounts=["NL12", "NL 12"])), "rules[0].accounts[1]"),
        (scheme(rule(accounts=[""])), "rules[0].accounts[0]"),
        *((scheme(rule(merchantCodes=[code])), "rules[0].merchantCodes[0]") for code in ("541", "54111", "٥٤١١", "")),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(file: File | bytes, place: str) -> None:
    assert refused(file)[0] == place


@pytest.mark.parametrize("field", ["words", "unless"])
@pytest.mark.parametrize(
    "pattern", ["", " ", "-", "*", "**", "*a*", "a*b", "two words*", "a.b*", "*a b", "a1*", "*12"]
)
def test_a_pattern_that_cannot_match_is_refused(field: str, pattern: str) -> None:
    place, said = refused(scheme(rule() | {field: ["good", pattern]}))
    assert (place, said[:10]) == (f"rules[0].{field}[1]", "is neither")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("shop", "SHOP"),
        ("shop*", "shops"),
        ("*shop", "workshop"),
        ("l'été", "L ETE"),
        ("c1000", "C1000"),
        ("é*", "etc"),
    ],
)
def test_a_pattern_that_is_taken_matches(pattern: str, text: str) -> None:
    assert made(scheme(rule(words=[pattern]))).rules.find(words(text), Decimal(1))


@given(st.text("ab1é* .-", max_size=6))
def test_every_pattern_is_refused_or_matches_its_own_words(pattern: str) -> None:
    try:
        own = made(scheme(rule(words=[pattern])))
    except BadInput as error:
        assert [wrong.field for wrong in error.errors] == ["rules[0].words[0]"]
    else:
        assert own.rules.find(words(pattern), Decimal(1))


@given(st.data())
def test_no_change_to_a_scheme_makes_anything_but_bad_input(data: st.DataObject) -> None:
    file: Any = scheme(rule(unless=["x"], words=["shop*"], accounts=["NL12"], merchantCodes=["5411"]))
    at = file
    while True:
        key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[key], (dict, list)) or not at[key] or data.draw(st.booleans()):
            break
        at = at[key]
    at[key] = data.draw(st.sampled_from([None, [at[key]], {"more": at[key]}, "x", 5, -1]))
    try:
        own = made(file)
    except BadInput as error:
        assert error.errors
    else:
        known = {place.category.id for place in own.places()}
        assert {own.default(Decimal(1)), own.default(Decimal(-1))} <= known


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_that_ships_is_one_that_a_tenant_may_bring(name: str) -> None:
    shipped = parse((files("saldo") / "schemes" / f"{name}.json").read_bytes())
    assert shipped.id == name
    assert shipped.tables == load(name).tables
    assert load(name) is load(name)
    assert shipped.internal(Decimal(-1)) is not None


def test_a_household_has_categories_enough() -> None:
    places = list(load("household").places())
    assert len(places) >= 60
    assert len({place.group.id for place in places}) >= 12
    assert {place.table for place in places} == set(TABLES)


def test_a_scheme_cannot_be_changed() -> None:
    (first, *_) = made(scheme()).places()
    with pytest.raises(AttributeError):
        first.category.name = "other"  # type: ignore[misc]
    assert msgspec.structs.replace(first.category, name="other") != first.category
