"""Literals and calls in the syntax of JSON, Python and JavaScript."""

import pytest

from error_map.analysts.offline.tool_calls.literals import call_at, lenient_reader
from error_map.analysts.offline.tool_calls.syntax import (
    BareWord,
    Call,
    Opaque,
    normalized_name,
)
from error_map.analysts.offline.values.literals import UnreadableError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'rye'", "rye"),
        ('"a\\"b\\n\\u00e9"', 'a"b\n\u00e9'),
        ('"""two\nlines"""', "two\nlines"),
        ("'one' 'two'", "onetwo"),
        ("-3", -3),
        ("2.5e3", 2500.0),
        ("7L", 7),
        ("0xff", 255),
        ("[1, 2,]", [1, 2]),
        ("(1, 2)", [1, 2]),
        ("(1)", 1),
        ("{'a': True, b: null, 3: {}}", {"a": True, "b": None, "3": {}}),
        ("celsius", BareWord("celsius")),
        ("[a + 1, 'x'.upper()]", [Opaque("a + 1"), Opaque("'x'.upper()")]),
        ("[2031-05-09]", [Opaque("2031-05-09")]),
    ],
)
def test_literals_are_read_as_their_languages_mean_them(text: str, value: object) -> None:
    assert lenient_reader(text).value_at(0) == value


def test_a_call_has_its_name_its_arguments_and_its_place() -> None:
    call = call_at(lenient_reader("go: mill.grind(3, sort='rye', fine=[True])"), 4)

    assert call.name == "mill.grind"
    assert call.positional == (3,)
    assert call.arguments == {"sort": "rye", "fine": [True]}
    assert (call.start, call.end) == (4, 42)


def test_calls_may_be_arguments() -> None:
    outer = call_at(lenient_reader("bake(dough=knead(minutes=5))"), 0)

    inner = outer.arguments["dough"]
    assert isinstance(inner, Call)
    assert inner.arguments == {"minutes": 5}


@pytest.mark.parametrize(
    "text",
    [
        "f(a=1",
        "f(a=1, a=2)",
        "f(a 1)",
        "f(a='x)",
        "{'a': }",
        "{'a': 1, 2}",
        "[1 2]",
        "{'a' 1}",
        "[f(a 1), g(b=2)]",
        "",
        ")",
        "[" * 1000,
        "f(a=" * 1000,
        "f(a=" + "1+" * 5000,
        "[" + "1," * 10_000 + "]",
    ],
)
def test_what_is_not_well_formed_or_too_large_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableError):
        lenient_reader(text).value_at(0)


def test_a_number_of_a_million_digits_is_not_computed() -> None:
    assert lenient_reader("[" + "9" * 1_000_000 + "]").value_at(0) == [Opaque("9" * 1_000_000)]


def test_names_are_the_same_with_dots_dashes_and_a_namespace() -> None:
    assert (
        normalized_name("functions.mill.grind")
        == normalized_name("mill-grind")
        == normalized_name("mill_grind")
    )
    assert normalized_name("grind") != normalized_name("mill_grind")


@pytest.mark.parametrize(
    "value", ["sacks['rye']", "weigh(1)[0]", 'new Sack("rye", 2)', "new Date()", "a.b[1:2]"]
)
def test_an_expression_is_kept_as_it_is_written(value: str) -> None:
    call = call_at(lenient_reader(f"grind(sort={value}, kilos=3)"), 0)

    assert call.arguments == {"sort": Opaque(value), "kilos": 3}
