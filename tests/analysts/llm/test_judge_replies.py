"""Parsing of replies that judges really send: faulty JSON, wrappers, drafts, hostile text."""

import json
import random
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from error_map.analysts.llm.answer_schemas import (
    MAX_CHARS,
    DiagnosisAnswer,
    PlacementAnswer,
    ProposalAnswer,
    parsed,
)
from error_map.analysts.llm.json_objects import is_only_thinking, json_objects
from error_map.errors import AnswerInvalid

pytestmark = pytest.mark.slow

SCHEMAS: Final[Mapping[type[BaseModel], str]] = {
    DiagnosisAnswer: "f4d3e52bb400bf53",
    ProposalAnswer: "43fc48cafb3d3f03",
    PlacementAnswer: "ce949c3e88812f7b",
}
"""The answer schemas, each with a digest of its JSON schema, which is part of the ledger key."""


def an_answer(title: str = "Sum is wrong", **criterion: object) -> dict[str, object]:
    """A diagnosis as a model means it."""
    first = {
        "criterion": "the sum",
        "present_in_wrong": True,
        "quality": "incorrect",
        "evidence": "it is 5",
        "comment": "it is 4",
        **criterion,
    }
    final = {"error_title": title, "error_summary": "It adds up wrongly."}
    return {"required_criteria": [first], "final_answer": final}


def text_of(title: str = "Sum is wrong", **criterion: object) -> str:
    return json.dumps(an_answer(title, **criterion))


def title_in(text: str) -> str:
    return parsed(text, DiagnosisAnswer).final_answer.error_title


def evidence_in(text: str) -> str:
    return parsed(text, DiagnosisAnswer).required_criteria[0].evidence


def fault_of(text: str, schema: type[BaseModel] = DiagnosisAnswer) -> str:
    with pytest.raises(AnswerInvalid) as caught:
        parsed(text, schema)
    return caught.value.message


# ---- JSON that is not quite JSON


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"so \(x\) and \alpha", r"so \(x\) and \alpha"),
        (r"\frac{1}{2} + \beta", r"\frac{1}{2} + \beta"),
        (r"2 \times 3 \neq 7, \theta \to \rho", r"2 \times 3 \neq 7, \theta \to \rho"),
        (r"\underline{x} in C:\dir", r"\underline{x} in C:\dir"),
        (r"\\frac{1}{2} \\\\ \\(x\\)", r"\frac{1}{2} \\ \(x\)"),
        (r"a\tb\nnow \nu é \/", "a\tb\nnow \nu é /"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ('he said "5", no more', None),
        ('he said "5" here', 'he said "5" here'),
        (r"it\'s", "it's"),
    ],
)
def test_strings_with_faulty_escapes_are_read(written: str, meant: str | None) -> None:
    text = text_of().replace("it is 5", written)

    if meant is None:
        assert fault_of(text).startswith("the answer is not valid JSON: line 1, column ")
    else:
        assert evidence_in(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        text_of().replace("}]", "},]").replace('."}', '.", }'),
        str(an_answer()),
        str(an_answer(comment="it's 4", present_in_wrong=False)),
        text_of().replace('"', "'"),
        f"```json\n{text_of()}\n```",
        f"Let me see {{a lot}}: {text_of()} I hope it helps {{much}}.",
        f"By \\frac{{1}}{{2}} it holds. {text_of()}",
        "{} " * 200 + text_of(),
        text_of().replace(" ", "\u00a0").replace("Sum\u00a0is\u00a0wrong", "Sum is wrong"),
        json.dumps(an_answer(), indent=2).replace("\n", "\r\n"),
        text_of(present_in_wrong="Yes"),
        text_of(evidence=5, comment=1.5),
    ],
)
def test_near_json_is_read(text: str) -> None:
    assert title_in(text) == "Sum is wrong"


json_texts = st.text(
    st.characters(exclude_characters="\\\b\f\n\r\t", exclude_categories=["Cs"]), max_size=20
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | json_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_texts, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)  # a loaded machine is no fault
@given(value=st.dictionaries(json_texts, json_values, max_size=5), ascii_only=st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(
    value: dict[str, object],
    *,
    ascii_only: bool,
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)

    assert json_objects(text).answered == (value,)


@settings(deadline=None)
@given(st.integers(1, len(text_of()) - 1))
def test_cut_objects_are_not_completed(length: int) -> None:
    assert fault_of(text_of()[:length])


def test_syntax_errors_have_line_and_column() -> None:
    text = json.dumps(an_answer(), indent=1).replace("true,", "true")

    fault = fault_of(f"Here it is:\n{text}")

    assert fault == "the answer is not valid JSON: line 7, column 4: expecting ',' delimiter"
    assert "required" not in fault


def test_the_error_of_a_cut_answer_has_its_end() -> None:
    text = text_of().partition(', "final_answer"')[0]

    place = f"line 1, column {len(text) + 1}"
    assert fault_of(text).endswith(f"not valid JSON: {place}: it ends before it is complete")


# ---- fields


@pytest.mark.parametrize("quality", ["Incorrect", "INCORRECT", " incorrect "])
def test_the_case_of_a_quality_does_not_matter(quality: str) -> None:
    answer = parsed(text_of(quality=quality), DiagnosisAnswer)

    assert answer.required_criteria[0].quality == "incorrect"


@pytest.mark.parametrize(
    "quality", ["partially_correct", "Partially-Correct", "partially  correct"]
)
def test_the_separator_in_a_quality_does_not_matter(quality: str) -> None:
    answer = parsed(text_of(quality=quality), DiagnosisAnswer)

    assert answer.required_criteria[0].quality == "partially correct"


def test_an_unknown_quality_is_invalid() -> None:
    assert "required_criteria.0.quality: input should be" in fault_of(text_of(quality="poor"))


def test_null_becomes_empty_text() -> None:
    answer = parsed(text_of(evidence=None, comment=None), DiagnosisAnswer)

    assert (answer.required_criteria[0].evidence, answer.required_criteria[0].comment) == ("", "")


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert title_in(text_of("Sum \ud83d wrong")) == "Sum \ufffd wrong"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_sent_schema_keeps_its_bytes(schema: type[BaseModel]) -> None:
    text = json.dumps(schema.model_json_schema())

    assert sha256(text.encode()).hexdigest()[:16] == SCHEMAS[schema]


# ---- wrappers, drafts and thinking


@pytest.mark.parametrize(
    "wrapped",
    [
        {"DiagnosisAnswer": an_answer()},
        [an_answer()],
        {"answers": [an_answer()]},
        {"result": text_of()},
        {"result": f"```json\n{text_of()}\n```"},
        {"name": "DiagnosisAnswer", "arguments": an_answer()},
    ],
)
def test_one_wrapper_is_removed(wrapped: object) -> None:
    assert title_in(json.dumps(wrapped)) == "Sum is wrong"


def test_two_wrappers_are_not_removed() -> None:
    fault = fault_of(json.dumps({"output": {"DiagnosisAnswer": {"inner": an_answer()}}}))

    assert fault == "required_criteria: field required; final_answer: field required"


def test_an_answer_inside_a_quotation_is_not_the_answer() -> None:
    invalid = {"required_criteria": 5, "quoted": text_of("Planted")}

    assert "required_criteria" in fault_of(json.dumps(invalid))


@pytest.mark.parametrize(
    "text",
    [
        f"{text_of('Draft')}\nOn reflection:\n{text_of()}",
        f"{text_of('Draft')}\n{text_of()}\nIn short: {{'verdict': 'wrong'}}",
        f"<think>{text_of('Draft')}</think>{text_of()}",
        f"So {text_of('Draft')} it is.</think>\n\n{text_of()}",
        f"<thinking>I try {text_of('Draft')}</thinking>{text_of(evidence='a </think> b')}",
    ],
)
def test_the_last_valid_answer_counts(text: str) -> None:
    assert title_in(text) == "Sum is wrong"


@pytest.mark.parametrize(
    "text",
    [
        text_of(evidence="<think> so"),
        text_of(evidence="so </think>"),
        f"Its <think> block is long. {text_of()}",
        f"{text_of()} There is a </think> in the output.",
        f"{text_of(evidence='</think>')} Mind the <think>.",
    ],
)
def test_a_quoted_reasoning_tag_is_not_reasoning(text: str) -> None:
    assert title_in(text) == "Sum is wrong"
    assert not is_only_thinking(text)


@pytest.mark.parametrize("text", ["{}</think>", "<think>{}</think>", "<think>{}"])
def test_a_draft_is_never_the_answer(text: str) -> None:
    thinking = text.replace("{}", text_of())

    assert fault_of(thinking) == "there is no JSON object after the thinking"
    assert is_only_thinking(thinking)


def test_another_form_and_a_missing_object_have_different_errors() -> None:
    other = '{"verdict": "wrong"}'

    assert fault_of(other) == "required_criteria: field required; final_answer: field required"
    assert fault_of("I cannot {say}.") == "there is no JSON object in the answer"


# ---- hostile text

PIECES: Final = ("{", '{"a":', "[1,", '"', "'", "\\", "\n", " ", "1,", "<think>", "}", '"," ', "é")


WIDE: Final = "1," * 45_000


@pytest.mark.parametrize("text", ['{"a":' * 31 + WIDE, '{"a":1,' * 50 + WIDE, '{"' * 49_000])
def test_text_with_many_hostile_braces_is_abandoned(text: str) -> None:
    assert fault_of(text)


@pytest.mark.parametrize("seed", range(20))
def test_hostile_text_is_refused(seed: int) -> None:
    """All of them take two seconds; in squared time they would not end in this test's lifetime."""
    rng = random.Random(seed)
    runs = (rng.choice(PIECES) * rng.randint(1, 40_000) for _ in range(50))

    text = "".join(runs)[: MAX_CHARS - 6]

    assert fault_of('{"a": ' + text)
