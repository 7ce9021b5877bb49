"""Numbers as text: one way to write them everywhere, never rounded to 0 or 100."""

import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from error_map.analysis import Rate
from error_map.presentation.formatting import (
    bare_percent,
    denominator,
    in_full,
    interval,
    rated,
    whole,
)
from tests.support import ROOT

HOME = Path("presentation", "formatting.py")
BELOW = Path("analysts")
"""Layers under the presentation write their own notices."""


@given(st.floats(0, 1))
@example(0.005)
@example(0.0004)
def test_only_nothing_is_written_as_nothing(value: float) -> None:
    value = round(value, 9)
    for written in (bare_percent(value), whole(value)):
        assert (written.strip("<.0") == "") == (value == 0)


@given(st.floats(0, 1))
@example(0.9996)
@example(0.996)
def test_only_all_is_written_as_all(value: float) -> None:
    value = round(value, 9)
    for written in (bare_percent(value), whole(value)):
        assert (written.removesuffix(".0") == "100") == (value == 1)


@given(st.integers(1, 10**6), st.data())
def test_no_end_of_an_interval_is_written_as_nothing_or_all(
    trials: int, data: st.DataObject
) -> None:
    hits = data.draw(st.integers(0, trials))
    rate = Rate.counted(hits, trials)

    low, high = interval(rate).strip("[]").split(", ")

    assert (float(low.lstrip("<>")) == 0) == (hits == 0)
    assert (high in {"100.0", "100.00"}) == (hits == trials)


def test_what_a_sum_of_weights_misses_of_all_is_all() -> None:
    assert bare_percent(0.1 + 0.2 + 0.7 - 2e-16) == "100.0"
    assert bare_percent(1e-17) == "0.0"


@given(st.integers(1, 10**6), st.data())
def test_a_rate_has_as_many_decimals_as_its_interval(trials: int, data: st.DataObject) -> None:
    rate = Rate.counted(data.draw(st.integers(0, trials)), trials)

    decimals = {len(one) for one in re.findall(r"\.(\d+)", rated(rate))}

    assert len(decimals) == 1


def test_counts_have_thousands_separators_and_say_that_failures_were_sampled() -> None:
    rate = Rate(value=0.5, low=0.4, high=0.6, hits=1200, trials=2400, of=24_000)

    assert denominator(rate) == "1,200 of 2,400, sampled from 24,000"
    assert in_full(rate) == "50.0 % [40.0, 60.0], 1,200 of 2,400, sampled from 24,000"


def test_no_other_module_that_shows_numbers_formats_percentages_itself() -> None:
    source = ROOT / "src" / "error_map"
    own = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if re.search(r"100 \* [^}\n]*:\.\d\w\}(?!%)", path.read_text(encoding="utf-8"))
        and path.relative_to(source) != HOME
        and not path.relative_to(source).is_relative_to(BELOW)
    }

    assert own == set()
