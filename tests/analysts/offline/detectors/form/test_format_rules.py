"""Violated format rules, and outputs that keep them."""

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detection
from error_map.analysts.offline.detectors.form.format_rules import DETECTORS

TEMPLATE = 'Present it in the following json format:\n```json\n{"why": "___", "size": "___"}\n```'
KEYS = 'Return only a JSON object with the keys "why" and "size".'
PROSE = "The raft is made of nine logs, and it floats."


def findings(case: Case) -> list[Detection]:
    return [found for one in DETECTORS if (found := one.detect(case))]


def titles(prompt: str, output: str) -> list[str]:
    return [found.title for found in findings(Case(prompt=prompt, output=output))]


@pytest.mark.parametrize("prompt", [TEMPLATE, KEYS, "Answer in JSON.", "Format: respond as JSON"])
@pytest.mark.parametrize("output", [PROSE, "why: logs\nsize: 9", "[asy] {9} [/asy]"])
def test_prose_where_json_was_asked_for_is_missing_json(prompt: str, output: str) -> None:
    assert titles(prompt, output) == ["Required JSON missing"]


@pytest.mark.parametrize(
    "output",
    ['{"why": "logs", "size": 9', '{"why": "logs" "size": 9}'],
)
def test_json_that_is_not_well_formed_does_not_parse(output: str) -> None:
    assert titles(KEYS, output) == ["JSON does not parse"]


@pytest.mark.parametrize(
    ("output", "place", "quoted"),
    [
        ('{"why": "logs" "size": 9}', "at line 1, column 16, the parser says", ' "size"'),
        ('{"why": "\\( x \\)",\n "size" 9}', "at line 2, column 9, the parser says", "9}"),
        ('A set {x}.\n{"why": "logs",\n', "the answer ends before it is closed", "logs"),
        ('{"why":\n"logs, "size', "at line 2, column 9, the parser says", '"logs, "s'),
        ('{"why": 1,\n"size": "lo', "the string that begins at line 2, column 9 is never", '"lo'),
    ],
)
def test_a_finding_on_json_says_where_the_parser_stops(
    *, output: str, place: str, quoted: str
) -> None:
    (detection,) = findings(Case(prompt="Answer in JSON.", output=output))
    ((start, end),) = detection.spans

    assert detection.title == "JSON does not parse"
    assert place in detection.summary
    assert quoted in output[start:end]


@pytest.mark.parametrize(
    ("prompt", "output", "gold", "found"),
    [
        ("Answer with the number only.", "There are 9 logs.", "9", 1),
        ("Answer with the number only.", "There are 8 logs.", "9", 0),
        ("Answer with the number only.", "There are 8 logs.", None, 1),
        ("Answer with only the letter.", "I think it must be B.", "B", 1),
        ("Answer with only the letter.", "I think it must be C.", "B", 0),
        ("Answer in one word: what is it?", "It is, in short, a raft.", "Raft", 1),
        ("Answer in one word: what is it?", "It is, in short, a boat.", "Raft", 0),
    ],
)
def test_more_than_one_word_is_no_cause_if_the_reference_is_not_among_them(
    *, prompt: str, output: str, gold: str | None, found: int
) -> None:
    assert len(findings(Case(prompt=prompt, output=output, gold=gold))) == found


def test_rules_concern_the_answer_and_not_the_reasoning_before_it() -> None:
    prompt = "Use at most 3 words, and no commas."

    assert titles(prompt, "<think>A raft, I think, is a boat.</think>\n\nA flat boat.") == []
    assert titles(prompt, "<think>A raft, I think, is") == []
    (detection,) = findings(Case(prompt=prompt, output="Hm, yes.</think>Flat, dry."))
    assert detection.title == "Comma used although forbidden"
    assert detection.spans == ((16, 26),)


@pytest.mark.parametrize("prompt", [TEMPLATE, KEYS])
def test_json_without_a_key_that_the_prompt_shows_lacks_it(prompt: str) -> None:
    (detection,) = findings(Case(prompt=prompt, output='{"why": "logs"}'))

    assert detection.title == "JSON key missing"
    assert "size" in detection.summary


@pytest.mark.parametrize(
    "output",
    [
        '{"why": "logs", "size": 9}',
        'Here:\n```json\n{"why": "logs\n float", "size": 9}\n```\nDone.',
        '{"why": "\\\\( 9 \\\\cdot 1 \\\\)", "size": 9}',
        '[{"why": "logs"}, {"size": 9}]',
        'For f(x) = {x} see {"size": 9, "why": "logs", "more": 1}',
    ],
)
def test_json_with_the_keys_keeps_the_format(output: str) -> None:
    assert titles(KEYS, output) == []
    assert titles(TEMPLATE, output) == []


@pytest.mark.parametrize(
    "prompt",
    [
        "What does JSON stand for?",
        "Write a function that returns JSON.",
        "Explain how a parser reads JSON",
        "Give a short answer, not JSON.",
        "The file raft.json holds nine logs. Describe it.",
    ],
)
def test_json_as_a_subject_is_not_a_required_format(prompt: str) -> None:
    assert titles(prompt, PROSE) == []


BROKEN = [
    ('End your response with "Any more questions?"', "It floats.", "Required ending missing"),
    ('Finish with the line "The answer is (X)".', "It floats.", "Required ending missing"),
    (
        "The last line of your reply should be of the form 'Answer: $LETTER'.",
        "It floats.",
        "Required ending missing",
    ),
    ('Include the phrase "nine logs" in it.', "A raft floats.", "Required keyword missing"),
    ('Use the keywords "log" and "rope".', "A log floats.", "Required keyword missing"),
    (
        "Your answer must contain exactly three bullet points.",
        "- logs\n- rope",
        "Wrong number of list items",
    ),
    (
        "Your entire response should be in all capital letters.",
        "IT floats.",
        "Not all in capital letters",
    ),
    ("Respond in all lowercase.", "IT FLOATS", "Not all in lower case"),
    ("Your response should be in less than 10 words.", "a log " * 9, "Wrong number of words"),
    ("Write a tale. Answer in at least 100 words.", PROSE, "Wrong number of words"),
    ("Answer with a single word.", PROSE, "More than a single word or number"),
    (
        "Answer with the number only, in digits.",
        "There are 9 logs.",
        "More than a single word or number",
    ),
    (
        "Write a numbered list with exactly three items.",
        "- a\n- b\n- c",
        "Wrong number of list items",
    ),
    ("Write exactly two bullet points.", "1. logs\n2. rope", "Wrong number of list items"),
    ("Name a boat. Use lowercase letters only.", "A Boat IS", "Not all in lower case"),
    ('The last word of your answer must be "home".', "We go out.", "Required ending missing"),
    ('Do not use the word "rope".', "It has a Rope.", "Forbidden word used"),
    ("Do not use any commas in your reply.", PROSE, "Comma used although forbidden"),
    (
        "Wrap your entire response with double quotation marks.",
        PROSE,
        "Quotation marks around answer missing",
    ),
]


@pytest.mark.parametrize(("prompt", "output", "expected"), BROKEN)
def test_a_stated_rule_that_is_broken_is_named(prompt: str, output: str, expected: str) -> None:
    assert titles(prompt, output) == [expected]


KEPT = [
    ('End your response with "Any more questions?"', "It floats. Any more questions?"),
    ('Finish with the line "The answer is (X)".', "It floats. **The answer is (C)**."),
    ("The last line of your reply should be 'Answer: <letter>'.", "So.\nAnswer: C"),
    ('Include the phrase "nine logs" in it.', "It has Nine  Logs."),
    ('Do not include the phrase "nine logs".', "A raft floats."),
    ("Your answer must contain exactly two bullet points.", "* logs\n  - oak\n* rope"),
    ("Your entire response should be in all capital letters.", "IT FLOATS, 9 LOGS."),
    ("Answer with the capital letter of the option.", "c"),
    ("Your response should be in less than 10 words.", "It floats."),
    ("Answer with a single word.", "Raft."),
    ("Answer with the number only, in digits.", "**1,009**"),
    ("Write a numbered list with exactly three items.", "1. a\n2. b\n3. c"),
    ('The last word of your answer must be "home".', "We go home."),
    ('Do not use the word "rope".', "It has ropes."),
    ("Use no full stops.", PROSE),
    ("Wrap your entire response with double quotation marks.", f'"{PROSE}"'),
]


@pytest.mark.parametrize(("prompt", "output"), KEPT)
def test_a_rule_that_is_kept_gives_no_sign(prompt: str, output: str) -> None:
    assert titles(prompt, output) == []


FEW_SHOT = """End with "Over and out."
Task: Write exactly two bullet points.
Output: - a raft
- a boat
Over and out.
Task: {}
Output:"""


def test_rules_of_worked_examples_are_not_rules_for_the_last_task() -> None:
    prompt = FEW_SHOT.format("Write one sentence about rafts.")

    assert titles(prompt, "A raft floats. Over and out.") == []
    assert titles(prompt, "A raft floats.") == ["Required ending missing"]


def test_an_answer_line_in_other_words_is_not_a_broken_format() -> None:
    prompt = 'Which one?\nA. a raft\nB. a stone\nThen end with "The answer is" and the option.'

    assert titles(prompt, "A raft floats, so it must be a raft.") == []
    assert titles(prompt, "My final answer would be (A), since wood floats.") == []
    assert titles(prompt, "Wood floats.") == ["Required ending missing"]


def test_a_json_value_of_another_type_than_the_prompt_gives_is_mistyped() -> None:
    prompt = 'Return a JSON object with the keys "size" (number), "dry" (true or false).'

    assert titles(prompt, '{"size": "9", "dry": true}') == ["JSON value of wrong type"]
    assert titles(prompt, '{"size": 9, "dry": "yes"}') == ["JSON value of wrong type"]
    assert titles(prompt, '{"size": 9.5, "dry": false}') == []
    assert titles(prompt, '{"size": null, "dry": false}') == []


def test_a_key_beyond_exactly_those_of_the_prompt_is_unexpected() -> None:
    exact = 'Return a JSON object with exactly these keys: "size" (number), "dry" (boolean).'
    loose = 'Return a JSON object with the keys "size" (number), "dry" (boolean).'
    output = '{"size": 9, "dry": true, "name": "Elm"}'

    assert titles(exact, output) == ["Unexpected JSON key"]
    assert titles(loose, output) == []


TRAPS = [
    'The tale must end with "home". Which tale ends so?',
    'Which of the words that start with "ra" float?',
    "An essay of at least 500 words takes two hours. How long do 900 words take?",
    "The sign is written in capital letters. What colour is it?",
    "A list has exactly three bullet points and costs 4 euros. What do two lists cost?",
    'What did the captain mean by the phrase "nine logs"?',
    "Describe how the poet uses commas.",
    "Each of the captains gave a single word as his answer. How many words are there?",
    'A manual which does not contain the phrase "nine logs" is lost. Why?',
]


@pytest.mark.parametrize("prompt", TRAPS)
def test_rules_inside_the_task_are_not_rules_for_the_answer(prompt: str) -> None:
    assert titles(prompt, PROSE) == []


def test_an_answer_that_the_scorer_read_all_the_same_did_not_fail_by_its_form() -> None:
    profile = Profile(route="answer field", agreement=0.99, recall=0.99, found=0.95, rows=500)
    output = '{"why": "\\( bad \\)", "answer": "9"}'
    case = Case(
        prompt='Respond in JSON like {"answer": "___"}',
        output=output,
        profile=profile,
        answer=final_answer(output, profile),
    )

    assert findings(case) == []


def test_an_empty_output_is_left_to_its_own_detector() -> None:
    assert titles(KEYS, "  ") == []


@pytest.mark.parametrize(
    "output", ["Nine logs float.\nAnswer: 9", '{"why": "logs" "answer": "9"}', "So \\boxed{9}"]
)
def test_a_wrong_value_that_can_be_read_did_not_fail_by_its_form(output: str) -> None:
    prompt = 'Answer in JSON like {"why": "___", "answer": "___"}'

    assert findings(Case(prompt=prompt, output=output, gold="12")) == []
    assert findings(Case(prompt=prompt, output=output, gold="9"))
    assert findings(Case(prompt=prompt, output=output, gold='{"answer": 12}'))
    assert findings(Case(prompt=prompt, output=output))
