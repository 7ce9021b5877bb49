"""The items of a long list in a JSON file, one at a time."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers.logs import json_stream
from error_map.readers.logs.json_stream import NestedItems

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(items=st.lists(VALUES), others=st.tuples(VALUES, VALUES))
def test_items_and_other_values_are_those_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, items: list[object], others: tuple[object, object]
) -> None:
    before, after = others
    path = tmp_path_factory.mktemp("items") / "a.json"
    whole = {"before": before, "in": {"left": after, "list": items, "right": 1}, "after": after}
    path.write_text(json.dumps(whole, indent=2 if items else None), encoding="utf-8")
    read = NestedItems(path, "in", "list")

    assert list(read) == items
    assert read.others == {
        ("before",): before,
        ("in", "left"): after,
        ("in", "right"): 1,
        ("after",): after,
    }


def test_values_across_the_pieces_of_a_file_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [12345, "äöü " * 9, {"a": [1.5, "x"]}, -7]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"n": 987654, "list": items}, ensure_ascii=False), encoding="utf-8")
    data = path.read_bytes()
    for size in range(1, 9):
        parts = [data[start : start + size] for start in range(0, len(data), size)]
        monkeypatch.setattr(json_stream, "pieces", lambda _path, parts=parts: iter(parts))

        assert list(NestedItems(path, "list")) == items


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is cut off"),
        ("[]", r"'\[' instead of '{'"),
        ('{"list": [1, 2', "it is cut off"),
        ('{"list": [1 2]}', "'2' instead of ','"),
        ('{"list": [1], }', "no valid JSON"),
        ('{"list": [1]} 2', "more follows"),
        ('{"list": {}}', "no list 'list'"),
        ('{"list": ' + "[" * 200_000, "nested too deeply"),
    ],
)
def test_what_is_no_such_list_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.json").write_text(text)

    with pytest.raises(InputError, match=reason):
        list(NestedItems(tmp_path / "a.json", "list"))


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"list": ["\xff"]}')

    with pytest.raises(InputError, match="no UTF-8"):
        list(NestedItems(tmp_path / "a.json", "list"))


@pytest.mark.parametrize("number", ["0.5", "1e-7", "1E+3", "-12", "3.25e-10"])
def test_a_number_is_read_whole_wherever_a_piece_of_the_file_ends(
    tmp_path: Path, number: str
) -> None:
    piece = 1 << 20
    for cut in range(1, len(number)):
        head = '{"results": ["'
        filler = "x" * (piece - len(head) - len('", ') - cut)
        path = tmp_path / "results.json"
        path.write_text(f'{head}{filler}", {number}]}}', encoding="utf-8")

        assert list(NestedItems(path, "results"))[1] == float(number)
