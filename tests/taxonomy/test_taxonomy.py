"""Invariants of the tree, the atlas, and YAML files."""

from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from error_map.errors import InputError
from error_map.records import CategoryId
from error_map.taxonomy import (
    Category,
    Taxonomy,
    atlas,
    dump_taxonomy,
    load_taxonomy,
    published_shares,
    reserved,
)
from error_map.taxonomy.plain_yaml import MAX_LEVELS, read_yaml


def a_category(name: str, *children: Category) -> Category:
    return Category(CategoryId(name.lower()), name, f"About {name}.", children)


def test_two_categories_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="id 'a'"):
        Taxonomy((a_category("A"), a_category("B", a_category("a"))))


def test_siblings_with_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two siblings are named 'same'"):
        Taxonomy(
            (
                Category(CategoryId("1"), "Same", ""),
                Category(CategoryId("2"), "same", ""),
            )
        )


def test_cousins_may_have_one_name() -> None:
    below = [Category(CategoryId(f"{n}.x"), "Same", "") for n in "ab"]

    tree = Taxonomy((a_category("A", below[0]), a_category("B", below[1])))

    assert [category.name for category in tree.path(CategoryId("b.x"))] == ["B", "Same"]


def test_nested_siblings_with_one_name_are_refused() -> None:
    twins = [Category(CategoryId(f"{n}"), "Same", "") for n in range(2)]

    with pytest.raises(ValueError, match="two siblings are named 'same'"):
        Taxonomy((a_category("A", *twins),))


def test_a_taxonomy_is_its_categories_and_nothing_else() -> None:
    tree = Taxonomy((a_category("A"),))
    same = Taxonomy((a_category("A"),))

    assert [field.name for field in fields(tree) if field.init] == ["categories"]
    assert [field.name for field in fields(tree) if field.compare] == ["categories"]
    assert tree == same
    assert "_paths" not in repr(tree)
    assert hash(tree) == hash(same)


def test_an_empty_taxonomy_has_no_levels_and_no_categories() -> None:
    assert Taxonomy(()).depth == 0
    assert CategoryId("a") not in Taxonomy(())
    with pytest.raises(KeyError):
        Taxonomy(()).path(CategoryId("a"))


def test_the_walk_names_parents_before_their_children() -> None:
    tree = Taxonomy((a_category("A", a_category("B")), a_category("C")))

    assert [[step.id for step in path] for path in tree.walk()] == [["a"], ["a", "b"], ["c"]]
    assert tree.depth == 2
    assert CategoryId("b") in tree
    assert CategoryId("x") not in tree


def test_the_atlas_has_seventeen_categories_and_four_reserved_ones() -> None:
    assert len(atlas()) == 17
    assert [category.name for category in reserved()] == [
        "Other",
        "No error found",
        "Not diagnosed",
        "Hard to Analyze",
    ]
    assert all(category.description for category in (*atlas(), *reserved()))
    assert Taxonomy((*atlas(), *reserved())).depth == 1


def test_the_shares_of_the_paper_are_as_published() -> None:
    assert published_shares() == {
        "missing_required_element": 0.1556,
        "specification_misinterpretation": 0.115,
        "logical_reasoning_error": 0.0909,
        "incorrect_identification": 0.0898,
        "computation_error": 0.0845,
    }


def test_a_taxonomy_survives_its_file(tmp_path: Path) -> None:
    tree = Taxonomy((a_category("A", a_category("Bé: 'x'")), *reserved()))
    path = tmp_path / "taxonomy.yaml"
    path.write_text(dump_taxonomy(tree), encoding="utf-8")

    assert load_taxonomy(path) == tree


def test_a_file_is_written_for_people() -> None:
    """Text is not escaped, long lines are wrapped at 100 columns, absent children are left out."""
    words = " ".join(["word"] * 40)
    tree = Taxonomy((Category(CategoryId("b"), "Bé", words), Category(CategoryId("a"), "A", "")))

    lines = dump_taxonomy(tree).splitlines()

    first = "  description: " + " ".join(["word"] * 18)
    assert lines == [
        "format: 1",
        "categories:",
        "- id: b",
        "  name: Bé",
        first,
        "    " + " ".join(["word"] * 20),
        "    " + " ".join(["word"] * 2),
        "- id: a",
        "  name: A",
        "  description: ''",
    ]


@pytest.mark.parametrize(("length", "wrapped"), [(85, False), (86, True)])
def test_a_line_is_wrapped_behind_its_hundredth_column(*, length: int, wrapped: bool) -> None:
    """The word begins in column 16, behind `  description: `, and a blank follows it."""
    tree = Taxonomy((Category(CategoryId("a"), "A", f"{'a' * length} b c d"),))

    line = f"  description: {'a' * length}"

    assert (line in dump_taxonomy(tree).splitlines()) is wrapped


def test_a_file_names_its_format_and_may_lack_it(tmp_path: Path) -> None:
    tree = Taxonomy((a_category("A"),))
    text = dump_taxonomy(tree)
    old = tmp_path / "old.yaml"
    old.write_text(text.removeprefix("format: 1\n"), encoding="utf-8")

    assert text.startswith("format: 1\ncategories:\n")
    assert load_taxonomy(old) == tree


@pytest.mark.parametrize("number", ["0", "2", "one"])
def test_a_file_of_an_unknown_format_is_refused(tmp_path: Path, number: str) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(f"format: {number}\ncategories: []\n", encoding="utf-8")

    with pytest.raises(InputError, match="not a taxonomy: format: "):
        load_taxonomy(path)


@pytest.mark.parametrize(
    "text", ["", "[1]", "categories: [{id: a}]", "a: [", "x: !!python/name:os"]
)
def test_a_file_that_is_no_taxonomy_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_text(text)

    with pytest.raises(InputError, match="not a taxonomy"):
        load_taxonomy(path)


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{BOMB}\ncategories: *a29", "anchors are not allowed in line 1"),
        ("categories: *gone", "aliases are not allowed in line 1"),
        (
            "categories:\n- &x {id: a, name: A, description: ''}",
            "anchors are not allowed in line 2",
        ),
        ("categories: !!set {a}", "tags are not allowed"),
        ("categories: !local []", "tags are not allowed"),
        ("categories: " + "[" * 5_000, "more than 100 levels are not allowed"),
        ("categories: " + "[" * 5_000 + "]" * 5_000, "more than 100 levels are not allowed"),
        ("- " * 5_000, "more than 100 levels are not allowed"),
        ("{a: " * 5_000, "more than 100 levels are not allowed"),
        ("categories: []\ncategories: []", "a key is no text or is there twice in line 2"),
        ("? [a]\n: b", "a key is no text or is there twice"),
        (f"categories: {'9' * 100_000}", "a value is too long"),
        (f"categories: {':1' * 100_000}".replace(": :", ": 1:"), "a value is too long"),
        ("categories: []\n---\ncategories: []", "but found another document"),
        ("categories: [{id: 1, name: A, description: ''}]", "categories.0.id: input should be a"),
        ("categories: \u0001", "special characters are not allowed"),
        ("categories: 2026-13-99", "month must be in 1..12"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_at_once(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as refused:
        load_taxonomy(path)

    assert reason in str(refused.value)
    assert str(refused.value).startswith(f"{path}: not a taxonomy: ")
    assert len(str(refused.value)) < len(str(path)) + 300


def test_the_limits_of_plain_yaml_are_allowed_themselves() -> None:
    levels = "[" * MAX_LEVELS + "]" * MAX_LEVELS
    digits = "9" * 40

    assert read_yaml(f"a: {digits}") == {"a": int(digits)}
    assert read_yaml(f"a: {'x' * 41}") == {"a": "x" * 41}
    assert read_yaml(levels) is not None
    with pytest.raises(yaml.YAMLError, match="a value is too long"):
        read_yaml(f"a: {digits}9")
    with pytest.raises(yaml.YAMLError, match="more than 100 levels"):
        read_yaml(f"[{levels}]")


def test_siblings_in_yaml_are_not_levels_and_may_have_the_same_keys() -> None:
    items = ", ".join(["{a: 1}"] * (MAX_LEVELS + 1))

    assert read_yaml(f"[{items}]") == [{"a": 1}] * (MAX_LEVELS + 1)


def test_an_error_of_yaml_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_text("format: 1\ncategories:\n- id: a\n  id: b\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"a key is no text or is there twice in line 4$"):
        load_taxonomy(path)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not a taxonomy: .*No such file"):
        load_taxonomy(tmp_path / "taxonomy.yaml")


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_text("#" * 10_000_001, encoding="utf-8")

    with pytest.raises(InputError, match="10,000,001 characters"):
        load_taxonomy(path)


def test_thousands_of_faults_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_text("categories:\n" + "- {}\n" * 5_000, encoding="utf-8")

    with pytest.raises(InputError, match=r"categories\.0\.id: field required$"):
        load_taxonomy(path)


def test_many_siblings_are_no_trouble() -> None:
    tree = Taxonomy(tuple(a_category(f"A{n}") for n in range(100_000)))

    assert tree.depth == 1
