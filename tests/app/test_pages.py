"""The pages Overview and Models without a browser: runs, folders, numbers and messages."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from error_map.app.server import SCRIPT
from error_map.presentation.wording import NO_FAILURES
from error_map.store import RunFolder
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

WAIT_S = 60


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with a run of two models, `two`, and a newer one of one model, `one`."""
    root = tmp_path_factory.mktemp("runs")
    for name, models in (("two", ("a", "b")), ("one", ("a",))):
        data = root / f"data-{name}"
        data.mkdir()
        rows = [
            a_row(f"e{n}", model, output=output, score=int(n % 3 == 0 or (model, n) == ("b", 1)))
            for n, output in enumerate(["", "2 + 2 = 5", "The answer is 7."] * 20)
            for model in models
        ]
        write_csv(data / "sums.csv", rows)
        analysed(data, root / "output", exp_id=name)
    return root / "output"


@pytest.fixture(autouse=True)
def _served(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts the viewer for the folder of all tests' files."""
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(tmp_path_factory.getbasetemp())])


def overview(folder: Path, **query: str) -> AppTest:
    """The overview of a run in a folder."""
    test = AppTest.from_file(str(SCRIPT), default_timeout=WAIT_S)
    for name, value in {"folder": str(folder), **query}.items():
        test.query_params[name] = value
    return test.run()


def texts(test: AppTest) -> str:
    """All texts of a page."""
    kinds = (test.title, test.caption, test.markdown, test.error, test.info, test.warning)
    found: Iterator[str] = (one.value for kind in kinds for one in kind)
    markup = (one.proto.body for one in test.get("html"))
    return "\n".join((*found, *markup))


def test_the_newest_run_is_shown_first(runs: Path) -> None:
    page = overview(runs)

    assert not page.exception
    assert page.title[0].value == "Why models fail: one"
    assert "one" in page.query_params["run"]


def test_the_address_names_the_run(runs: Path) -> None:
    page = overview(runs, run="two")

    assert page.title[0].value == "Why models fail: two"
    assert "2 models" in page.caption[0].value
    assert page.selectbox[0].value == "two"


def test_choosing_another_run_shows_it_and_changes_the_address(runs: Path) -> None:
    page = overview(runs, run="two").selectbox[0].select("one").run()

    assert page.title[0].value == "Why models fail: one"
    assert "one" in page.query_params["run"]


def test_an_unknown_run_suggests_the_closest_name(runs: Path) -> None:
    page = overview(runs, run="twoo")

    assert not page.exception
    assert "no run 'twoo'" in (message := page.error[0].value.replace("\\", ""))
    assert "did you mean 'two'?" in message


def test_no_address_opens_a_folder_outside_the_served_one(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(runs)
    (tmp_path / "circle").symlink_to("circle")
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(tmp_path)])
    outside = ("/", "/etc", str(runs), "..", f"../{runs.parent.name}/output", "link", "circle")

    for path in (*outside, "/no/such/folder", "a\0b", "a" * 5_000, "~root"):
        page = AppTest.from_file(str(SCRIPT), default_timeout=WAIT_S)
        page.query_params["folder"] = path
        page.run()

        assert not page.exception
        if path != "~root":  # an ordinary relative name
            assert "is not served here" in page.error[0].value
        assert "Why models fail" not in texts(page)


def test_the_name_of_a_run_cannot_be_a_path(runs: Path) -> None:
    for name in ("../output/one", "/etc/passwd", "one/../two", "*", "\0"):
        page = overview(runs, run=name)

        assert not page.exception
        assert "no run" in page.error[0].value


def test_a_folder_under_the_served_one_is_opened_by_its_relative_path(runs: Path) -> None:
    page = AppTest.from_file(str(SCRIPT), default_timeout=WAIT_S)
    page.query_params["folder"] = f"{runs.parent.name}/output"

    page.run()

    assert page.title[0].value == "Why models fail: one"
    assert str(runs) in page.query_params["folder"]


def test_a_folder_without_runs_suggests_the_demo(tmp_path: Path) -> None:
    page = overview(tmp_path)

    assert not page.exception
    assert page.title[0].value == "No run yet"
    assert "error-map demo" in texts(page)


def test_a_damaged_run_names_its_file_and_the_remedy(runs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(runs, folder)
    RunFolder(folder, "two").records.write_bytes(b"no parquet")

    page = overview(folder, run="two")

    assert not page.exception
    assert "records__exp_id=two.parquet" in (message := page.error[0].value.replace("\\", ""))
    assert "run it again" in message


def test_all_nine_states_and_their_sum_are_overview(runs: Path) -> None:
    text = texts(overview(runs, run="two"))

    for state in ("invalid", "errored", "not sampled", "no error found", "undiagnosed"):
        assert f">{state}<" in text
    assert '<td class="em-number">120</td><td>rows in all</td>' in text


def test_rates_have_interval_and_denominator(runs: Path) -> None:
    text = texts(overview(runs, run="two"))

    assert "of 120<br>95 % interval:" in text


def test_the_address_sets_depth_and_measure(runs: Path) -> None:
    plain = overview(runs, run="two")
    deep = overview(runs, run="two", depth="2", numbers="Rate per attempt")

    assert deep.button_group(key="depth").value == "2"
    assert texts(plain) != texts(deep)


def test_two_models_are_compared_on_their_examples(runs: Path) -> None:
    page = models_page(runs, run="two")

    assert not page.exception
    assert "<b>60</b><span>pairs compared<br>0 attempts without a counterpart</span>" in texts(page)
    assert "fixed<br>" in texts(page)
    assert [one.value for one in page.selectbox] == ["a", "b"]


def test_a_category_without_failures_of_a_model_has_rate_zero(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = [
        a_row(f"e{n}", model, output=output)
        for n in range(5)
        for model, output in (("a", "2 + 2 = 5. The answer is 5."), ("b", ""))
    ]
    write_csv(tmp_path / "data" / "sums.csv", rows)
    analysed(tmp_path / "data", tmp_path / "output", exp_id="apart")

    text = texts(models_page(tmp_path / "output", run="apart"))

    assert "0.0 % [0.0, 43.4], 0 of 5" in text
    assert ">none<" not in text


def test_a_run_of_one_model_has_no_transitions(runs: Path) -> None:
    page = models_page(runs, run="one")

    assert not page.exception
    assert "there is nothing to compare it with" in page.info[0].value


def test_a_run_without_failures_says_so_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    write_csv(tmp_path / "data" / "sums.csv", [a_row(f"e{n}", score=1) for n in range(3)])
    analysed(tmp_path / "data", tmp_path / "output", exp_id="right")

    first = overview(tmp_path / "output", run="right")
    models = models_page(tmp_path / "output", run="right")

    assert "None of the failures" not in texts(first)
    for page in (first, models):
        assert not page.exception
        assert page.info[0].value == NO_FAILURES


def test_the_address_names_the_models(runs: Path) -> None:
    page = models_page(runs, run="two", models="b", before="b", after="a")

    assert page.multiselect[0].value == ["b"]
    assert [one.value for one in page.selectbox] == ["b", "a"]


def models_page(folder: Path, **query: str) -> AppTest:
    """The page Models of a run."""
    test = AppTest.from_function(_models_page, default_timeout=WAIT_S)
    for name, value in {"folder": str(folder), **query}.items():
        test.query_params[name] = value
    return test.run()


def _models_page() -> None:
    from pathlib import Path  # noqa: PLC0415 - the function is a script of its own

    import streamlit as st  # noqa: PLC0415

    from error_map.app.pages import models  # noqa: PLC0415
    from error_map.app.run_cache import open_cached  # noqa: PLC0415
    from error_map.store import RunFolder  # noqa: PLC0415

    models.show(open_cached(RunFolder(Path(st.query_params["folder"]), st.query_params["run"])))
