"""Plots of a finished run: their texts, their bytes, and the arguments that they reject."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, cast
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib import rc_context, rcParams
from matplotlib.figure import Figure

from error_map import InputError, open_run, plot
from error_map.cli import exit_code
from error_map.outputs.plots import KINDS, Kind, write_plot
from error_map.outputs.plots.heatmap import readable_on
from error_map.outputs.plots.lettering import fitted, lettered, width, wrapped
from error_map.outputs.summary import FinishedRun
from tests.pictured import HOSTILE, category, finished, hostile_run
from tests.support import ROOT, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

SVG: Final = "{http://www.w3.org/2000/svg}"
DRAWN: Final = frozenset(
    f"{SVG}{name}"
    for name in (
        "svg",
        "title",
        "metadata",
        "defs",
        "style",
        "g",
        "path",
        "text",
        "use",
        "clipPath",
    )
) | {f"{SVG}rect"}
KINDS_OF_ONE: Final = ("signature", "heatmap", "tree")
TWO: Final = {"a": ["c0", "c0", "c1", "passed"], "b": ["passed", "c0", "c0", "c1"]}
PAIR: Final = [category("Sums", 0, ["Slip"]), category("Forms", 1)]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    return hostile_run(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def run(tmp_path: Path) -> FinishedRun:
    return finished(tmp_path, TWO, PAIR)


def models_of(run: FinishedRun, kind: Kind) -> Sequence[str]:
    return [one.model for one in run.summary.models][:2] if kind == "transitions" else ()


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def elements(file: Path) -> list[ET.Element]:
    return list(ET.fromstring(file.read_bytes()).iter())  # noqa: S314 - our own


def drawn(run: FinishedRun, kind: Kind, out: Path, *, inches: float = 7) -> Path:
    write_plot(run, out, kind, models=models_of(run, kind), width=inches)
    return out


def test_a_signature_has_every_model_with_its_number_of_failures(run: FinishedRun) -> None:
    told = texts(plot(run, "signature", per="failure"))

    assert [text for text in told if text in {"a", "b", "Sums", "Forms"}] == [
        *("Sums", "Forms", "a", "b")
    ]
    assert told.count("n = 3 failures") == 2
    assert told.count("66.7 % [20.8, 93.9]") == 2


@pytest.mark.parametrize("per", ["attempt", None])
def test_bars_are_per_answer_unless_asked_otherwise(
    run: FinishedRun, per: Literal["attempt"] | None
) -> None:
    told = texts(plot(run, "signature", per=per))

    assert told.count("n = 4 answers") == 2
    assert told.count("50.0 % [15.0, 85.0]") == 2
    assert any("failures per 100 answers of each model" in text for text in told)


def test_where_only_failures_are_known_bars_are_shares_of_them(run: FinishedRun) -> None:
    manifest = run.manifest.model_copy(update={"attempts_known": False})

    told = texts(plot(replace(run, manifest=manifest), "signature"))

    assert any("share of the failures of each model" in text for text in told)
    assert not any("per 100 answers" in text for text in told)


def test_a_tree_says_what_is_known_and_is_per_failure(run: FinishedRun) -> None:
    told = " ".join(texts(plot(run, "tree")))

    assert "cause known 100.0 %, place known 0.0 %, nothing known 0.0 % of 6 studied" in told
    assert "share of the failures" in told


def test_a_heatmap_has_numbers_and_intervals_in_its_cells(run: FinishedRun) -> None:
    told = texts(plot(run, "heatmap", per="failure"))

    assert told.count("66.7") == told.count("33.3") == 2
    assert told.count("[20.8, 93.9]") == 2
    assert "n = 3" in told


def test_a_heatmap_without_room_for_intervals_gives_the_widest(tmp_path: Path) -> None:
    kinds = [category(f"Kind {n}", n) for n in range(8)]
    every = [f"c{n}" for n in range(8)]
    run = finished(tmp_path, {f"m{n}": every for n in range(12)}, kinds)

    told = texts(plot(run, "heatmap", width=3.5))

    assert any(text.startswith("Widest 95 % interval: ") for text in told)


@pytest.mark.parametrize(("depth", "shown"), [(None, 1), (1, 0), (2, 1)])
def test_a_tree_is_as_deep_as_asked(tmp_path: Path, depth: int | None, shown: int) -> None:
    run = finished(tmp_path, {"a": ["c0.0", "c1"]}, PAIR)

    assert texts(plot(run, "tree", depth=depth)).count("Slip") == shown


def test_a_tree_of_one_model_bears_its_name(run: FinishedRun) -> None:
    assert texts(plot(run, "tree"))[0] == "All models together"
    assert texts(plot(run, "tree", models=["b"]))[0] == "b"


def test_transitions_tell_each_change_with_its_count_and_rate(run: FinishedRun) -> None:
    told = texts(plot(run, "transitions", models=["a", "b"]))

    assert [text for text in told if " 1: " in text] == [
        "fixed 1: 25.0 % [4.6, 69.9]",
        "newly broken 1: 25.0 % [4.6, 69.9]",
        "still wrong, same category 1: 25.0 % [4.6, 69.9]",
        "still wrong, another category 1: 25.0 % [4.6, 69.9]",
    ]
    assert "4 attempts that both models were scored on. In brackets: 95 % intervals." in told
    test = "chance alone may explain it (exact McNemar test, p = 1.000)."
    assert f"Fixed against newly broken, this pair alone: {test}" in told


def test_transitions_fold_small_categories_and_count_them(tmp_path: Path) -> None:
    kinds = [category(f"Kind {n}", n) for n in range(20)]
    every = [f"c{n}" for n in range(20) for _ in range(20 - n)]
    run = finished(tmp_path, {"a": every, "b": list(reversed(every))}, kinds)

    told = " ".join(texts(plot(run, "transitions", models=["a", "b"])))

    assert told.count("12 more categories") == 2
    assert told.count("Kind 7") == 2
    assert "Kind 8" not in told


def test_models_stand_in_the_order_in_which_they_are_named(run: FinishedRun) -> None:
    told = texts(plot(run, "signature", models=["b", "a"]))

    assert [text for text in told if text in {"a", "b"}] == ["b", "a"]


def test_models_beyond_the_limits_are_counted(tmp_path: Path) -> None:
    run = finished(tmp_path, {f"m{n}": ["c0", "c1"] for n in range(61)}, PAIR)

    assert texts(plot(run, "signature"))[-1] == "and 41 more models"
    assert texts(plot(run, "heatmap"))[-1] == "and 1 more model"


def test_categories_beyond_the_limits_are_counted(tmp_path: Path) -> None:
    kinds = [category(f"Kind {n}", n) for n in range(300)]
    run = finished(tmp_path, {"a": [f"c{n}" for n in range(300)]}, kinds)

    told = [texts(plot(run, kind))[-1] for kind in ("signature", "heatmap", "tree")]

    assert told == [f"and {left_out} more categories" for left_out in (280, 240, 240)]


def test_reserved_categories_are_kept_where_others_are_left_out(tmp_path: Path) -> None:
    kinds = [category(f"Kind {n}", n) for n in range(40)]
    run = finished(tmp_path, {"a": [*(f"c{n}" for n in range(40)), "hard_to_analyze"]}, kinds)

    told = texts(plot(run, "signature"))

    assert "Hard to Analyze" in told
    assert told[-1] == "and 21 more categories"


@pytest.mark.parametrize("kind", KINDS_OF_ONE)
@pytest.mark.parametrize("standings", [{}, {"a": ["passed"]}, {"a": ["not_sampled"]}])
def test_a_run_without_studied_failures_says_so(
    tmp_path: Path, kind: Kind, standings: dict[str, list[str]]
) -> None:
    with pytest.raises(InputError, match="no failure was studied, so there is nothing to draw"):
        plot(finished(tmp_path, standings), kind)


def test_a_model_without_studied_failures_says_so(tmp_path: Path) -> None:
    run = finished(tmp_path, {"a": ["c0"], "b": ["not_sampled"], "c": ["passed"]}, PAIR)

    assert texts(plot(run, "signature")).count("no failures studied") == 2
    assert texts(plot(run, "heatmap")).count("-") == 2
    with pytest.raises(InputError, match="no failure of 'b' was studied"):
        plot(run, "tree", models=["b"])


def test_models_that_share_no_example_say_so(tmp_path: Path) -> None:
    run = finished(tmp_path, {"a": ["c0"], "b": []}, PAIR)

    with pytest.raises(InputError, match="no model 'b'"):
        plot(run, "transitions", models=["a", "b"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_the_same_run_gives_the_same_bytes_whatever_the_users_own_style(
    run: FinishedRun, tmp_path: Path, *, kind: Kind, suffix: str
) -> None:
    first = drawn(run, kind, tmp_path / f"1.{suffix}").read_bytes()

    with rc_context({"font.size": 30, "text.usetex": True, "svg.hashsalt": "other"}):
        second = drawn(run, kind, tmp_path / f"2.{suffix}").read_bytes()

    assert first == second
    assert rcParams["text.usetex"] is False
    assert sorted(file.name for file in tmp_path.glob("*.part")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_data_is_an_element_of_an_svg(
    hostile: FinishedRun, tmp_path: Path, kind: Kind
) -> None:
    found = elements(drawn(hostile, kind, tmp_path / "x.svg"))

    assert {one.tag for one in found if one.tag.startswith(SVG)} <= DRAWN
    told = "".join(one.text or "" for one in found if one.tag == f"{SVG}text")
    assert "\\u202e" in told
    assert "\u202e" not in told
    assert (tmp_path / "x.svg").stat().st_size < 1_000_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["pdf", "png"])
def test_hostile_names_are_drawn_in_every_format(
    hostile: FinishedRun, tmp_path: Path, *, kind: Kind, suffix: str
) -> None:
    assert drawn(hostile, kind, tmp_path / f"x.{suffix}", inches=3.5).is_file()


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_name_is_one_line_of_letters_that_the_font_has(text: str) -> None:
    line = lettered(text)

    assert line
    assert len(line) <= 80
    assert line == lettered(line)
    assert line.isprintable()


@given(st.text(min_size=1, max_size=120), st.floats(0.3, 4))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_cut_line_keeps_to_its_room(text: str, room: float) -> None:
    line = lettered(text)

    assert width(fitted(line, room, 8), 8) <= room
    assert all(width(one, 8) <= room for one in wrapped(line, room, 8))


def test_a_cut_name_keeps_both_of_its_ends() -> None:
    cut = fitted("a-long-family-of-models/few-shot", 1.0, 8)

    assert cut.startswith("a-l")
    assert cut.endswith("shot")


@given(st.integers(0, 0xFFFFFF))
def test_numbers_stand_out_from_every_cell(colour: int) -> None:
    """By hand: one of the two always reaches 4 to 1."""

    def light(code: str) -> float:
        parts = [int(code[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        lin = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2] + 0.05

    fill = f"#{colour:06x}"
    pair = sorted((light(fill), light(readable_on(fill))))

    assert pair[1] / pair[0] >= 4.0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "pie"}, "unknown kind of plot 'pie' (kinds: signature, heatmap, tree,"),
        ({"models": ["A"]}, "t: no model 'A' (did you mean 'a'? there are: 'a', 'b')"),
        (
            {"kind": "transitions", "models": ["a"]},
            "models: transitions need two models (there are: 'a', 'b')",
        ),
        ({"kind": "transitions", "models": ["a", "a"]}, "'a' is named twice"),
        ({"kind": "tree", "models": ["a", "b"]}, "a tree shows one model or all together"),
        ({"width": 0.5}, "a plot cannot be 0.5 inches wide (from 2.5 to 40)"),
        ({"depth": 0}, "depth must be at least 1, not 0"),
    ],
)
def test_what_cannot_be_drawn_says_what_can(
    run: FinishedRun, options: dict[str, object], said: str
) -> None:
    kind = cast("Kind", options.pop("kind", "signature"))
    with pytest.raises(InputError) as caught:
        plot(run, kind, **options)  # type: ignore[arg-type] # as a caller may get it wrong

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.jpg", "unknown format of plots '.jpg' (formats: .pdf, .png, .svg)"),
        ("x", "unknown format of plots ''"),
        ("none/x.svg", "no such folder (create it first)"),
    ],
)
def test_a_place_that_is_none_is_refused(
    run: FinishedRun, tmp_path: Path, *, name: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        write_plot(run, tmp_path / name)

    assert said in str(caught.value)


def test_a_picture_that_cannot_be_written_leaves_the_earlier_one(
    run: FinishedRun, tmp_path: Path
) -> None:
    (tmp_path / "x.svg").mkdir()

    with pytest.raises(InputError, match="cannot write"):
        write_plot(run, tmp_path / "x.svg")

    assert list(tmp_path.glob(".*")) == []


def test_the_command_draws_a_run_on_disk(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e1", "b", score=1)])
    result = analysed(data, output)
    out = output / "x.svg"
    given_options = ["--kind", "transitions", "--models", "a", "b", "--width", "3.5"]

    code = exit_code(["plot", "t", *given_options, "--out", str(out), "--output-dir", str(output)])

    assert (code, capsys.readouterr().out) == (0, f"{out}\n")
    assert texts(plot(result)) == texts(plot(open_run(output, "t")))


def test_the_command_needs_a_kind_that_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["plot", "t", "--kind", "pie", "--out", "x.svg"]) == 2
    told = capsys.readouterr().err
    assert [kind for kind in KINDS if repr(kind) not in told] == []


def test_without_matplotlib_the_extra_is_named(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", "a", output="")])
    analysed(data, output)
    code = (
        "import sys\n"
        "sys.modules['matplotlib'] = None\n"
        "from error_map.cli import exit_code\n"
        "sys.exit(exit_code(sys.argv[1:]))\n"
    )
    arguments = ["plot", "t", "--kind", "tree", "--out", "x.svg", "--output-dir", str(output)]

    shown = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )

    assert shown.returncode == 2
    assert shown.stderr == 'error: plots need Matplotlib (pip install "error-map[plot]")\n'


def test_matplotlib_is_loaded_when_a_picture_is_drawn_and_never_its_windows(
    run: FinishedRun,
) -> None:
    late = "import sys, error_map; error_map.plot; print('matplotlib' in sys.modules)"

    shown = subprocess.run([sys.executable, "-c", late], capture_output=True, text=True, check=True)
    plot(run)

    assert shown.stdout == "False\n"
    assert "matplotlib.pyplot" not in sys.modules


def test_every_hostile_name_is_tried() -> None:
    assert len(HOSTILE) > 10


def test_transitions_of_a_run_with_two_models_need_no_names(run: FinishedRun) -> None:
    named = plot(run, "transitions", models=["a", "b"])

    drawn = plot(run, "transitions")

    assert texts(drawn) == texts(named)
    assert {"a", "b"} <= set(texts(drawn))


def test_transitions_among_three_models_need_two_names(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", model) for model in "abc"])

    with pytest.raises(InputError, match=r"need two models .there are: 'a', 'b', 'c'"):
        plot(analysed(data, output), "transitions")
