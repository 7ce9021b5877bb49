"""Literals of JSON and Python: reading them, and how two of them differ."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.values.literal_diff import in_case, in_content, in_form
from error_map.analysts.offline.values.literals import (
    MAX_CHARS,
    MAX_DEPTH,
    read_literal,
    same_literal,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5", "5"),
        ("-2.50", "-2.5"),
        ("'a\\'b'", '"a\'b"'),
        (r"'\d\x41\u00e9'", r"'\\dAé'"),
        ('["a", null, true]', "['a', None, True]"),
        ("(1,)", "(1)"),
        ("(1)", "1"),
        ("{}", "{}"),
        ("{1, 2}", "{1, 2}"),
        ("{'a': [1, (2, 3)],}", "{'a': [1, (2, 3)]}"),
    ],
)
def test_literals_of_json_and_python_are_read(text: str, shown: str) -> None:
    assert str(read_literal(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "raft",
        "[1, 2",
        "1, 2",
        "{1: 2, 3}",
        "[1 2]",
        "[1,,2]",
        "'a",
        "5kg",
        "[raft]",
        "f(1)",
        "# 1\n2",
        "'a' 'b'",
        "0xff",
    ],
)
def test_what_is_no_whole_literal_is_not_read(text: str) -> None:
    assert read_literal(text) is None


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("{'a': 1, 'b': 2}", '{"b": 2, "a": 1}', True),
        ("[1, 2]", "[1.0, 2]", True),
        ("{1, 2}", "{2, 1}", True),
        ("[1, 2]", "[2, 1]", False),
        ("[1, 2]", "(1, 2)", False),
        ("['1']", "[1]", False),
        ("[true]", "[1]", False),
        ("['A']", "['a']", False),
        ("{}", "[]", False),
    ],
)
def test_literals_are_equal_as_programs_compare_them(*, left: str, right: str, same: bool) -> None:
    first, second = read_literal(left), read_literal(right)

    assert first is not None
    assert second is not None
    assert same_literal(first, second) is same


@pytest.mark.parametrize(
    ("given", "right", "title"),
    [
        ("'5'", "5", "String instead of integer"),
        ("5", "'5'", "Integer instead of string"),
        ("[1, '2']", "[1, 2]", "String instead of integer"),
        ("(1, 2)", "[1, 2]", "Tuple instead of list"),
        ("7", "[7]", "Integer instead of list"),
        ("'True'", "True", "String instead of boolean"),
        ("{'a': '1'}", "{'a': 1}", "String instead of integer"),
        ("raft", "'raft'", "Quotation marks missing"),
        ("'raft'", "raft", "Quotation marks added"),
    ],
)
def test_a_value_that_is_right_but_for_its_form_is_told_apart(
    given: str, right: str, title: str
) -> None:
    found = in_form(given, right)

    assert found is not None
    assert found.title == title
    assert in_content(given, right) is None


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("5", "5"),
        ("'5'", "6"),
        ("[1, '2']", "[3, 2]"),
        ("[1, 2]", "[2, 1]"),
        ("(1, 3)", "[1, 2]"),
        ("1.5", "15"),
        ("rafts", "raft"),
        ("-5", "5"),
        ("", "''"),
        ("'Raft'", "'raft'"),
        ("'a  raft'", "'a raft'"),
        ("'2 km_4 t'", "'2km_4t'"),
        ("'a,raft'", "'araft'"),
        ("'!'?'", "'!?'"),
        ("a raft.", "a raft"),
    ],
)
def test_another_value_is_not_a_matter_of_form(given: str, right: str) -> None:
    assert in_form(given, right) is None


@pytest.mark.parametrize(
    ("given", "source", "title"),
    [
        ('{"job": "Pilot"}', "He is a pilot.", "Differs in letter case only"),
        ('{"job": "Pilot"}', "The Pilot is a pilot.", None),
        ('{"job": "Pilot"}', "He flies.", None),
        ('{"job": "pilot"}', "He is a pilot.", None),
        ('{"job": "piLot"}', "He is a pilot.", None),
        ('{"job": "Pilots"}', "He is a pilot.", None),
    ],
)
def test_the_case_of_copied_words_is_form(given: str, source: str, title: str | None) -> None:
    found = in_case(given, '{"job": "pilot"}', source)

    assert (found.title if found else None) == title


@pytest.mark.parametrize(
    ("given", "right", "title", "part"),
    [
        ("[2, 1]", "[1, 2]", "List in another order", "[2, 1]"),
        ("[1]", "[1, 'x']", "Items missing", "'x'"),
        ("[1, 1]", "[1, 1, 1]", "Items missing", "1 of the repeated items"),
        ("(1, 2, 3)", "(1, 3)", "Too many items", "2"),
        ("{'a': 1}", "{'a': 1, 'b': 2}", "Keys missing", "'b'"),
        ("{'a': 1, 'b': 2}", "{'a': 1}", "Too many keys", "'b'"),
    ],
)
def test_the_parts_in_which_containers_differ_are_named(
    *, given: str, right: str, title: str, part: str
) -> None:
    found = in_content(given, right)

    assert found is not None
    assert found.title == title
    assert part in found.ending


@pytest.mark.parametrize(
    ("given", "right", "ending"),
    [
        ("[1]", "[1, 2, 3, 4]", "it lacks 2, 3, 4"),
        ("[1]", "[1, 2, 3, 4, 5]", "it lacks 2, 3, 4 and 1 more"),
        ("[1]", "[1, 2, 3, 4, 5, 6]", "it lacks 2, 3, 4 and 2 more"),
        ("[1, 1, 1, 1]", "[1, 1]", "it has beyond the reference 2 of the repeated items"),
        ("{1: 2, 3: 4}", "{1: 2}", "it has beyond the reference 3"),
        (
            "(2, 1)",
            "(1, 2)",
            (
                "it has the 2 items of the reference in another order: (2, 1),"
                " where the reference is (1, 2)"
            ),
        ),
    ],
)
def test_up_to_three_differing_parts_are_named_and_the_rest_counted(
    given: str, right: str, ending: str
) -> None:
    found = in_content(given, right)

    assert found is not None
    assert found.ending == ending


@pytest.mark.parametrize(
    ("given", "right", "title", "ending"),
    [
        ("{'raft'}", '{"raft"}', None, None),
        (
            "'a raft",
            '"a raft',
            "Other quotation marks",
            "it is 'a raft, and the reference is \"a raft",
        ),
        ("a, raft", "a raft", None, None),
        ("a-raft", "araft", None, None),
        ("1.5 a", "15 a", None, None),
        ("(a raft)", "a raft", None, None),
        ("...", "!!!", None, None),
        ("'", '"', None, None),
        (
            "null",
            "'None'",
            "Null instead of string",
            "None is null, where the reference has a string, 'None'",
        ),
        (
            "5.0",
            "'5'",
            "Float instead of string",
            "5 is a float, where the reference has a string, '5'",
        ),
        ("[1, [2]]", "[1, [3]]", None, None),
        (
            "[1, ['2']]",
            "[1, [2]]",
            "String instead of integer",
            "'2' is a string, where the reference has an integer, 2",
        ),
        ("['1', '2']", "[1, 3]", None, None),
        ("('1', 2)", "[1, 2]", "Tuple instead of list", None),
        ("{'a': 1}", "{'b': 1}", None, None),
        ("{'a': '1', 'b': 2}", "{'a': 1, 'b': 3}", None, None),
        ("{'a': 1}", "[1]", None, None),
        ("[1, 2]", "[1]", None, None),
        ("[[1]]", "[1]", "List instead of integer", None),
        ("{'a': 1}", "1", None, None),
        ("[1, 2]", "1", None, None),
    ],
)
def test_forms_that_differ_are_named_and_contents_that_differ_are_not(
    *, given: str, right: str, title: str | None, ending: str | None
) -> None:
    found = in_form(given, right)

    assert (found.title if found else None) == title
    assert ending is None or (found is not None and found.ending == ending)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (r"'a\nb'", "a\nb"),
        (r"'\u00e9'", "é"),
        (r"'\u20ac5'", "€5"),
        (r"'\\'", "\\"),
        (r"'\q'", r"\q"),
        ("'plain'", "plain"),
        ("TRUE", True),
        ("False", False),
        ("nan", None),
    ],
)
def test_scalars_are_read_with_their_content(text: str, content: object) -> None:
    read = read_literal(text)

    assert read is not None
    assert read.content == content
    assert not read.is_container


@pytest.mark.parametrize("text", ["1, ", "{1: }", "{1: 2 3}", "(1,,)", "[1, 2", "{'a' 'b'}"])
def test_an_unfinished_container_is_not_read(text: str) -> None:
    assert read_literal(text) is None


def test_brackets_are_followed_up_to_a_depth_and_texts_up_to_a_length() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    longest = f"'{'a' * (MAX_CHARS - 2)}'"

    assert read_literal(deepest) is not None
    assert read_literal(f"[[{deepest}]]") is None
    assert read_literal(longest) is not None
    assert read_literal(f"{longest[:-1]}a'") is None


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("[1, 2]", "[3, 4]"),
        ("[1, 2]", "(2, 1)"),
        ("[]", "[1]"),
        ("5", "6"),
        ("raft", "[1]"),
        ("{'a': 1}", "{'b': 1}"),
    ],
)
def test_containers_that_differ_in_more_are_left_alone(given: str, right: str) -> None:
    assert in_content(given, right) is None


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(alphabet="ab '\""), st.lists)
)
def test_what_python_writes_reads_as_itself(value: object) -> None:
    read = read_literal(repr(value))

    assert read is not None
    assert same_literal(read, read)
    assert in_form(repr(value), repr(value)) is None


@given(st.text(alphabet="[](){},:'\"\\ 0123456789.-eTtrueNonfalsx", max_size=60))
def test_any_mixture_of_marks_is_read_or_refused(text: str) -> None:
    assert in_form(text, text) is None
    assert in_content(text, text) is None
    in_form(text, "[1, 'x']")
    in_content("[1]", text)


@pytest.mark.parametrize(
    "text",
    ["[" * 4_000, "[" * 2_000 + "]" * 2_000, "9" * 4_000, "'" * 4_000, "{1:" * 1_300, "(" * 4000],
)
def test_pathological_literals_cost_next_to_nothing(text: str) -> None:
    start = time.process_time()

    in_form(text, text + "1")
    in_content(text, "[1]")

    assert time.process_time() - start < 0.05
