"""A scheme is accepted whole, or refused with the field that is wrong."""

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
        "categories": [{"id": category, "name": f"{category}"} for category in categories],
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
    """The field that is refused, and the message."""
    with pytest.raises(BadInput) as caught:
        parse(content if isinstance(content, bytes) else json.dumps(content).encode())
    (error,) = caught.value.errors
    return error.field, error.message


def test_a_scheme_knows_the_group_and_table_of_its_categories() -> None:
    parsed = made(scheme())
    assert [(place.table, place.group.id, place.category.id) for place in parsed.places()] == [
        ("income", 1, 11),
        ("income", 1, 12),
        ("expenses", 2, 21),
        ("none", 3, 31),
    ]
    assert tuple(parsed.tables) == TABLES
    assert (parsed.group_of(12), parsed.group_of(13)) == (1, None)
    assert (parsed.has_group(3), parsed.has_group(4)) == (True, False)


def test_the_default_depends_on_the_sign_and_zero_is_income() -> None:
    parsed = made(scheme())
    assert [parsed.default(Decimal(amount)) for amount in ("-0.01", "0", "0.01")] == [21, 11, 11]


def test_the_categories_of_internal_transfers_may_be_left_out() -> None:
    assert made(scheme()).internal(Decimal(1)) is None
    parsed = made(scheme(internal={"income": 12, "expenses": 31}))
    assert [parsed.internal(Decimal(amount)) for amount in (-1, 0, 1)] == [31, 12, 12]


def test_a_table_may_be_left_out() -> None:
    tables = {"income": [group(1, 11, 21, direct=True)]}
    parsed = made(scheme(tables=tables))
    assert (parsed.tables["expenses"], parsed.tables["none"], parsed.tables["income"][0].direct) == ((), (), True)


def test_rules_keep_the_order_of_the_file() -> None:
    parsed = made(scheme(rule("first"), rule("second", 11)))
    match = parsed.rules.find(words("a shop"), Decimal(1))
    assert match is not None
    assert match.name == "first"


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
def test_a_bad_scheme_is_refused_with_the_field(file: File | bytes, place: str) -> None:
    assert refused(file)[0] == place


@pytest.mark.parametrize(
    ("file", "place", "message"),
    [
        ({}, "id", "is required"),
        (scheme(id="Own"), "id", "must match ^[a-z][a-z0-9-]{0,63}$"),
        (tables(none=[group(1, 31)]), "tables.none[0].id", "must be unique"),
        (
            scheme(default={"income": 13, "expenses": 21}),
            "default.income",
            "must be the id of a category in this scheme",
        ),
        (scheme(rule("")), "rules[0].name", "must not be empty or one of default, given, own-accounts"),
        (scheme(rule(sign="-")), "rules[0]", "must have words, accounts or merchantCodes"),
        (scheme(rule(words=["shop"], sign="plus")), "rules[0].sign", "must be + or -"),
        (scheme(rule(merchantCodes=["541"])), "rules[0].merchantCodes[0]", "must be four digits"),
    ],
)
def test_a_message_says_what_is_wanted(file: Any, place: str, message: str) -> None:
    assert refused(file) == (place, message)


@pytest.mark.parametrize("field", ["words", "unless"])
@pytest.mark.parametrize(
    "pattern", ["", " ", "-", "*", "**", "*a*", "a*b", "two words*", "a.b*", "*a b", "a1*", "*12"]
)
def test_a_pattern_that_cannot_match_is_refused(field: str, pattern: str) -> None:
    place, message = refused(scheme(rule() | {field: ["good", pattern]}))
    assert (place, message[:13]) == (f"rules[0].{field}[1]", "must be words")


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
def test_a_pattern_that_is_accepted_matches(pattern: str, text: str) -> None:
    assert made(scheme(rule(words=[pattern]))).rules.find(words(text), Decimal(1))


@given(st.text("ab1é* .-", max_size=6))
def test_every_pattern_is_refused_or_matches_its_own_words(pattern: str) -> None:
    try:
        parsed = made(scheme(rule(words=[pattern])))
    except BadInput as error:
        assert [wrong.field for wrong in error.errors] == ["rules[0].words[0]"]
    else:
        assert parsed.rules.find(words(pattern), Decimal(1))


@given(st.data())
def test_any_change_to_a_scheme_is_accepted_or_bad_input(data: st.DataObject) -> None:
    file: Any = scheme(rule(unless=["x"], words=["shop*"], accounts=["NL12"], merchantCodes=["5411"]))
    part = file
    while True:
        key = data.draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[key], (dict, list)) or not part[key] or data.draw(st.booleans()):
            break
        part = part[key]
    part[key] = data.draw(st.sampled_from([None, [part[key]], {"more": part[key]}, "x", 5, -1]))
    try:
        parsed = made(file)
    except BadInput as error:
        assert error.errors
    else:
        known = {place.category.id for place in parsed.places()}
        assert {parsed.default(Decimal(1)), parsed.default(Decimal(-1))} <= known


@pytest.mark.parametrize("name", SCHEMES)
def test_a_shipped_scheme_is_one_that_a_tenant_could_add(name: str) -> None:
    shipped = parse((files("saldo") / "schemes" / f"{name}.json").read_bytes())
    assert shipped.id == name
    assert shipped.tables == load(name).tables
    assert load(name) is load(name)
    assert shipped.internal(Decimal(-1)) is not None


def test_the_household_scheme_has_enough_categories() -> None:
    places = list(load("household").places())
    assert len(places) >= 60
    assert len({place.group.id for place in places}) >= 12
    assert {place.table for place in places} == set(TABLES)


def test_a_scheme_is_immutable() -> None:
    (first, *_) = made(scheme()).places()
    with pytest.raises(AttributeError):
        first.category.name = "other"  # type: ignore[misc]
    assert msgspec.structs.replace(first.category, name="other") != first.category
