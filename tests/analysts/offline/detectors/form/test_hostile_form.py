"""What must hold of every detector of form: no text raises, spans lie inside, time is linear."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detector
from error_map.analysts.offline.detectors.form.format_rules import DETECTORS
from error_map.analysts.offline.registry import own_detectors

pytestmark = pytest.mark.slow

FORMATS = [one.name for one in DETECTORS]
OTHERS = [
    "empty_output",
    "errored",
    "no_answer",
    "refusal",
    "repetition_loop",
    "scorer_missed",
    "shown_output",
    "truncated",
]
NAMES = [*OTHERS, *FORMATS]
GROUPS = [*([name] for name in OTHERS), FORMATS]  # one case for all format rules: they share work
PROFILES = [
    Profile(),
    Profile(route="answer line", agreement=1.0, recall=1.0, found=1.0, rows=100),
    Profile(route="number in answer field", agreement=0.98, recall=1.0, found=0.9, rows=100),
    Profile(route="first letter stated", agreement=0.99, recall=0.99, found=0.9, rows=100),
    Profile(route="last number", agreement=0.8, recall=0.9, found=1.0, rows=100),
]
PIECES = st.lists(
    st.sampled_from(
        [
            "I'm sorry, ",
            "I cannot ",
            "help",
            "The answer is (B)",
            '{"answer": ',
            "}",
            "```json\n",
            "\n- ",
            "$$",
            "\\(",
            "<<",
            "and the ",
            "<think>",
            "</think>",
            "def f(",
            "return x +",
            "Error code: 429 - ",
            "print(1)\n```\nOutput:\n2",
            "\n#### 5",
            "again and again. " * 9,
            "0",
            "=",
            "\n",
            "\udc80",
        ]
    )
).map("".join)
PROMPTS = st.sampled_from(
    [
        "",
        'Respond in JSON with the keys "name" and "size".',
        'End your response with "Done for today".',
        "Your answer must contain exactly 3 bullet points. Do not use any commas.",
        "Your entire response should be in all capital letters, with less than 20 words.",
    ]
)
HOSTILE = [
    "a" * 1_000_000,
    " " * 1_000_000,
    "I cannot " * 110_000,
    "$$" * 500_000,
    "{" * 1_000_000,
    '{"a":' * 200_000,
    '{"' * 500_000,
    "[" * 1_000_000,
    "end your answer with " * 48_000,
    '"' * 1_000_000,
    "the answer is " * 71_000,
    "json" * 250_000,
    "return json " * 83_000,
    "- " * 500_000,
    "\n" * 1_000_000,
    "include the phrase " + '"ab" and ' * 110_000,
    "your answer " * 83_000,
    "\\(" * 500_000,
    "```python\n" + "(" * 1_000_000,
    "```js\n" + '\\"' * 500_000,
    "```python\n1\n```\noutput:\n" * 36_000,
    "def f(x):\n" * 100_000,
    "x = " * 250_000,
    "<think>" * 140_000,
    "\\begin{a}" * 110_000,
    "go. " * 250_000 + "we do not know any more of",
    "Traceback (most recent call last):\n" * 28_000,
    "ab\n" * 333_000,
]


def detector(name: str) -> Detector:
    (found,) = (detector for detector in own_detectors() if detector.name == name)
    return found


def a_case(prompt: str, output: str, profile: Profile, *, gold: str | None) -> Case:
    return Case(
        prompt=prompt,
        output=output,
        reference=gold,
        answer=final_answer(output, profile),
        gold=gold,
        profile=profile,
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_detector_is_named_like_its_module(name: str) -> None:
    assert detector(name).name == name


def test_no_two_detectors_but_those_of_format_rules_have_the_same_rank() -> None:
    ranks = {detector(name).rank for name in (*OTHERS, FORMATS[0])}

    assert len(ranks) == len(OTHERS) + 1


@pytest.mark.parametrize("names", GROUPS)
@given(
    prompt=st.text() | PROMPTS,
    output=st.text() | PIECES,
    profile=st.sampled_from(PROFILES),
    gold=st.none() | st.just("B") | st.text(),
)
def test_any_text_gives_a_sign_with_spans_inside_it_or_none(
    *, names: list[str], prompt: str, output: str, profile: Profile, gold: str | None
) -> None:
    case = a_case(prompt, output, profile, gold=gold)
    detections = [detector(name).detect(case) for name in names]

    for detection in filter(None, detections):
        assert detection.title
        assert detection.summary
        assert 0 < detection.confidence <= 1
        assert all(0 <= start < end <= len(output) for start, end in detection.spans)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_megabyte_of_hostile_text_takes_linear_time(text: str) -> None:
    cases = [
        a_case(prompt, output, profile, gold="B")
        for prompt, output in ((text, "Some text"), ("Return JSON with less than 9 words.", text))
        for profile in PROFILES[:2]
    ]
    start = time.process_time()

    for name in NAMES:
        for case in cases:
            detector(name).detect(case)

    assert time.process_time() - start < 5
