"""Wording of the pages: each page explains its terms, and buttons say what they do."""

import pytest
from streamlit.testing.v1 import AppTest

from error_map.app.tables.failure_table import encode_key
from error_map.outputs.index_builder import open_index
from error_map.presentation.wording import TERMS
from error_map.store import BY_EVIDENCE, RunFolder
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

EXPLAINED = {
    "overview": {"cause", "place", "nothing known", "interval"},
    "tree": {"cause", "place", "interval"},
    "failures": {"cause", "place", "nothing known"},
    "failure": {"cause", "place", "fact", "fault", "nothing known"},
    "models": {"cause", "place", "nothing known", "interval"},
}
BUTTONS = {
    "overview": set(),
    "tree": set(),
    "failures": {
        "Previous",
        "Next",
        "model is a",
        "and score is at least 0",
        "Clear filters",
        "Add",
    },
    "failure": {"Back to the list", "Previous", "Next", "Open this failure"},
    "models": set(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of 120 failures by two models."""
    root = tmp_path_factory.mktemp("words")
    rows = [a_row(f"e{n}", model, output="2 + 2 = 5") for n in range(60) for model in "ab"]
    (root / "data").mkdir()
    write_csv(root / "data" / "d.csv", rows)
    return analysed(root / "data", root / "output").folder


def page_of(folder: RunFolder, page: str) -> AppTest:
    """A page with everything that it can show."""
    module = "failures" if page == "failure" else page
    code = f"""
from pathlib import Path
import streamlit as st
from error_map.app.pages import {module}
from error_map.app.run_cache import open_cached
from error_map.store import RunFolder
st.session_state["filters"] = True
{module}.show(open_cached(RunFolder(Path({str(folder.output_dir)!r}), "t")))
"""
    app = AppTest.from_string(code, default_timeout=60)
    if page == "failures":
        app.query_params["filter"] = '[["and","is","model","a"],["and","is","score","0.."]]'
    if page == "failure":
        app.query_params["failure"] = encode_key(open_index(folder).page(sort=BY_EVIDENCE)[0].key)
    return app.run()


@pytest.mark.parametrize("page", sorted(EXPLAINED))
def test_every_page_explains_its_terms(folder: RunFolder, page: str) -> None:
    app = page_of(folder, page)

    assert not app.exception
    helps = " ".join(str(getattr(one.proto, "help", "")) for one in app.main if one.proto)
    nested = (*app.caption, *app.subheader, *app.selectbox, *app.markdown)
    helps += " ".join(one.proto.help for one in nested)
    assert {term for term in TERMS if f"**{term}**: {TERMS[term]}" in helps} == EXPLAINED[page]


@pytest.mark.parametrize("page", sorted(BUTTONS))
def test_buttons_say_what_they_do(folder: RunFolder, page: str) -> None:
    assert {button.label for button in page_of(folder, page).button} == BUTTONS[page]


def test_the_filter_form_labels_its_fields(folder: RunFolder) -> None:
    app = page_of(folder, "failures")

    labels = [one.label for one in app.selectbox]
    assert labels == ["Order", "Combine with", "Field", "Condition"]
    assert app.selectbox[-1].options == ["contains", "does not contain"]
    assert app.text_input[-1].label == "Words or “exact phrases”"
