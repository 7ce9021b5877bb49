"""Detectors of tool calls: one finding per output, with the expected call in its summary."""

import json

import pytest

from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detection
from error_map.analysts.offline.registry import detectors

GRIND = {
    "name": "mill.grind",
    "description": "Grinds corn.",
    "parameters": {
        "type": "dict",
        "properties": {
            "sort": {"type": "string"},
            "kilos": {"type": "integer"},
            "sieves": {"type": "array", "items": {"type": "integer"}},
            "fineness": {"type": "float"},
            "note": {"type": "string", "default": ""},
        },
        "required": ["sort", "kilos"],
    },
}
WEIGH = {
    "name": "weigh",
    "description": "Weighs a sack.",
    "parameters": {
        "type": "dict",
        "properties": {"sack": {"type": "string"}},
        "required": ["sack"],
    },
}
PROMPT = f"Functions: {json.dumps([GRIND, WEIGH])}\n\nGrind three kilos of rye, please."
LISTED = json.dumps(
    [
        {
            "mill.grind": {
                "sort": ["rye", "winter rye"],
                "kilos": [3],
                "sieves": [[1, 2], ""],
                "fineness": [0.5, 1.0, ""],
            }
        }
    ]
)
EXACT = "[mill.grind(sort='Winter rye', kilos=3)]"
TWO = "[mill.grind(sort='rye', kilos=3), weigh(sack='A')]"


def found(
    output: str,
    reference: str | None = LISTED,
    *,
    prompt: str = PROMPT,
    correct: tuple[str, ...] = (),
    referenced: bool = False,
    profile: Profile | None = None,
) -> dict[str, Detection]:
    """Signs of all tool-call detectors, by name without the common beginning."""
    case = Case(
        prompt=prompt,
        output=output,
        reference=reference,
        correct_outputs=correct,
        profile=profile or Profile(rows=40 if referenced else 0),
    )
    mine = [detector for detector in detectors() if detector.name.startswith("tool_call_")]
    detections = {detector.name[10:]: detector.detect(case) for detector in mine}
    return {name: detection for name, detection in detections.items() if detection}


@pytest.mark.parametrize(
    ("output", "detector", "phrase"),
    [
        ("Which mill do you mean?", "none", "asks a question"),
        ("I would use mill.grind for that.", "none", "makes no call"),
        ("[]", "none", "mill.grind"),
        ("[mill.grind(sort='rye', kilos=3", "broken", "mill.grind"),
        ("['mill.grind(sort=winter rye, kilos=3)']", "broken", "',' expected"),
        ("['weigh(sack=\"A\")', 'mill.grind(sort=winter rye, kilos=3)']", "broken", "',' expected"),
        ("So I call 'mill.grind(sort=\"rye\", kilos=3)'.", "broken", "in quotation marks, with"),
        ("So I call 'mill.grind(sort=winter rye, kilos=3)'.", "broken", "',' expected"),
        ("Here:\n['mill.grind', {'sort': 'rye', 'kilos': 3}]", "broken", "name 'mill.grind' of"),
        ("['mill.grind', '(sort=\"rye\", kilos=3)']", "broken", "name 'mill.grind' of"),
        ("['mill.grind', 'sort=rye', 'kilos=3']", "broken", "name 'mill.grind' of"),
        ("The function 'mill.grind' needs a 'sort', as in 'f(sort=1)'.", "none", "makes no call"),
        ("I would use 'mill.grind()' for that.", "none", "makes no call"),
        (
            "mill.grind(sort='rye', kilos=3), weigh(sack='A')",
            "count",
            "expects 1 call, the output makes 2: weigh(sack='A') is not expected.",
        ),
        ("mill.grind(kilos=3)", "missing_argument", "without sort; expected 'rye' or"),
        ("mill.grind(sort='rye', kilos=3, sieves=None)", "argument_type", "or be left out"),
        ("mill.grind(sort=\"'rye'\", kilos=3)", "spelling", "only in case, spaces or punct"),
        ("mill.crush(sort='rye', kilos=3)", "name", "not among the functions offered"),
        ("weigh(sack='rye')", "name", "instead of mill.grind"),
        ("[{'crush': {'sort': 'rye', 'kilos': 3}}]", "name", "crush"),
        ("mill.grind(sort='rye')", "missing_argument", "without kilos; expected 3"),
        ("mill.grind(sort='rye', kilos=3, speed=2)", "extra_argument", "no such parameter"),
        ("mill.grind(sort='rye', kilos=3, note='hi')", "extra_argument", "does not set it"),
        ("mill.grind(sort='rye', kilos='3')", "argument_type", "the text '3', but must be of"),
        ("mill.grind(sort='rye', kilos=3.0)", "argument_type", "integer"),
        ("mill.grind(sort='rye', kilos=3, sieves=['1', '2'])", "argument_type", "list of integer"),
        ("mill.grind(sort=['rye'], kilos=3)", "argument_type", "string"),
        ("mill.grind(sort='rye', kilos=true)", "argument_type", "integer"),
        ("mill.grind(sort='oats', kilos=3)", "argument_value", "'oats', expected 'rye' or"),
        ("mill.grind(sort='rye', kilos=3, sieves=[1, 2, 3])", "argument_value", "sieves"),
        ("mill.grind(sort='rye', kilos=1 + 1)", "argument_value", "1 + 1"),
        (
            'The right one is:\n{"name": "mill.grind", "arguments": {"sort": "rye", "kilos": 3}}',
            "wrapped",
            "as expected",
        ),
    ],
)
def test_one_fault_is_found_and_reported_with_the_expected_call(
    output: str, detector: str, phrase: str
) -> None:
    detections = found(output)

    assert list(detections) == [detector]
    assert phrase in detections[detector].summary
    assert all(0 <= start < end <= len(output) for start, end in detections[detector].spans)


@pytest.mark.parametrize(
    "output",
    [
        "[mill.grind(sort='rye', kilos=3)]",
        "[mill.grind(kilos=3, sort='Winter Rye')]",
        "[mill_grind('rye', 3)]",
        "[mill.grind(sort=rye, kilos=3, sieves=(1, 2), fineness=1)]",
        "[mill.grind(sort='rye', kilos=3, note='')]",
        '[{"mill_grind": "{\\"sort\\": \\"rye\\", \\"kilos\\": 3}"}]',
        '<tool_call>{"name": "mill.grind", "arguments": {"sort": "rye", "kilos": 3}}</tool_call>',
        (
            'First I grind.\n<tool_call>{"name": "mill.grind", "arguments":'
            ' {"sort": "rye", "kilos": 3}}</tool_call>'
        ),
        '```json\n{"name": "mill.grind", "arguments": {"sort": "winter rye", "kilos": 3}}\n```',
    ],
)
def test_right_calls_in_any_form_are_silent(output: str) -> None:
    assert found(output) == {}


def test_structure_comes_before_content() -> None:
    both = found("mill.grind(sort='oats', speed=2)")

    assert list(both) == ["missing_argument"]


def test_parallel_calls_may_come_in_any_order() -> None:
    assert found("[weigh(sack='A'), mill.grind(sort='rye', kilos=3)]", TWO) == {}


def test_order_counts_if_the_prompt_prescribes_a_sequence() -> None:
    prompt = f"{PROMPT} First grind it and then weigh the sack."

    detections = found("[weigh(sack='A'), mill.grind(sort='rye', kilos=3)]", TWO, prompt=prompt)

    assert list(detections) == ["order"]


def test_each_of_several_calls_is_compared_with_the_most_similar_one() -> None:
    detections = found("[weigh(sack='B'), mill.grind(sort='rye', kilos=3)]", TWO)

    assert list(detections) == ["argument_value"]
    assert detections["argument_value"].summary == "weigh: sack is 'B', expected 'A'."


def test_spelling_is_a_finding_of_its_own_where_a_reference_gives_one_value() -> None:
    detections = found("mill.grind(sort='winter-rye', kilos=3)", EXACT)

    assert list(detections) == ["spelling"]
    assert "only in case, spaces or punctuation" in detections["spelling"].summary


def test_a_difference_of_a_correct_answer_is_no_fault() -> None:
    wrong = "mill.grind(sort='winter crop', kilos=3)"

    assert list(found(wrong)) == ["argument_value"]
    assert found(wrong, correct=("[mill.grind(sort='winter crop', kilos=3)]",)) == {}


def test_nested_values_are_named_by_their_path() -> None:
    reference = '{"name": "weigh", "arguments": {"sack": [{"id": 1, "kilos": 5}]}}'

    detections = found('weigh(sack=[{"id": 1, "kilos": 6}])', reference, prompt="Weigh sack 1.")

    assert detections["argument_value"].summary == "weigh: sack[0].kilos is 6, expected 5."


@pytest.mark.parametrize("reference", ["[]", "No function call is needed."])
def test_a_call_is_needless_if_none_is_expected(reference: str) -> None:
    assert list(found("[weigh(sack='A')]", reference)) == ["needless"]
    assert found("There is no tool for that.", reference) == {}


def test_without_a_reference_calls_are_checked_by_schema() -> None:
    assert list(found("[sift(sack='A')]", None)) == ["name"]
    assert list(found("[weigh()]", None)) == ["missing_argument"]
    assert list(found("[weigh(sack=4)]", None)) == ["argument_type"]
    assert list(found("[weigh(sack='A', speed=1)]", None)) == ["extra_argument"]
    assert found("[weigh(sack='A')]", None) == {}
    assert found("Nothing to weigh here.", None) == {}


def test_without_a_reference_peers_show_whether_a_call_is_expected() -> None:
    call = "[weigh(sack='A')]"

    assert list(found("Nothing to weigh.", None, correct=(call,))) == ["none"]
    assert list(found(call, None, correct=("Nothing to weigh.",))) == ["needless"]
    assert list(found(call, None, referenced=True)) == ["needless"]


@pytest.mark.parametrize(
    ("prompt", "reference", "output"),
    [
        ("What is 2 + 2?", "4", "5"),
        ("Solve for f.", "f(x) = 2x + 1", "f(x) = 3x"),
        ("Where is it?", "Paris (France)", "Lyon (France)"),
        ("Give the pair.", "[1, 2]", "[1, 3]"),
        ("Extract as JSON.", '{"person": {"name": "Ann", "age": 4}}', '{"person": {}}'),
        ("What does print(p) show?\nclass P: ...", "P(x=1)", "P(x=2)"),
        ("What is C(5, 2)?", "C(5, 2)", "C(5, 3)"),
        (f"{PROMPT} What do you say?", "Good morning.", "weigh(sack='A')"),
    ],
)
def test_other_tasks_have_no_findings(prompt: str, reference: str, output: str) -> None:
    assert found(output, reference, prompt=prompt) == {}


TRACE = """[user]: Please cancel my order of flour.
[assistant]:
  -> call find_order({"customer": "ann"})
[tool find_order]: {"order": 7}
[assistant]:
  -> call cancel_order({"order": %s})
[tool cancel_order]: done
"""
DIALOGUE = '{"expected_actions": [{"name": "cancel_order", "kwargs": {"order": 7}}]}'


def test_in_a_dialogue_only_calls_that_change_something_count() -> None:
    assert found(TRACE % 7, DIALOGUE) == {}
    assert list(found(TRACE % 8, DIALOGUE)) == ["argument_value"]
    assert list(found(TRACE.replace("cancel_order", "send_gift") % 7, DIALOGUE)) == ["needless"]
    assert list(found(TRACE.partition("[tool find")[0] + "[tool find_order]: no", DIALOGUE)) == [
        "count"
    ]


def test_a_call_of_a_dialogue_that_fails_changes_nothing() -> None:
    failing = TRACE.replace("done", "Error: the order is not yours")

    assert found((TRACE % 7) + (failing % 8), DIALOGUE) == {}
    assert found((TRACE % 7) + (failing.replace("cancel_order", "send_gift") % 7), DIALOGUE) == {}
    assert summary(failing % 7, DIALOGUE) == (
        "The output makes no call of cancel_order that succeeds."
    )


def test_in_a_dialogue_only_the_calls_that_were_not_made_are_missing() -> None:
    both = DIALOGUE.replace("]}", ', {"name": "cancel_order", "kwargs": {"order": 9}}]}')

    assert summary(TRACE % 7, both) == (
        "The task expects 2 calls of cancel_order, the output makes 1: cancel_order(order=9) is"
        " missing."
    )


def test_further_keys_of_an_object_do_not_count_in_a_dialogue() -> None:
    trace = TRACE.replace("%s", '{"id": 7, "town": "Oslo"}')
    reference = DIALOGUE.replace('"order": 7', '"order": {"id": 7}')

    assert found(trace, reference) == {}
    assert list(found(trace.replace("7", "8"), reference)) == ["argument_value"]


def test_in_a_dialogue_without_a_reference_nothing_is_certain() -> None:
    offer = f"Functions: {json.dumps([WEIGH])}"
    trace = "[assistant]: weigh(sacks='A')\n[tool weigh]: Error\n[assistant]: weigh(sack='A')\n"

    assert found(trace + "[tool weigh]: 3 kilos", None, prompt=offer) == {}


@pytest.mark.parametrize(
    "offer",
    [
        json.dumps({"type": "function", "function": WEIGH}),
        repr([WEIGH]),
        'def weigh(sack: str, scale: str = "big"):\n    """Weighs a sack."""',
        (
            '{"name": "weigh", "description": "Weighs.", "parameters": {"sack": {"type": "str",'
            ' "description": "Which."}}}'
        ),
        (
            '{"name": "weigh", "required_parameters": [{"name": "sack", "type": "STRING"}],'
            ' "optional_parameters": []}'
        ),
    ],
)
def test_tools_are_read_in_the_forms_in_which_prompts_offer_them(offer: str) -> None:
    detections = found("weigh('A', 'B', 'C')", "weigh(sack='A')", prompt=f"{offer}\nWeigh sack A.")
    right = found("weigh('A')", "weigh(sack='A')", prompt=f"{offer}\nWeigh sack A.")

    assert list(detections) == ["extra_argument"]
    assert right == {}


def offering(*names: str, **types: str) -> str:
    """A prompt that offers functions with the same parameters, none of them required."""
    properties = {name: {"type": kind} for name, kind in types.items()}
    parameters = {"type": "dict", "properties": properties, "required": []}
    tools = [{"name": name, "parameters": parameters} for name in names]
    return f"Question: do it\n\nAvailable functions (JSON):\n{json.dumps(tools)}"


def summary(output: str, reference: str, prompt: str = "") -> str:
    """The summary of the only finding."""
    (detection,) = found(output, reference, prompt=prompt).values()
    return detection.summary


def test_the_printed_object_of_an_sdk_is_the_call_that_it_describes() -> None:
    output = (
        "[ChatCompletionMessageToolCall(id='c', function=Function(arguments="
        "'{\"base\":10,\"height\":7}', name='triangle_area'), type='function')]"
    )
    reference = '{"triangle_area": {"base": [10], "height": [5]}}'

    assert summary(output, reference) == "triangle_area: height is 7, expected 5."
    assert found(output.replace("7", "5"), reference, prompt="") == {}


CONVERTED = json.dumps(
    {
        "convert_unit": {
            "value": [24.0],
            "source": ["in", "inch", "inches"],
            "target": ["cm"],
        },
        "list_traits": {"hobby": ["painting"], "how_many": [5, ""]},
    }
)


def test_alternatives_in_lists_are_all_right_and_an_empty_one_may_be_left_out() -> None:
    prompt = offering("convert_unit", value="float", source="string", target="string") + offering(
        "list_traits", hobby="string", how_many="integer"
    )
    right = "[convert_unit(value=24, source='inch', target='cm'), list_traits(hobby='painting')]"

    assert found(right, CONVERTED, prompt=prompt) == {}
    assert summary(right.replace("inch", "foot"), CONVERTED, prompt) == (
        "convert_unit: source is 'foot', expected 'in' or 'inch' or 'inches'."
    )


def test_calls_numbered_in_the_reference_are_counted() -> None:
    prompt = offering("geometry.hypot", x="integer", y="integer")
    reference = json.dumps({f"geometry.hypot_{n}": {"x": [3 * n], "y": [4 * n]} for n in (1, 2, 3)})
    two = "geometry.hypot(x=3, y=4), geometry.hypot(x=6, y=8)"

    assert summary(f"[{two}]", reference, prompt) == (
        "The task expects 3 calls of geometry.hypot, the output makes 2: geometry.hypot(x=9, y=12)"
        " is missing."
    )
    assert found(f"[{two}, geometry.hypot(x=9, y=12)]", reference, prompt=prompt) == {}


def test_a_refusal_quoted_in_an_argument_is_no_fault_of_the_call() -> None:
    output = 'send_reply(text="I cannot answer the phone now.")'

    assert found(output, output, prompt="") == {}


def test_a_list_is_no_call_where_the_reference_is_an_empty_list() -> None:
    assert found("[1, 2, 2]", "[]") == {}
    assert found("[1, 2, 2]", "[]", prompt="def halves(items: list) -> list:") == {}
    assert list(found("[]", LISTED)) == ["none"]


def test_allowed_values_within_objects_are_named_one_by_one() -> None:
    reference = '{"weigh": {"sack": [{"sort": ["rye", "winter rye"], "wet": ["", true]}]}}'

    assert summary("weigh(sack={'sort': 'oats'})", reference) == (
        "weigh: sack.sort is 'oats', expected 'rye' or 'winter rye'."
    )
    assert found("weigh(sack={'sort': 'Winter-Rye'})", reference, prompt="") == {}


def test_integers_in_a_list_of_floats_are_of_the_wrong_type_for_listed_values() -> None:
    tool = {
        "name": "mean",
        "parameters": {
            "type": "dict",
            "properties": {"of": {"type": "array", "items": {"type": "float"}}},
            "required": ["of"],
        },
    }
    prompt = json.dumps([tool])

    assert "floats such as 2.0" in summary(
        "mean(of=[1, 2])", '{"mean": {"of": [[1.0, 2.0]]}}', prompt
    )
    assert found("mean(of=[1.0, 2.0])", '{"mean": {"of": [[1.0, 2.0]]}}', prompt=prompt) == {}
    assert found("mean(of=[1, 2])", "mean(of=[1.0, 2.0])", prompt=prompt) == {}


@pytest.mark.parametrize("kind", ["HashMap", "Boolean", "any"])
def test_values_of_java_and_javascript_may_be_written_as_text(kind: str) -> None:
    prompt = offering("Mill.grind", options=kind, kilos="integer", wet="boolean")
    reference = '{"Mill.grind": {"options": ["opts"], "kilos": [3], "wet": [true]}}'

    assert (
        found("[Mill.grind(options=\"'opts'\", kilos='3', wet='true')]", reference, prompt=prompt)
        == {}
    )
    assert list(
        found("[Mill.grind(options='opts', kilos='4', wet='true')]", reference, prompt=prompt)
    )


def test_text_behind_right_calls_that_shows_more_calls_does_not_change_their_number() -> None:
    right = "[mill.grind(sort='rye', kilos=3)]"
    further = "\n\nYou could also write mill.grind(sort='oats', kilos=4) in other words."

    assert list(found(right + further)) == ["wrapped"]
    assert list(found(right.replace("3", "4") + further)) == ["argument_value"]
    assert list(found(f"{right}\n\nIn words: {right} grinds three kilos of rye.")) == ["wrapped"]


def test_a_call_that_only_explains_is_not_needless() -> None:
    text = "None of them can do this. With a sack one would call weigh(sack='A') instead."

    assert found(text, "[]") == {}
    assert found("[no_function()]", "[]") == {}


def test_a_function_is_the_same_with_its_namespace() -> None:
    prompt = offering("restaurant.find", town="string")
    reference = '{"find": {"town": ["Oslo"]}}'

    assert found("[restaurant.find(town='Oslo')]", reference, prompt=prompt) == {}
    assert list(found("[lookup(town='Oslo')]", reference, prompt=prompt)) == ["name"]


JSON_FORM = '[{"name": "mill.grind", "parameters": {"sort": "rye", "kilos": 3}}]'


def test_a_form_in_which_no_right_call_passed_is_the_cause() -> None:
    rejected = ('[{"name": "f", "parameters": {…}}]',)
    profile = Profile(rejected_call_forms=rejected, usual_call_form="[f(…)]")

    detections = found(JSON_FORM, profile=profile)

    assert list(detections) == ["form"]
    assert "most that passed are written as [f(…)]" in detections["form"].summary
    assert found("[mill.grind(sort='rye', kilos=3)]", profile=profile) == {}
    assert found(JSON_FORM) == {}


def test_a_difference_that_the_scorer_accepts_is_no_fault() -> None:
    as_text = "[mill.grind(sort='rye', kilos='3')]"

    assert found(as_text, profile=Profile(call_leniencies=("text",))) == {}
    assert list(found(as_text, profile=Profile(call_leniencies=("wrapped",)))) == ["argument_type"]
