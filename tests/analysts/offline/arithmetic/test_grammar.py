"""The tree of an expression: its offsets, its value, and the work that parsing takes."""

import sys
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.algebra.formulas import formula
from error_map.analysts.offline.arithmetic.expressions import evaluate
from error_map.analysts.offline.arithmetic.grammar import (
    USUAL,
    Node,
    Notation,
    NotParsedError,
    operands,
    parse,
)
from error_map.analysts.offline.arithmetic.tokens import Token, tokens

ARITHMETIC = Notation(formula=False, max_depth=20, levels=USUAL)

EXPRESSIONS = st.recursive(
    st.integers(min_value=1, max_value=99).map(str),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=12,
)


def _tree(text: str) -> Node:
    return parse(text, tokens(text, 0, len(text)), ARITHMETIC)[0]


def _nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for part in tree.parts:
        yield from _nodes(part)


def _computed(tree: Node) -> Fraction | None:
    """The value, worked out from the tree alone."""
    if tree.op == "num":
        return Fraction(tree.value)
    if tree.op == "group":
        return _computed(tree.parts[0])
    left, right = map(_computed, tree.parts)
    if left is None or right is None:
        return None
    if tree.op == "over":
        return left / right if right else None
    return {"plus": left + right, "minus": left - right, "times": left * right}[tree.op]


@given(EXPRESSIONS)
def test_each_part_of_a_tree_slices_back_to_the_same_expression(text: str) -> None:
    for node in _nodes(_tree(text)):
        written = text[node.start : node.end]

        assert _tree(written).op == node.op
        assert _computed(_tree(written)) == _computed(node)


@given(EXPRESSIONS)
def test_arithmetic_and_polynomials_agree_on_the_value(text: str) -> None:
    value = _computed(_tree(text))
    exact, closed = evaluate(text, tokens(text, 0, len(text))), formula(text)

    if value is None:
        assert exact is None
    elif exact is not None:
        assert exact.value == value
    if closed is not None and value is not None:
        assert closed.closed == value


@pytest.mark.parametrize(
    ("text", "op", "parts"),
    [
        ("3 + 4 * 5", "plus", ["3", "4 * 5"]),
        ("20 - 4 - 8", "minus", ["20 - 4", "8"]),
        ("2(3 + 4)", "glue", ["2", "(3 + 4)"]),
        ("4 \\sqrt{2}", "implied", ["4", "\\sqrt{2}"]),
        ("\\frac{1}{2}", "frac", ["{1}", "{2}"]),
        ("2^{10}", "power", ["2", "{10}"]),
        ("144 inches of ribbon / 12", "over", ["144", "12"]),
        ("20% of 50", "of", ["20%", "50"]),
    ],
)
def test_signs_bind_as_usual(text: str, op: str, parts: list[str]) -> None:
    tree = _tree(text)

    assert tree.op == op
    assert [text[part.start : part.end] for part in tree.parts] == parts


def test_a_chain_lists_its_operands_and_which_are_taken_off() -> None:
    text = "20 - 4 + (3 - 1)"
    chain = operands(_tree(text), frozenset({"plus", "minus"}), "minus")

    assert [(text[part.start : part.end], turned) for part, turned in chain] == [
        ("20", False),
        ("4", True),
        ("(3 - 1)", False),
    ]


@pytest.mark.parametrize("text", ["", "3 +", "(3", "3)", "(" * 40 + "1" + ")" * 40, "-" * 40 + "1"])
def test_what_is_incomplete_or_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(NotParsedError):
        _tree(text)


def _calls(run: list[Token], text: str) -> int:
    """How many functions are called while the tokens are parsed."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        parse(text, run, ARITHMETIC, whole=False)
    except NotParsedError:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", ["1 + ", "2 * 3 / ", "4 bits of wood + ", "(1) ", "7% of "])
def test_twice_the_tokens_take_about_twice_the_steps(piece: str) -> None:
    short, long = piece * 40 + "1", piece * 80 + "1"

    assert _calls(tokens(long, 0, len(long)), long) < 2.2 * _calls(
        tokens(short, 0, len(short)), short
    )
