"""What the pages Tree and Failures are made of: filters, marks, sheets, and their logic."""

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

from error_map.app.csv_export import CELL_CHARS, CLIPPED, LEFT_OUT, guarded, sheet, sheet_name
from error_map.app.failure_table import failure_cards, in_address, key_in
from error_map.app.filters import Term, fields, terms_in, told, where_of, written
from error_map.app.findings import criteria_repeat_findings, trust
from error_map.app.highlighting import Span, marked, spans_of, windows
from error_map.outputs.failure_page import read_failure
from error_map.outputs.index_builder import open_index
from error_map.outputs.summary import read_run
from error_map.presentation.sanitize import escaped
from error_map.records import Criterion, FailureRow, Finding
from error_map.store import ALL, BY_NUMBER, Equals, Index, RunFolder, Says, Without
from tests.support import a_key, a_row, analysed, write_csv

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


_TERMS = st.lists(
    st.builds(Term, st.sampled_from(sorted(KNOWN)), st.text(), st.booleans(), st.booleans()),
    max_size=5,
)


@given(terms=_TERMS)
def test_a_filter_comes_back_from_its_address(terms: list[Term]) -> None:
    assert terms_in({"filter": written(terms)}, KNOWN) == tuple(terms)


@given(text=st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_any_filter_in_an_address_is_read_or_left_out(text: str) -> None:
    assert all(term.field in KNOWN for term in terms_in({"filter": text}, KNOWN))


def test_and_binds_closer_than_or(index: Index) -> None:
    terms = (
        Term("model", "ant"),
        Term("text", "cannot", negated=True),
        Term("model", "bee", alternative=True),
        Term("text", "cannot"),
    )

    assert index.count(where_of(terms)) == 15 + 15
    assert index.count(where_of(terms, "cannot")) == 15
    assert index.count(where_of(())) == index.rows
    assert [told(term, KNOWN) for term in terms][:2] == [
        "model is ant",
        "text does not contain cannot",
    ]
    assert "kept:topic" in fields(index)


@pytest.mark.parametrize(
    ("search", "failures"), [("e07", 2), ('"e07"', 2), (" e2* ", 20), ("e7", 0), ("*", 0), ("%", 0)]
)
def test_an_example_is_found_by_its_id(index: Index, search: str, failures: int) -> None:
    assert index.count(where_of((), search)) == failures


@given(text=st.text())
def test_any_address_of_a_failure_is_read_or_refused(text: str) -> None:
    assert key_in(text) is None or isinstance(key_in(text), type(a_key()))
    key = a_key(text, text)
    assert key_in(in_address(key)) == key


def test_marks_overlap_and_what_is_left_out_is_counted() -> None:
    spans = [Span(0, 4, "cause", "one"), Span(2, 6, "place", "<two>")]

    html = marked("abcd<f>ghij", spans, (range(7), range(9, 11)))

    assert '<mark class="em-cause" title="one">ab</mark>' in html
    assert '<mark class="em-cause" title="one; &lt;two&gt;">cd</mark>' in html
    assert '<mark class="em-place" title="&lt;two&gt;">&lt;f</mark>&gt;' in html
    assert "2 characters left out" in html


@given(
    text=st.text(max_size=60),
    places=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6),
)
def test_no_character_of_a_text_is_lost_between_marks(
    text: str, places: list[tuple[int, int]]
) -> None:
    spans = [Span(min(pair), max(pair), "fact", "") for pair in places]

    html = marked(text, spans, windows(len(text), spans))

    for tag in ('<mark class="em-fact" title="">', "</mark>"):
        html = html.replace(tag, "")
    body = html.removeprefix('<div class="em-text" dir="auto" tabindex="0">').removesuffix("</div>")
    assert body == ("".join(map(escaped, text)) if text else '<span class="em-gap">nothing</span>')


def page_of(index: Index, folder: RunFolder) -> FailureRow:
    (line,) = index.page(Equals("model", "ant"), limit=1)
    return read_failure(folder, line.number)


def test_a_judges_quotation_is_found_whatever_its_blanks(index: Index, folder: RunFolder) -> None:
    said = Criterion(
        criterion="adds",
        present_in_wrong=False,
        quality="incorrect",
        evidence="2 + 2\n=  5",
        comment="",
        verified=True,
    )
    page = replace(page_of(index, folder), output="So 2 + 2 = 5.", findings=(), criteria=(said,))

    assert spans_of(page) == (Span(3, 12, "cause", "adds"),)


def test_a_sheet_holds_the_choice_and_no_cell_that_is_run(folder: RunFolder) -> None:
    run = read_run(folder)

    data = sheet(run, open_index(folder), where=Without(Says("cannot")), sort=BY_NUMBER)

    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == 30
    assert {row["topic"] for row in rows} == {"'=1+1"}
    assert guarded("\t=x") == "\\t=x"


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_sheet_holds_what_was_asked_said_read_and_expected(data: Path, output: Path) -> None:
    long = "y" * 40_000
    rows = [
        a_row("e1", "ant", input_text="=1?\nHow many?", output="The answer is 5."),
        a_row("e1", "bee", score=1),
        a_row("e1", "cat", output=long, correct_answer="It is 4.\n#### 4"),
    ]
    write_csv(data / "d.csv", rows)
    run_folder = analysed(data, output).folder

    found = sheet(read_run(run_folder), open_index(run_folder), where=ALL, sort=BY_NUMBER)

    first, second = sorted(rows_of(found), key=lambda row: row["model"])
    assert list(first)[:2] == ["dataset", "example_id"]
    assert (first["prompt"], first["output"]) == ("'=1?\nHow many?", "The answer is 5.")
    assert (first["models_passed"], first["models_failed"]) == ("1", "2")
    assert second["reference"] == "It is 4.\n#### 4"
    assert len(second["output"]) == CELL_CHARS
    assert second["output"].endswith(CLIPPED)


def test_a_sheet_that_is_full_of_texts_keeps_its_rows(folder: RunFolder, index: Index) -> None:
    run = read_run(folder)

    rows = rows_of(sheet(run, index, where=ALL, sort=BY_NUMBER, most=1))

    assert len(rows) == 60
    assert rows[0]["output"] != LEFT_OUT
    assert {row["output"] for row in rows[1:]} == {LEFT_OUT}


def test_sheets_of_two_choices_have_two_names(folder: RunFolder, index: Index) -> None:
    run = read_run(folder)
    choices = (ALL, Equals("model", "ant"), Equals("model", "bee"))

    names = [sheet_name(run, index, where=one, count=index.count(one)) for one in choices]

    assert names[0] == f"failures-{run.manifest.exp_id}-60.csv"
    assert len(set(names)) == 3
    assert names[1].startswith(f"failures-{run.manifest.exp_id}-30-of-60-")


def script(folder: RunFolder, drawn: str, **asked: str) -> AppTest:
    """A page of the viewer without a browser."""
    code = f"""
from pathlib import Path
from error_map.app.pages import {drawn}
from error_map.app.run_cache import opened
from error_map.store import RunFolder
{drawn}.show(opened(RunFolder(Path({str(folder.output_dir)!r}), "t")))
"""
    app = AppTest.from_string(code, default_timeout=60)
    for name, value in asked.items():
        app.query_params[name] = value
    return app.run()


def test_the_page_of_failures_searches_pages_and_takes_filters_out(folder: RunFolder) -> None:
    app = script(folder, "failures", model="ant")
    assert app.markdown[0].value.startswith("**30** of 60")

    app.text_input[0].input("cannot").run()
    assert app.markdown[0].value.startswith("**15** of 60")
    assert app.query_params["search"] == "cannot"
    app.button(key="term 0").click().run()

    assert app.markdown[0].value.startswith("**30** of 60")
    assert "filter" not in app.query_params


def test_the_list_begins_with_what_is_known_and_shows_it_first(data: Path, output: Path) -> None:
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
    assert list(table["category"]) == ["First false equation", "Unexplained"]
    assert max(len(cell) for cell in [*table["answer"], *table["reference"]]) <= 24


def test_a_card_says_all_of_a_failure_and_leads_to_it(folder: RunFolder, index: Index) -> None:
    (line,) = index.page(Says("answer"), limit=1)
    run = read_run(folder)

    card = failure_cards(run, [replace(line, title="<b>", summary="")], {"run": "a&b"})

    assert "&lt;b&gt;</a>" in card
    assert f"reference: {line.reference}" in card
    href = card.partition('href="failures?')[2].partition('"')[0]
    query = parse_qs(unescape(href))
    assert query == {"run": ["a&b"], "failure": [in_address(line.key)]}


def one_failure(data: Path, into: Path, **cells: str) -> AppTest:
    """The page of the one failure of a run."""
    write_csv(data / "d.csv", [a_row("e1", **cells)])
    run_folder = analysed(data, into).folder
    (line,) = open_index(run_folder).page()
    return script(run_folder, "failures", failure=in_address(line.key))


def said(app: AppTest) -> str:
    """The markup of a page."""
    return "".join(one.proto.body for one in app.get("html"))


def test_a_long_prompt_is_shown_by_its_end(data: Path, output: Path) -> None:
    shots = "A demonstration. " * 500
    app = one_failure(data, output, input_text=f"First. {shots} How many eggs?")

    assert "How many eggs?" in said(app)
    assert "First." not in said(app)

    app.toggle[0].set_value(True).run()

    assert "First." in said(app)
    assert "How many eggs?" in said(app)


def test_results_without_a_reference_say_so(data: Path, output: Path) -> None:
    app = one_failure(data, output, correct_answer="")

    assert "These results carry no reference." in [one.value for one in app.caption]


def test_a_page_says_once_what_was_found_and_folds_the_rest(data: Path, output: Path) -> None:
    app = one_failure(data, output, output="2 + 2 = 5. The answer is 5.", correct_answer="4")
    sentence = "The working states 2 + 2 = 5, but 2 + 2 is 4."

    assert [one.value for one in app.text].count(sentence) == 1
    shown = said(app)
    assert sentence not in shown
    assert "free of:" not in shown
    assert "false_equation" not in shown
    assert "characters" not in shown
    assert "were right when read" in shown
    assert [one.label for one in app.expander][-1] == "Details"


def test_criteria_of_a_judge_are_no_repetition(index: Index, folder: RunFolder) -> None:
    (line,) = index.page(Says("answer"), limit=1)
    offline = read_failure(folder, line.number)
    judged = replace(offline, findings=())
    other = replace(offline, criteria=(replace(offline.criteria[0], comment="It is wrong."),))

    assert criteria_repeat_findings(offline)
    assert not criteria_repeat_findings(judged)
    assert not criteria_repeat_findings(other)


def test_trust_in_a_finding_counts_the_hits_that_were_read() -> None:
    finding = Finding(
        detector="unused_quantity", kind="place", title="", summary="", confidence=0.8
    )

    assert trust(finding) == "a place to start reading; 10 of 13 such hits were right when read"
    once = replace(finding, detector="format_broken", kind="cause")
    assert trust(once) == "1 of 1 such hit was right when read"
    renamed = replace(finding, detector="went_on", kind="cause")  # as in an old run folder
    assert trust(renamed) == "8 of 9 such hits were right when read"
    assert trust(replace(finding, detector="first_departure")) == (
        "a place to start reading; how often such hits are right is not measured"
    )
    assert trust(replace(finding, detector="other", kind="cause")) == (
        "such hits are right in 80 %, by what its detector says"
    )


@pytest.mark.parametrize("asked", ["999", "-1", "x", "²"])
def test_a_page_that_is_not_there_is_the_nearest_one(folder: RunFolder, asked: str) -> None:
    app = script(folder, "failures", page=asked)

    assert not app.exception
    assert "of 60" in app.text[0].value


def test_previous_and_next_go_through_the_filtered_failures(
    folder: RunFolder, index: Index
) -> None:
    first, second = index.page(Equals("model", "bee"), limit=2)
    app = script(folder, "failures", model="bee", failure=in_address(first.key))
    assert "1 of 30" in [text.value for text in app.text]

    next(button for button in app.button if button.label == "Next").click().run()

    assert app.query_params["failure"] == in_address(second.key)
    assert "2 of 30" in [text.value for text in app.text]


def test_an_address_of_no_failure_says_so(folder: RunFolder) -> None:
    for named in ("nonsense", in_address(a_key("nobody"))):
        app = script(folder, "failures", failure=named)

        assert "not in this run" in app.warning[0].value
