"""Programs and queries: recognised, whole or broken off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.text.cutoff import cut_inside
from error_map.analysts.offline.text.programs import breaks_off, is_program, is_query, parses

PROGRAM = """
def rolls(trays):
    total = 0
    for tray in trays:
        if tray.full:
            total += tray.rolls * 2
    return {"total": total, "trays": len(trays)}
"""


@pytest.mark.parametrize("cut", range(40, len(PROGRAM) - 10, 7))
def test_a_cut_program_is_never_prose(cut: int) -> None:
    assert cut_inside(PROGRAM[:cut]) in {"", "a program"}


def test_a_whole_program_is_whole() -> None:
    assert parses(PROGRAM)
    assert is_program(PROGRAM)
    assert not breaks_off(PROGRAM)
    assert breaks_off(PROGRAM[: PROGRAM.index(": len")])


@pytest.mark.parametrize(
    "text",
    [
        "Rafts and logs",
        "return to the harbour. then we rest",
        "If you are late: run.\nFor the rest: walk.",
        "x = 5\nSo the answer is five.\nIt is odd.",
        "Select the right option from the list",
        "with all of them\nwe went home",
    ],
)
def test_prose_is_no_program(text: str) -> None:
    assert not is_program(text)
    assert not is_query(text)
    assert cut_inside(text) == ""


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    breaks_off(text)
    cut_inside(text)
