"""Notices about a dataset's answer route."""

import io
from pathlib import Path

import pytest

from error_map import run_sync
from error_map.analysts.offline.answers.profiles import Profile
from error_map.outputs.terminal import print_summary, summary_json
from error_map.store import read_manifest

pytestmark = pytest.mark.slow


def rows(*, muddled: int) -> list[dict[str, object]]:
    """Forty answers, half of them right; of some the score does not follow the answer."""
    return [
        {
            "example_id": f"e{n}",
            "model": "m",
            "input_text": f"Item {n}?",
            "output_text": f"Answer: {n if n % 2 else n + 500}",
            "score": (n % 2) if n >= muddled else 1 - n % 2,
            "correct_answer": str(n),
        }
        for n in range(1, 41)
    ]


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        (Profile(route="boxed", agreement=0.99, recall=0.95, rows=100), ""),
        (
            Profile(route="boxed", agreement=0.91, recall=0.95, rows=100),
            "only 91.0 % of the scores",
        ),
        (
            Profile(route="boxed", agreement=0.99, recall=0.5, rows=100),
            "only 50.0 % of the correct",
        ),
        (Profile(route="boxed", found=0.9, rows=100), "all scores are equal"),
        (Profile(rows=100), "no answer route"),
        (Profile(route="boxed", agreement=1, recall=1, rows=7), "only 7 scored answers"),
    ],
)
def test_a_profile_says_why_values_are_not_compared(profile: Profile, why: str) -> None:
    assert why in profile.distrust
    assert bool(profile.distrust) is not profile.trusted


@pytest.mark.parametrize(("muddled", "off"), [(1, False), (6, True)])
def test_the_summary_and_the_manifest_say_how_answers_were_read(
    *, tmp_path: Path, muddled: int, off: bool
) -> None:
    stream = io.StringIO()

    result = run_sync(data=rows(muddled=muddled), output_dir=tmp_path, exp_id="r", ratio=1.0)
    print_summary(result.summary, stream)

    message = " ".join(stream.getvalue().split())
    (entry,) = read_manifest(result.folder).datasets.values()
    assert entry.route == "answer line"
    assert ("detectors that compare values are off" in message) is off
    assert bool(entry.distrust) is off
    assert f"{100 * entry.agreement:.1f} %" in message
    assert '"readings"' in summary_json(result.summary)


def in_two_styles() -> list[dict[str, object]]:
    """Models with a working and a model with bare answers, each half right."""
    return [
        {
            "example_id": f"e{n}",
            "model": model,
            "input_text": f"Item {n}?",
            "output_text": form.format(n if n % 2 else n + 500),
            "score": n % 2,
            "correct_answer": str(n),
        }
        for model, form in [("x", "Say 2.\nNow 3, so the answer is {}. Done in 4."), ("y", "{}")]
        for n in range(1, 41)
    ]


def test_each_style_of_answer_has_its_own_line(tmp_path: Path) -> None:
    stream = io.StringIO()

    result = run_sync(data=in_two_styles(), output_dir=tmp_path, exp_id="r", ratio=1.0)
    print_summary(result.summary, stream)

    (entry,) = read_manifest(result.folder).datasets.values()
    assert (entry.route, entry.agreement) == ("stated answer", 1.0)
    (part,) = entry.parts
    assert (part.models, part.route, part.agreement) == ((), "whole output", 1.0)
    assert "data, short outputs: whole output, 100.0 %" in stream.getvalue()


@pytest.mark.parametrize(("missed", "noticed"), [(4, False), (6, True), (10, True)])
def test_a_scorer_that_misses_right_answers_is_a_notice(
    *, tmp_path: Path, missed: int, noticed: bool
) -> None:
    data = [{**row, "model": "m"} for row in in_two_styles() if row["model"] == "x"]
    for row in data[: 2 * missed : 2]:
        row["score"] = 0

    result = run_sync(data=data, output_dir=tmp_path, exp_id="r", ratio=1.0)

    notice = f"{missed} of the {20 + missed} studied failures of data hold the reference's answer"
    assert any(notice in one for one in result.summary.notices) is noticed
    assert result.summary.faults["scorer"] == missed
