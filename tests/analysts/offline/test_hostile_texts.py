"""Hostile texts: every detector ends without an error, and its evidence quotes the real output."""

from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.analysts.offline.answers.extractors.routes import ROUTES
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.arithmetic.calculator import judged
from error_map.analysts.offline.detector import Case, Detection, Detector
from error_map.analysts.offline.examine import examine
from error_map.analysts.offline.text.truncation import (
    HEAD_CHARS,
    PEER_END_CHARS,
    PROMPT_END_CHARS,
    TAIL_CHARS,
    excerpt,
)
from error_map.records import Diagnosis, Failure
from tests.support import a_failure

pytestmark = pytest.mark.slow

LONG: Final = 300_000
UNITS: Final = (
    *'=(){}[]<>a07 \n\t-+*/\\$"`#|:_%^√²\x00\ud800',
    "1+1=",
    "1 + 1 = 3\n",
    "((((=",
    "<<1=",
    "<<1+1=2>>",
    "1,234,",
    "9^99*",
    "\\boxed{",
    "\\frac{",
    "\\left(",
    "\\text{",
    '{"a":',
    '{"answer": "',
    "[[",
    "{'a': [",
    "```json\n",
    "answer is ",
    "The answer is (A). ",
    "Answer: 5\n",
    "\nQuestion:",
    "#### 5\n",
    "** ",
    "a\n",
    "word ",
    "f(a=",
    "<tool_call>",
    "5% of ",
    "12:30 ",
    "e\u0301",
)
MIXES: Final = st.lists(
    st.tuples(st.sampled_from(UNITS), st.integers(1, 400)), min_size=1, max_size=8
).map(lambda parts: "".join(unit * times for unit, times in parts))
"""Runs of hostile pieces, one behind the other."""


def a_profile(route: str = "stated, else last number") -> Profile:
    return Profile(route=route, agreement=1.0, recall=1.0, found=1.0, rows=100)


def a_detector(seen: list[Case], *, span: tuple[int, int] | None = None, **more: str) -> Detector:
    def detect(case: Case) -> Detection | None:
        seen.append(case)
        if span is None:
            return None
        return Detection(title="Seen", summary="Seen.", spans=(span,), confidence=1.0)

    return Detector(
        name="seen",
        finding="Seen",
        description="Looks.",
        category=more.get("category", "computation_error"),
        kind="cause",
        rank=1,
        detect=detect,
    )


def quotes_are_verbatim(diagnosis: Diagnosis, failure: Failure) -> bool:
    output = failure.record.output
    places = (each for finding in diagnosis.findings for each in finding.evidence)
    return all(output[each.start : each.end] == each.quote for each in places)


@pytest.mark.parametrize("unit", UNITS)
def test_every_detector_gets_through_a_long_run_of_one_thing(unit: str) -> None:
    text = unit * (LONG // len(unit))
    failure = a_failure(text, prompt=text, reference=text, correct=(text, text))

    diagnosis = examine(failure, a_profile())

    assert quotes_are_verbatim(diagnosis, failure)


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_is_lost_in_a_text_without_end(route: str) -> None:
    for unit in ('"answer": "', "the answer is ", "Answer: 1\n", "-", "\\boxed{", "# "):
        failure = a_failure(unit * (LONG // len(unit)))

        assert quotes_are_verbatim(examine(failure, a_profile(route)), failure)


@pytest.mark.parametrize("chars", [1_000_000, 10_000_000])
def test_detectors_are_given_no_more_of_a_longer_text(chars: int) -> None:
    seen: list[Case] = []
    text = "1+1=" * (chars // 4)
    failure = a_failure(text, prompt=text, reference=text, correct=(text,) * 3)

    examine(failure, a_profile(), [a_detector(seen)])

    (case,) = seen
    assert len(case.output) == HEAD_CHARS + TAIL_CHARS + 1
    assert len(case.prompt) == len(case.reference or "") == 2 * PROMPT_END_CHARS + 1
    assert [len(each) for each in case.correct_outputs] == [2 * PEER_END_CHARS + 1] * 3


def test_a_text_of_usual_length_is_given_as_it_is() -> None:
    seen: list[Case] = []
    failure = a_failure("x" * (HEAD_CHARS + TAIL_CHARS), correct=("y" * 2 * PEER_END_CHARS,))

    examine(failure, a_profile(), [a_detector(seen)])

    assert seen[0].output is failure.record.output
    assert seen[0].correct_outputs == ("y" * 2 * PEER_END_CHARS,)


@pytest.mark.parametrize(
    "before", [0, HEAD_CHARS - 40, HEAD_CHARS - 5, HEAD_CHARS + 5, 500_000, 999_000]
)
def test_evidence_from_either_end_quotes_the_real_output(before: int) -> None:
    planted = "6 * 14 = 94 pens"
    output = "a " * (before // 2) + f"\n{planted}\n" + "b " * ((1_000_000 - before) // 2)
    failure = a_failure(output, reference=None)

    found = [
        finding
        for finding in examine(failure, Profile()).findings
        if finding.detector == "late_false_equation"
    ]

    read = before < HEAD_CHARS - len(planted) or before > len(output) - TAIL_CHARS
    assert [finding.evidence[0].quote for finding in found] == ["6 * 14 = 94"] * read
    assert all(output.index(planted) == finding.evidence[0].start for finding in found)


def test_a_place_across_the_seam_is_quoted_from_where_it_begins() -> None:
    output = "a" * HEAD_CHARS + "b" * 1_000_000
    span = (HEAD_CHARS - 10, HEAD_CHARS + 10)

    diagnosis = examine(a_failure(output), Profile(), [a_detector([], span=span)])

    (evidence,) = diagnosis.findings[0].evidence
    assert evidence.quote == "a" * 10 + "b" * 10


def test_the_form_of_an_output_is_not_judged_by_an_excerpt() -> None:
    seen: list[Case] = []
    form = a_detector(seen, category="output_format_error")

    examine(a_failure('{"a": 1} ' * 100_000), Profile(), [form])

    assert seen == []


def test_an_excerpt_knows_the_way_back() -> None:
    text = "".join(map(chr, range(0x4E00, 0x5E00)))

    cut = excerpt(text, head=100, tail=200)

    places = [cut.offset_in_whole(offset) for offset in range(len(cut.text) + 1)]
    assert all(
        cut.text[offset] == text[place]
        for offset, place in enumerate(places[:-1])
        if offset != cut.seam
    )
    assert places[-1] == len(text)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(MIXES, MIXES, st.sampled_from(sorted(ROUTES)))
def test_any_mix_of_hostile_pieces_is_examined_without_an_error(
    output: str, other: str, route: str
) -> None:
    failure = a_failure(output, prompt=other, reference=other, correct=(other, output))

    assert quotes_are_verbatim(examine(failure, a_profile(route)), failure)


@settings(deadline=None)
@given(MIXES)
def test_every_judged_equation_of_any_mix_stands_where_it_says(text: str) -> None:
    for each in judged(text):
        assert 0 <= each.start < each.end <= len(text)
        assert "=" in text[each.start : each.end]
