"""Addresses with invalid query parameters: every page is shown without an exception."""

import json
from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from error_map.outputs.index_builder import open_index
from error_map.store import RunFolder
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

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
PAGES = (
    ("overview", ("depth", "numbers", "picture")),
    ("tree", ("least", "levels")),
    ("failures", ("failure",)),
    ("failures", ("page", "order", "search", "filter", "model", "category", "score")),
    ("models", ("models", "before", "after", "depth", "numbers", "page")),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    root = tmp_path_factory.mktemp("addressed")
    data = root / "data"
    data.mkdir()
    outputs = ("", "2 + 2 = 5")
    rows = [a_row(f"e{n}", model, output=outputs[n % 2]) for n in range(4) for model in "ab"]
    write_csv(data / "d.csv", [*rows, a_row("e9", "a", score=1)])
    folder = analysed(data, root / "output").folder
    open_index(folder)
    return folder


def page_at(folder: RunFolder, module: str, **query: str) -> AppTest:
    code = f"""
from pathlib import Path
from error_map.app.pages import {module}
from error_map.app.run_cache import open_cached
from error_map.store import RunFolder
{module}.show(open_cached(RunFolder(Path({str(folder.output_dir)!r}), "t")))
"""
    app = AppTest.from_string(code, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.slow  # renders whole pages 145 times
@pytest.mark.parametrize(("page", "names"), PAGES)
def test_a_page_is_shown_for_any_query_parameters(
    folder: RunFolder, page: str, names: Sequence[str]
) -> None:
    failed = [
        junk for junk in JUNK if page_at(folder, page, **dict.fromkeys(names, junk)).exception
    ]

    assert failed == []


@pytest.mark.parametrize(
    "repeat", [2**63, -(2**63) - 1, 10**400, -1, 0.0, 1.5, True, "0", None, [0], {}]
)
def test_an_impossible_repeat_is_not_in_this_run(folder: RunFolder, repeat: object) -> None:
    app = page_at(folder, "failures", failure=json.dumps(["d", "e0", "a", repeat]))

    assert not app.exception
    assert "not in this run" in app.warning[0].value


def test_a_key_with_surrogates_or_nul_is_not_in_this_run(folder: RunFolder) -> None:
    for key in (["\ud800", "e0", "a", 0], ["d", "\udfff", "a", 0], ["d", "e0", "\0", 0]):
        app = page_at(folder, "failures", failure=json.dumps(key))

        assert not app.exception
        assert "not in this run" in app.warning[0].value
