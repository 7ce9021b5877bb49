"""Rows of the failures file as values, and the columns that belong to the store."""

import json
from dataclasses import fields, replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.outputs.contract import final_columns, single_columns
from error_map.records import (
    CategoryId,
    CorrectOutput,
    Criterion,
    Diagnosed,
    Diagnosis,
    Evidence,
    FailureRow,
    Finding,
    ModelName,
    Record,
    Turn,
    Undiagnosed,
    Verdict,
)
from error_map.store import (
    FAILURE_SCHEMA,
    INPUT_COLUMNS,
    LOG_SCHEMA,
    RESERVED_COLUMNS,
    ROW_NUMBER,
    cells_of,
    failure_rows,
    kept_columns,
    log_cells,
)
from error_map.store.codec import (
    criteria_of,
    failures_of,
    findings_of,
    judge_response,
    outcomes_frame,
    turns_cell,
)
from error_map.store.columns import OUTCOME_SCHEMA
from tests.support import a_failure, a_key

FULL = FailureRow(
    number=0,
    key=a_key(repeat=2),
    prompt="What is 2 + 2?",
    output="2 + 2 = 5",
    score=0.0,
    reference="4",
    threshold=1.0,
    weight=2.5,
    correct_outputs=(CorrectOutput(ModelName("bee"), "4"),),
    verdict="error",
    title="False sum",
    summary="2 + 2 is 4.",
    detector="false_equation",
    criteria=(
        Criterion(
            criterion="Adds",
            present_in_wrong=True,
            quality="incorrect",
            evidence="2 + 2 = 5",
            comment="wrong",
            verified=True,
        ),
    ),
    findings=(
        Finding(
            detector="false_equation",
            kind="cause",
            title="False sum",
            summary="2 + 2 is 4.",
            evidence=(Evidence("2 + 2 = 5", 0, 9),),
            confidence=0.9,
        ),
    ),
    answer="5",
    judge_response="{}",
    request="Diagnose",
    response="{}",
    state="assigned",
    reason="why",
    category=CategoryId("computation_error"),
    benchmark_fault="consensus",
    turns=(Turn(role="user", text="Hi"), Turn(role="tool", tool="add", result="5", error="no")),
    composed=((0, 4), (6, 9)),
    question_start=3,
    stop_reason="length",
    tokens_in=12,
    tokens_out=7,
    latency_s=0.5,
    cost_usd=0.02,
    kept={"subject": "sums"},
)
"""A row in which every field has a value of its own."""
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


def framed(*rows: FailureRow) -> pl.DataFrame:
    kept = dict.fromkeys(rows[0].kept, pl.String())
    cells = [{name: cells_of(row).get(name) for name in (*FAILURE_SCHEMA, *kept)} for row in rows]
    return pl.DataFrame(cells, schema={**FAILURE_SCHEMA, **kept})


def test_a_row_survives_its_columns() -> None:
    bare = FailureRow(number=1, key=a_key())

    assert tuple(failure_rows(framed(FULL, replace(bare, kept={})))) == (FULL, bare)


@given(texts=st.tuples(TEXT, TEXT, TEXT, TEXT), reference=st.none() | TEXT)
def test_any_text_survives_its_columns(
    texts: tuple[str, str, str, str], reference: str | None
) -> None:
    prompt, output, quote, cell = texts
    finding = replace(FULL.findings[0], evidence=(Evidence(quote, 0, len(quote)),))
    row = replace(
        FULL,
        prompt=prompt,
        output=output,
        reference=reference,
        findings=(finding,),
        kept={"subject": cell} if cell else {},
    )

    assert list(failure_rows(framed(row))) == [row]


def test_no_json_is_parsed_that_is_not_selected() -> None:
    frame = framed(FULL).with_columns(pl.lit("{").alias("criteria"), pl.lit("[").alias("findings"))

    (row,) = failure_rows(frame.select("model", "error_title"))

    assert (row.key.model, row.title, row.criteria, row.findings) == ("m", "False sum", (), ())
    with pytest.raises(ValueError, match="JSON"):
        list(failure_rows(frame))


def test_rows_are_numbered_from_the_first_one_or_by_their_own_column() -> None:
    frame = framed(FULL, FULL).select("model")

    numbers = [row.number for row in failure_rows(frame, first=7)]
    own = frame.with_row_index(ROW_NUMBER, offset=3)[::-1]

    assert numbers == [7, 8]
    assert [row.number for row in failure_rows(own)] == [4, 3]


def test_a_cell_of_another_type_is_refused_with_its_column() -> None:
    frame = pl.DataFrame({"score": ["high"]})

    with pytest.raises(ValueError, match="column 'score' holds str, not float"):
        list(failure_rows(frame))


def test_the_columns_of_a_row_are_those_of_the_file() -> None:
    assert cells_of(FULL).keys() == {*FAILURE_SCHEMA, "subject"}
    assert kept_columns(cells_of(FULL)) == ("subject",)


def test_a_row_without_optional_fields_has_none_of_their_columns() -> None:
    assert LOG_SCHEMA.keys().isdisjoint(cells_of(FailureRow(number=0, key=a_key())))


def test_optional_fields_of_a_record_pass_through_a_selection() -> None:
    failure = a_failure()
    optional = {
        field.name: getattr(FULL, field.name)
        for field in fields(Record)
        if field.name not in {"key", "prompt", "output", "score", "reference"}
    }
    logged = replace(failure.record, **optional)
    cells = {
        **cells_of(FailureRow(number=0, key=failure.record.key, score=0.0, threshold=1.0)),
        "input_text": failure.record.prompt,
        "output_text": failure.record.output,
        "correct_answer": failure.record.reference,
    }
    plain = pl.DataFrame([cells], schema_overrides=FAILURE_SCHEMA)
    frame = plain.with_columns(
        pl.lit(cell, LOG_SCHEMA[name]).alias(name) for name, cell in log_cells(logged).items()
    )

    assert failures_of(plain) == (failure,)
    assert failures_of(frame) == (replace(failure, record=logged),)


def test_every_column_that_we_add_is_reserved() -> None:
    contract = {*single_columns(()), *final_columns((), depth=0, repeats=True)}
    ours = {*FAILURE_SCHEMA, *contract} - {"category_depth_0", "dataset"}

    assert ours - INPUT_COLUMNS <= RESERVED_COLUMNS


def test_an_undiagnosed_failure_has_only_a_reason() -> None:
    (row,) = outcomes_frame([Undiagnosed(a_key(), "timeout")]).rows(named=True)

    assert row == {
        **dict.fromkeys(OUTCOME_SCHEMA, ""),
        "verdict": None,
        "criteria": "[]",
        "findings": "[]",
        "reason": "timeout",
    }


@pytest.mark.parametrize(
    ("verdict", "title", "summary"),
    [
        ("error", "Title", "Summary"),
        ("no error found", "", ""),
        ("whole solution incorrect", "whole solution incorrect", "whole solution incorrect"),
    ],
)
def test_a_diagnosis_is_stored_with_the_json_of_the_contract(
    verdict: Verdict, title: str, summary: str
) -> None:
    diagnosis = Diagnosis(
        verdict=verdict,
        title="Title",
        summary="Summary",
        criteria=FULL.criteria,
        findings=FULL.findings,
        answer="5",
        prompt="Diagnose",
    )

    plain, replied = outcomes_frame(
        [Diagnosed(a_key(), one) for one in (diagnosis, replace(diagnosis, response="reply"))]
    ).rows(named=True)

    response = json.loads(plain["judge_response"])
    assert response["final_answer"] == {"error_title": title, "error_summary": summary}
    assert [set(one) for one in response["required_criteria"]] == [
        {"criterion", "present_in_wrong", "quality", "evidence", "comment"}
    ]
    assert criteria_of(plain["criteria"]) == FULL.criteria
    assert findings_of(plain["findings"]) == FULL.findings
    assert (plain["verdict"], plain["error_title"], plain["answer"]) == (verdict, "Title", "5")
    assert plain["full_response"] == plain["judge_response"]
    assert replied["full_response"] == "reply"
    assert (plain["prompt"], plain["reason"]) == ("Diagnose", "")


def test_the_json_of_the_contract_is_not_escaped() -> None:
    diagnosis = Diagnosis(verdict="error", title="Café", summary="")

    assert '"error_title": "Café"' in judge_response(diagnosis, "[]")


def test_a_cell_of_turns_has_only_the_fields_that_are_set() -> None:
    assert turns_cell([Turn(role="user", text="Hi")])[0]["text"] == "Hi"


def test_a_row_without_weight_counts_once_and_one_without_category_has_none() -> None:
    (row,) = failure_rows(pl.DataFrame({"category_id": [""], "weight": [None], "note": ["x"]}))

    assert (row.weight, row.category, row.kept) == (1.0, None, {"note": "x"})
    assert (row.key.repeat, row.score, row.correct_outputs) == (0, None, ())
