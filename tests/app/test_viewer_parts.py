"""Filters, highlighting, CSV export and findings of the viewer, and its pages without a browser."""

import csv
import io
import json
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from error_map.app.filters import (
    Condition,
    conditions_in,
    encoded,
    filter_fields,
    in_words,
    to_where,
)
from error_map.app.findings import criteria_repeat_findings
from error_map.app.highlighting import Span, evidence_spans, highlighted, relevant_parts
from error_map.app.tables.csv_export import (
    MAX_CELL_CHARS,
    TEXT_OMITTED,
    TRUNCATED,
    failures_csv,
    failures_csv_name,
    formula_safe,
)
from error_map.app.tables.failure_table import decode_key, encode_key, failure_cards
from error_map.outputs.failure_page import read_failure
from error_map.outputs.index_builder import open_index
from error_map.outputs.summary import read_run
from error_map.presentation.sanitize import escaped
from error_map.records import Criterion, FailureRow
from error_map.store import (
    ALL,
    BY_NUMBER,
    TEXT_FIELDS,
    Equals,
    Index,
    RunFolder,
    Says,
    Without,
)
from tests.support import a_key, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

KNOWN = {"model": "model", "text": "text", "score": "score", "category": "category"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of 60 failures by two models."""
    place = tmp_path_factory.mktemp("parts")
    (place / "data").mkdir()
    outputs = ("2 + 2 = 5. The answer is 5.", "I cannot help with that.")
    rows = [
        a_row(f"e{n:02}", model, output=outputs[n % 2], topic="=1+1")
        for n in range(30)
        for model in ("ant", "bee")
    ]
    write_csv(place / "data" / "d.csv", rows)
    return analysed(place / "data", place / "output").folder


@pytest.fixture(scope="module")
def index(folder: RunFolder) -> Index:
    return open_index(folder)


_CONDITIONS = st.lists(
    st.builds(Condition, st.sampled_from(sorted(KNOWN)), st.text(), st.booleans(), st.booleans()),
    max_size=5,
)


@given(conditions=_CONDITIONS)
def test_a_filter_survives_a_round_trip_through_the_address(conditions: list[Condition]) -> None:
    assert conditions_in({"filter": encoded(conditions)}, KNOWN) == tuple(conditions)


@given(text=st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_any_filter_in_an_address_is_read_or_ignored(text: str) -> None:
    conditions = conditions_in({"filter": text}, KNOWN)

    assert all(condition.field in KNOWN for condition in conditions)


def test_and_binds_more_tightly_than_or(index: Index) -> None:
    conditions = (
        Condition("model", "ant"),
        Condition("text", "cannot", negated=True),
        Condition("model", "bee", alternative=True),
        Condition("text", "cannot"),
    )

    assert index.count(to_where(conditions)) == 15 + 15
    assert index.count(to_where(conditions, "cannot")) == 15
    assert index.count(to_where(())) == index.rows
    assert [in_words(condition, KNOWN) for condition in conditions][:2] == [
        "model is ant",
        "text does not contain cannot",
    ]
    assert "kept:topic" in filter_fields(index)
    assert set(TEXT_FIELDS) <= filter_fields(index).keys()


@pytest.mark.parametrize(
    ("search", "failures"), [("e07", 2), ('"e07"', 2), (" e2* ", 20), ("e7", 0), ("*", 0), ("%", 0)]
)
def test_an_example_is_found_by_its_id(index: Index, search: str, failures: int) -> None:
    assert index.count(to_where((), search)) == failures


@given(text=st.text())
def test_any_failure_in_an_address_is_decoded_or_rejected(text: str) -> None:
    assert decode_key(text) is None or isinstance(decode_key(text), type(a_key()))
    key = a_key(text, text)
    assert decode_key(encode_key(key)) == key


def test_spans_overlap_and_omitted_characters_are_counted() -> None:
    spans = [Span(0, 4, "cause", "one"), Span(2, 6, "place", "<two>")]

    html = highlighted("abcd<f>ghij", spans, (range(7), range(9, 11)))

    assert '<mark class="em-cause" title="one">ab</mark>' in html
    assert '<mark class="em-cause" title="one; &lt;two&gt;">cd</mark>' in html
    assert '<mark class="em-place" title="&lt;two&gt;">&lt;f</mark>&gt;' in html
    assert "2 characters omitted" in html


@given(
    text=st.text(max_size=60),
    ends=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6),
)
def test_highlighting_keeps_every_character(text: str, ends: list[tuple[int, int]]) -> None:
    spans = [Span(min(pair), max(pair), "fact", "") for pair in ends]

    html = highlighted(text, spans, relevant_parts(len(text), spans))

    for tag in ('<mark class="em-fact" title="">', "</mark>"):
        html = html.replace(tag, "")
    body = html.removeprefix('<div class="em-text" dir="auto" tabindex="0">').removesuffix("</div>")
    assert body == ("".join(map(escaped, text)) if text else '<span class="em-gap">empty</span>')


def page_of(index: Index, folder: RunFolder) -> FailureRow:
    (line,) = index.page(Equals("model", "ant"), limit=1)
    return read_failure(folder, line.number)


def test_a_judges_quotation_is_found_despite_other_whitespace(
    index: Index, folder: RunFolder
) -> None:
    criterion = Criterion(
        criterion="adds",
        present_in_wrong=False,
        quality="incorrect",
        evidence="2 + 2\n=  5",
        comment="",
        verified=True,
    )
    page = replace(
        page_of(index, folder), output="So 2 + 2 = 5.", findings=(), criteria=(criterion,)
    )

    assert evidence_spans(page) == (Span(3, 12, "cause", "adds"),)


def test_the_csv_contains_the_filtered_failures_and_no_formula(folder: RunFolder) -> None:
    run = read_run(folder)

    data = failures_csv(run, open_index(folder), where=Without(Says("cannot")), sort=BY_NUMBER)

    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == 30
    assert {row["topic"] for row in rows} == {"'=1+1"}
    assert formula_safe("\t=x") == "\\t=x"


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_csv_contains_prompt_output_answer_and_reference(data: Path, output: Path) -> None:
    long = "y" * 40_000
    rows = [
        a_row("e1", "ant", input_text="=1?\nHow many?", output="The answer is 5."),
        a_row("e1", "bee", score=1),
        a_row("e1", "cat", output=long, correct_answer="It is 4.\n#### 4"),
    ]
    write_csv(data / "d.csv", rows)
    run_folder = analysed(data, output).folder

    found = failures_csv(read_run(run_folder), open_index(run_folder), where=ALL, sort=BY_NUMBER)

    first, second = sorted(rows_of(found), key=lambda row: row["model"])
    assert list(first)[:2] == ["dataset", "example_id"]
    assert (first["prompt"], first["output"]) == ("'=1?\nHow many?", "The answer is 5.")
    assert (first["models_passed"], first["models_failed"]) == ("1", "2")
    assert second["reference"] == "It is 4.\n#### 4"
    assert len(second["output"]) == MAX_CELL_CHARS
    assert second["output"].endswith(TRUNCATED)


def test_rows_over_the_limit_of_text_are_kept_without_texts(
    folder: RunFolder, index: Index
) -> None:
    run = read_run(folder)

    rows = rows_of(failures_csv(run, index, where=ALL, sort=BY_NUMBER, max_text_chars=1))

    assert len(rows) == 60
    assert rows[0]["output"] != TEXT_OMITTED
    assert {row["output"] for row in rows[1:]} == {TEXT_OMITTED}


def test_different_filters_give_different_file_names(folder: RunFolder, index: Index) -> None:
    run = read_run(folder)
    filters = (ALL, Equals("model", "ant"), Equals("model", "bee"))

    names = [failures_csv_name(run, index, where=one, count=index.count(one)) for one in filters]

    assert names[0] == f"failures-{run.manifest.exp_id}-60.csv"
    assert len(set(names)) == 3
    assert names[1].startswith(f"failures-{run.manifest.exp_id}-30-of-60-")


def script(folder: RunFolder, module: str, **query: str) -> AppTest:
    """A page of the viewer without a browser."""
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


def test_the_list_of_failures_can_be_searched_and_filters_removed(folder: RunFolder) -> None:
    app = script(folder, "failures", model="ant")
    assert app.markdown[0].value.startswith("**30** of 60")

    app.text_input[0].input("cannot").run()
    assert app.markdown[0].value.startswith("**15** of 60")
    assert app.query_params["search"] == "cannot"
    app.button(key="condition 0").click().run()

    assert app.markdown[0].value.startswith("**30** of 60")
    assert "filter" not in app.query_params


def test_the_list_begins_with_explained_failures_and_the_column_what_went_wrong(
    data: Path, output: Path
) -> None:
    rows = [
        a_row("e1", output="It\n\nis so.", correct_answer="It is not."),
        a_row("e2", output="2 + 2 = 5. The answer is 5.", correct_answer="4"),
    ]
    write_csv(data / "d.csv", rows)

    table = script(analysed(data, output).folder, "failures").dataframe[0].value

    assert list(table)[:6] == [
        *("what went wrong", "answer", "reference", "category", "model", "example"),
    ]
    assert list(table["example"]) == ["e2", "e1"]
    summary = "The working states 2 + 2 = 5, but 2 + 2 is 4."
    assert table["what went wrong"][0] == f"False addition: {summary}"
    assert list(table["answer"]) == ["…nswer is 5.", "It is so."]
    assert list(table["reference"]) == ["4", "It is not."]
    assert list(table["category"]) == ["Calculation with a wrong result", "Nothing found"]
    assert max(len(cell) for cell in [*table["answer"], *table["reference"]]) <= 24


def test_a_card_shows_the_failure_and_links_to_it(folder: RunFolder, index: Index) -> None:
    (line,) = index.page(Says("answer"), limit=1)
    run = read_run(folder)

    card = failure_cards(run, [replace(line, title="<b>", summary="")], {"run": "a&b"})

    assert "&lt;b&gt;</a>" in card
    assert f"reference: {line.reference}" in card
    href = card.partition('href="failures?')[2].partition('"')[0]
    query = parse_qs(unescape(href))
    assert query == {"run": ["a&b"], "failure": [encode_key(line.key)]}


def one_failure(data: Path, into: Path, **cells: str) -> AppTest:
    """The page of the one failure of a run."""
    write_csv(data / "d.csv", [a_row("e1", **cells)])
    run_folder = analysed(data, into).folder
    (line,) = open_index(run_folder).page()
    return script(run_folder, "failures", failure=encode_key(line.key))


def test_a_failures_page_lists_models_that_passed(data: Path, output: Path) -> None:
    passed = [a_row("e1", "other", score=1, output="4")]
    write_csv(data / "d.csv", [a_row("e1", "m", output="2 + 2 = 5"), *passed])
    folder = analysed(data, output).folder
    (line,) = open_index(folder).page()

    app = script(folder, "failures", failure=encode_key(line.key))

    assert "Passed (1): other" in [one.value for one in app.markdown]
    assert not any("No other model" in one.value for one in app.caption)


def test_a_failure_of_a_single_model_says_that_no_other_was_scored(
    data: Path, output: Path
) -> None:
    app = one_failure(data, output, output="2 + 2 = 5")

    assert "No other model was scored on it." in [one.value for one in app.caption]


def html_of(app: AppTest) -> str:
    """The viewer's own HTML on a page."""
    return "".join(one.proto.body for one in app.get("html"))


def test_the_end_of_a_long_prompt_is_shown(data: Path, output: Path) -> None:
    examples = "A demonstration. " * 500
    app = one_failure(data, output, input_text=f"First. {examples} How many eggs?")

    assert "How many eggs?" in html_of(app)
    assert "First." not in html_of(app)

    app.toggle[0].set_value(True).run()

    assert "First." in html_of(app)
    assert "How many eggs?" in html_of(app)


def test_results_without_a_reference_say_so(data: Path, output: Path) -> None:
    app = one_failure(data, output, correct_answer="")

    assert "These results contain no reference answer." in [one.value for one in app.caption]


def test_a_summary_is_not_repeated_and_details_are_folded(data: Path, output: Path) -> None:
    app = one_failure(data, output, output="2 + 2 = 5. The answer is 5.", correct_answer="4")
    sentence = "The working states 2 + 2 = 5, but 2 + 2 is 4."

    assert [one.value for one in app.text].count(sentence) == 1
    shown = html_of(app)
    assert sentence not in shown
    assert "free of:" not in shown
    assert "false_equation" not in shown
    assert "characters" not in shown
    assert "how often findings of this detector were right when people read them: " in shown
    assert [one.label for one in app.expander][-1] == "Details"


def test_criteria_of_a_judge_do_not_repeat_findings(index: Index, folder: RunFolder) -> None:
    (line,) = index.page(Says("answer"), limit=1)
    offline = read_failure(folder, line.number)
    judged = replace(offline, findings=())
    other = replace(offline, criteria=(replace(offline.criteria[0], comment="It is wrong."),))

    assert criteria_repeat_findings(offline)
    assert not criteria_repeat_findings(judged)
    assert not criteria_repeat_findings(other)


@pytest.mark.parametrize("number", ["999", "-1", "x", "²"])
def test_a_missing_page_of_the_list_shows_the_nearest_one(folder: RunFolder, number: str) -> None:
    app = script(folder, "failures", page=number)

    assert not app.exception
    assert "of 60" in app.text[0].value


def test_previous_and_next_go_through_the_filtered_failures(
    folder: RunFolder, index: Index
) -> None:
    first, second = index.page(Equals("model", "bee"), limit=2)
    app = script(folder, "failures", model="bee", failure=encode_key(first.key))
    assert "1 of 30" in [text.value for text in app.text]

    next(button for button in app.button if button.label == "Next").click().run()

    assert app.query_params["failure"] == encode_key(second.key)
    assert "2 of 30" in [text.value for text in app.text]


def test_an_address_of_an_unknown_failure_says_so(folder: RunFolder) -> None:
    for named in ("nonsense", encode_key(a_key("nobody"))):
        app = script(folder, "failures", failure=named)

        assert "not in this run" in app.warning[0].value
