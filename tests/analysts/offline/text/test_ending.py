"""Endings of texts: finished, broken off, or a loop."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.text.cutoff import open_json
from error_map.analysts.offline.text.ending import (
    MIN_LOOP_CHARS,
    MIN_LOOP_REPEATS,
    loop_span,
    stops_short,
)

# Shorter than the end that is searched for, so that it contains "xyz" and is unique in a unit.
UNITS = st.text(alphabet="abc ", max_size=20).map("xyz{}".format)


@given(st.text(max_size=40), UNITS, st.integers(min_value=0, max_value=20))
def test_a_unit_that_is_repeated_often_enough_is_a_loop_to_the_end(
    before: str, unit: str, more: int
) -> None:
    repeats = MIN_LOOP_REPEATS + MIN_LOOP_CHARS // len(unit) + more
    text = before + unit * repeats

    span = loop_span(text)

    assert span is not None
    start, end = span
    assert end == len(text.rstrip())
    assert end - start >= MIN_LOOP_CHARS


@given(st.text(max_size=400))
def test_a_loop_is_within_the_text(text: str) -> None:
    span = loop_span(text)

    assert span is None or 0 <= span[0] < span[1] == len(text.rstrip())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Grebes dive for fish, and larks sing.",
        "No. No. No.",
        "-" * 200,
        "\n".join(f"{n}. Item {n} is red." for n in range(5)),
    ],
)
def test_honest_text_is_no_loop(text: str) -> None:
    assert loop_span(text) is None


def test_lines_that_only_count_on_and_break_off_are_a_loop() -> None:
    text = "We list them. " + "".join(f"Then item {n} goes to box {n + 1}.\n" for n in range(200))

    span = loop_span(text + "Then item 200 goes")

    assert span is not None
    assert text[span[0] :].startswith("Then item")
    assert loop_span(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "So we add 3 +",
        "It is the sum of the",
        "We get \\(x + 1",
        "It holds that $\\frac{1}{2}",
        '{"reasoning": "We add',
        "Grebes dive for fish. After that they all swim to",
        "So the price =$",
        "1. Add them.\n2.",
    ],
)
def test_a_text_that_breaks_off_stops_short(text: str) -> None:
    assert stops_short(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Grebes dive for fish.",
        "The answer is (B)",
        "Answer: 42\n#### 42",
        '{"answer": 42}',
        "## Rafts",
        "They float.<|im_end|>",
        "**Bold**",
        "These are the steps:",
    ],
)
def test_a_finished_text_does_not_stop_short(text: str) -> None:
    assert not stops_short(text)


def test_without_proof_any_unusual_ending_stops_short() -> None:
    assert stops_short("Rafts and logs", strictly=False)
    assert stops_short("These are the steps:", strictly=False)
    assert not stops_short("Rafts float.", strictly=False)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.lists(st.integers()), max_size=4))
def test_whole_json_is_closed_and_its_beginning_is_open(value: dict[str, object]) -> None:
    text = json.dumps(value)

    assert not open_json(text)
    assert open_json(text[:1])
    assert not open_json(f"```json\n{text}\n```")
