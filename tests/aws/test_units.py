"""The rules for capacity units, by the examples in AWS's documentation."""

import pytest

from tests.aws.capacity import KB, Item, index_units, item_size, read_units, write_units


def sized(size: int, group: str | None = None) -> Item:
    """An item of `size` bytes, plus the key of an index if it has a group."""
    return {"PK": {"S": "x" * (size - 2)}, **({"G": {"S": group}} if group else {})}


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"PK": {"S": "é"}}, 4),
        ({"n": {"N": "12.30"}}, 1 + 2 + 1),
        ({"n": {"N": "-00120000"}}, 1 + 1 + 1),
        ({"n": {"N": "0"}}, 1 + 1),
        ({"s": {"SS": ["ab", "c"]}}, 1 + 3),
        ({"l": {"L": []}}, 1 + 3),
        ({"m": {"M": {"ab": {"BOOL": True}, "c": {"L": [{"NULL": True}]}}}}, 1 + 3 + (1 + 2 + 1) + (1 + 1 + 3 + 2)),
    ],
)
def test_the_size_of_an_item_is_that_of_its_names_and_values(item: Item, size: int) -> None:
    assert item_size(item) == size


def test_reads_are_rounded_up_to_4_kb() -> None:
    assert read_units(3584, consistent=True) == 1
    assert read_units(10 * KB, consistent=True) == 3
    assert read_units(int(40.8 * KB), consistent=True) == 11  # a query of ten items
    assert read_units(1500 * 64, consistent=True) == 24  # a query of 1,500 items
    assert read_units(80 * KB, consistent=False) == 10
    assert read_units(0, consistent=True) == 1  # a missing item
    assert read_units(0, consistent=False) == 0.5
    # each item of a batch is rounded up
    assert read_units(1536, consistent=True) + read_units(6656, consistent=True) == 3


def test_writes_are_rounded_up_to_1_kb_of_the_larger_state_and_doubled_in_a_transaction() -> None:
    assert write_units(None, sized(500)) == 1
    assert write_units(None, sized(1638)) == 2
    assert write_units(sized(300 * KB), sized(310 * KB)) == write_units(sized(310 * KB), sized(300 * KB)) == 310
    assert 3 * write_units(None, sized(500), transactional=True) == 6


def test_an_index_writes_only_what_changes_in_it() -> None:
    old, new, moved, outside = sized(500, "a"), sized(600, "a"), sized(600, "b"), sized(500)
    assert index_units(None, old, "G") == 1
    assert index_units(old, new, "G") == 1
    assert index_units(old, moved, "G") == 2
    assert index_units(old, outside, "G") == 1
    assert index_units(old, old, "G") == index_units(None, outside, "G") == 0
