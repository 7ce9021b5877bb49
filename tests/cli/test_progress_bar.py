"""The progress bar and the notices that are printed while a run works."""

import io
import itertools
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from error_map.cli.progress_bar import Drawing
from error_map.progress import Event, Noticed, Spent, StageEnded, StageMoved, StageStarted
from tests.support import a_row, analysed, write_csv

MODEL_RUN = (
    StageStarted("diagnosis", 40),
    Spent(calls=8, tokens=23_400, cost=0.07),
    StageMoved("diagnosis", 10, 1),
    StageMoved("diagnosis", 20, 2),
)


def drawn(events: Sequence[Event], *, quiet: bool = False, terminal: bool = True) -> str:
    """Everything that is written for some events; the clock ticks twice a second."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=110, color_system=None)
    ticks = itertools.count()
    with Drawing(quiet=quiet, console=console, clock=lambda: next(ticks) / 2) as drawing:
        for event in events:
            drawing(event)
    return stream.getvalue()


def test_a_model_run_shows_done_lost_rate_tokens_cost_and_time_left() -> None:
    shown = drawn(MODEL_RUN)

    assert "diagnosis" in shown
    assert "20/40" in shown
    assert "2 lost" in shown
    assert "calls/s" in shown
    assert "23.4k tokens" in shown
    assert "$0.07" in shown
    assert re.search(r"\d:\d\d:\d\d", shown)


def test_the_rate_is_of_the_stage_and_the_cost_of_the_run() -> None:
    later: list[Event] = [
        *MODEL_RUN,
        StageEnded("diagnosis", 40, 2),
        StageStarted("taxonomy", 9),
        StageMoved("taxonomy", 0),
    ]

    without = drawn(later).rpartition("taxonomy")[2]
    with_calls = drawn([*later, Spent(calls=10, tokens=30_000, cost=0.09)]).rpartition("taxonomy")[
        2
    ]

    assert "calls/s" not in without
    assert "lost" not in with_calls
    assert "30.0k tokens, $0.09" in with_calls


def test_a_price_that_is_unknown_is_not_nothing() -> None:
    shown = drawn([StageStarted("diagnosis", 4), Spent(calls=1, tokens=5, cost=None)])

    assert "5 tokens, price unknown" in shown
    assert "$" not in shown


def test_a_run_without_a_model_shows_no_calls() -> None:
    shown = drawn([StageStarted("diagnosis", 40), StageMoved("diagnosis", 10)])

    assert "10/40" in shown
    assert "calls" not in shown
    assert "$" not in shown


@pytest.mark.parametrize(("quiet", "terminal"), [(True, True), (False, False)])
def test_no_bar_where_nobody_looks_or_wants_one(*, quiet: bool, terminal: bool) -> None:
    assert "diagnosis" not in drawn(MODEL_RUN, quiet=quiet, terminal=terminal)


def test_a_notice_is_a_line_of_its_own() -> None:
    assert drawn([Noticed("3 rows\x1b are invalid")], terminal=False) == (
        "· 3 rows\\x1b are invalid\n"
    )


def test_every_reply_of_a_model_is_reported_with_the_cost_so_far(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(f"e{n}", output=f"It is {n}.") for n in range(5)])
    seen: list[Event] = []

    folder = analysed(
        data, output, inference_type="litellm-mock", hints=False, progress=seen.append
    ).folder

    spent = [event for event in seen if isinstance(event, Spent)]
    cost = json.loads(folder.manifest.read_text())["cost"].values()
    assert [event.calls for event in spent] == list(range(1, len(spent) + 1))
    assert spent[-1] == Spent(
        calls=sum(stage["calls"] for stage in cost),
        tokens=sum(stage["tokens_in"] + stage["tokens_out"] for stage in cost),
        cost=0.0,
    )
