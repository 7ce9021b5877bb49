"""Addresses that nobody gets by a click: whatever stands in them, a page answers."""

import json
from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from error_map.outputs.index_builder import open_index
from error_map.store import RunFolder
from tests.support import a_row, analysed, write_csv

JUNK = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e400",
        "nan",
        "inf",
        "0.5",
        "\uff19",
        "²",
        "1" * 5_000,
        "\0",
        "\x1b[2J",
    ),
    *("\x1b[2J", "null", "true", "[]", "{}", '"', "[" * 2_000, "[[[]]]", "\U0010ffff"),
    *("%00", "' OR 1=1 --"),
    *('["\\ud800"]', '[["and","is","model","\\ud800"]]', '[["and","is","score","1e999..nan"]]'),
    *('[["and","is","category","\\ud800"]]', '[["and","is","text","\\"\\ud800\\" NEAR( *"]]'),
)
PLACES = (
    ("overview", ("depth", "numbers", "picture")),
    ("tree", ("least", "levels")),
    ("failures", ("failure",)),
    ("failures", ("page", "order", "search", "filter", "model", "category", "score")),
    ("models", ("models", "before", "after", "depth", "numbers", "page")),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    place = tmp_path_factory.mktemp("addressed")
    data = place / "data"
    data.mkdir()
    outputs = ("", "2 + 2 = 5")
    rows = [a_row(f"e{n}", model, output=outputs[n % 2]) for n in range(4) for model in "ab"]
    write_csv(data / "d.csv", [*rows, a_row("e9", "a", score=1)])
    folder = analysed(data, place / "output").folder
    open_index(folder)
    return folder


def page_at(folder: RunFolder, place: str, **asked: str) -> AppTest:
    code = f"""
from pathlib import Path
from error_map.app.pages import {place}
from error_map.app.run_cache import opened
from error_map.store import RunFolder
{place}.show(opened(RunFolder(Path({str(folder.output_dir)!r}), "t")))
"""
    app = AppTest.from_string(code, default_timeout=60)
    for name, value in asked.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.slow  # renders whole pages 145 times
@pytest.mark.parametrize(("place", "names"), PLACES)
def test_whatever_stands_in_an_address_a_page_answers(
    folder: RunFolder, place: str, names: Sequence[str]
) -> None:
    failed = [
        junk for junk in JUNK if page_at(folder, place, **dict.fromkeys(names, junk)).exception
    ]

    assert failed == []


@pytest.mark.parametrize(
    "repeat", [2**63, -(2**63) - 1, 10**400, -1, 0.0, 1.5, True, "0", None, [0], {}]
)
def test_a_number_that_no_attempt_has_is_not_in_this_run(folder: RunFolder, repeat: object) -> None:
    app = page_at(folder, "failures", failure=json.dumps(["d", "e0", "a", repeat]))

    assert not app.exception
    assert "not in this run" in app.warning[0].value


def test_half_a_character_is_not_in_this_run(folder: RunFolder) -> None:
    for key in (["\ud800", "e0", "a", 0], ["d", "\udfff", "a", 0], ["d", "e0", "\0", 0]):
        app = page_at(folder, "failures", failure=json.dumps(key))

        assert not app.exception
        assert "not in this run" in app.warning[0].value
