"""Tool calls in the syntaxes of models, malformed calls and hostile texts."""

import time

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.tool_calls.faults import find_fault
from error_map.analysts.offline.tool_calls.parsed import form_of, parse_calls
from error_map.analysts.offline.tool_calls.syntax import Untyped

NAMES = {"mill_grind", "weigh"}
ARGUMENTS = {"sort": "rye", "kilos": 3}


@pytest.mark.parametrize(
    "output",
    [
        '{"name": "mill.grind", "arguments": {"sort": "rye", "kilos": 3}}',
        '{"name": "mill.grind", "parameters": {"sort": "rye", "kilos": 3}}',
        '{"tool": "mill.grind", "tool_input": {"sort": "rye", "kilos": 3}}',
        '{"name": "mill.grind", "sort": "rye", "kilos": 3}',
        (
            '{"tool_calls": [{"id": "1", "type": "function", "function":'
            ' {"name": "mill_grind", "arguments": "{\\"sort\\": \\"rye\\", \\"kilos\\": 3}"}}]}'
        ),
        '[{"mill.grind": {"sort": "rye", "kilos": 3}}]',
        '[{"mill_grind": "{\\"sort\\": \\"rye\\", \\"kilos\\": 3}"}]',
        "[{'name': 'mill.grind', 'arguments': {'sort': 'rye', 'kilos': 3}}]",
        "[mill.grind(sort='rye', kilos=3)]",
        "mill.grind(kilos=3, sort='rye')",
        "mill.grind({'sort': 'rye', 'kilos': 3})",
        "mill.grind(**{'sort': 'rye', 'kilos': 3})",
        "[\"mill.grind(sort='rye', kilos=3)\"]",
        "```python\nmill.grind(sort='rye', kilos=3)\n```",
        "```tool_code\nprint(mill.grind(sort='rye', kilos=3))\n```",
        "<think>weigh(kilos=9)?</think>\nmill.grind(sort='rye', kilos=3)",
        'I grind it: {"name": "mill.grind", "arguments": {"sort": "rye", "kilos": 3}} Done.',
        "I call mill.grind(sort='rye', kilos=3) for (very) fine flour.",
        'mill.grind: {"sort": "rye", "kilos": 3}',
        '<tool_call>{"name": "mill.grind", "arguments": {"sort": "rye", "kilos": 3}}</tool_call>',
        (
            "<tool_call>mill.grind\n<arg_key>sort</arg_key>\n<arg_value>rye</arg_value>\n"
            "<arg_key>kilos</arg_key>\n<arg_value>3</arg_value>\n</tool_call>"
        ),
        (
            "<tool_call>\n<function=mill.grind>\n<parameter=sort>\nrye\n</parameter>\n"
            "<parameter=kilos>\n3\n</parameter>\n</function>\n</tool_call>"
        ),
        '<function=mill.grind>{"sort": "rye", "kilos": 3}</function>',
        (
            '<function_calls><invoke name="mill.grind"><parameter name="sort">rye</parameter>'
            '<parameter name="kilos">3</parameter></invoke></function_calls>'
        ),
        (
            "<invoke><tool_name>mill.grind</tool_name><parameters><sort>rye</sort><kilos>3</kilos>"
            "</parameters></invoke>"
        ),
        '<|python_tag|>{"name": "mill.grind", "parameters": {"sort": "rye", "kilos": 3}}<|eom_id|>',
        '[TOOL_CALLS] [{"name": "mill.grind", "arguments": {"sort": "rye", "kilos": 3}}]',
        '[TOOL_CALLS]mill.grind[ARGS]{"sort": "rye", "kilos": 3}',
        (
            "<|tool_call_begin|>functions.mill.grind:0<|tool_call_argument_begin|>"
            '{"sort": "rye", "kilos": 3}<|tool_call_end|>'
        ),
        'Thought: grind.\nAction: mill.grind\nAction Input: {"sort": "rye", "kilos": 3}',
        "Thought: grind.\nAction: mill.grind(sort='rye', kilos=3)",
        '✿FUNCTION✿: mill.grind\n✿ARGS✿: {"sort": "rye", "kilos": 3}',
        "[mill\\_grind(sort='rye', kilos=3)]",
        "['mill.grind', {'sort': 'rye', 'kilos': 3}]",
        (
            "[ChatCompletionMessageToolCall(id='c', function=Function(arguments="
            "'{\"sort\":\"rye\",\"kilos\":3}', name='mill_grind'), type='function')]"
        ),
        (
            "ChatCompletionMessage(content=None, function_call=None, tool_calls="
            "[ChatCompletionMessageToolCall(id='c', function=Function(name='mill_grind', arguments="
            '\'{"sort":"rye","kilos":3}\'))])'
        ),
        (
            "content=None role='assistant' tool_calls=[ChatCompletionMessageToolCall(function="
            'Function(arguments=\'{"sort": "rye", "kilos": 3}\', name=\'mill.grind\'))]'
        ),
        (
            "[TextBlock(text='I grind it.', type='text'), ToolUseBlock(id='t', name='mill_grind',"
            " input={'sort': 'rye', 'kilos': 3}, type='tool_use')]"
        ),
        "FunctionCall(id=None, args={'sort': 'rye', 'kilos': 3}, name='mill_grind')",
        (
            '[{"type": "text", "text": "So:"}, {"type": "tool_use", "id": "t", "name":'
            ' "mill_grind", "input": {"sort": "rye", "kilos": 3}}]'
        ),
        "```python\nsort = 'rye'\nkilos = 3\nprint(mill_grind(sort=sort, kilos=kilos))\n```",
        "```python\nsack = {'sort': 'rye', 'kilos': 3}\nresult = mill_grind(sack)\n```",
        "[mill.grind(sort='rye', kilos=3)]\n\n### Instruction:\nWeigh it: weigh(kilos=4)",
    ],
)
def test_the_usual_syntaxes_of_models_mean_the_same_call(output: str) -> None:
    parsed = parse_calls(output, NAMES)

    assert not parsed.error
    assert len(parsed.calls) == 1
    call = parsed.calls[0]
    given = dict(call.arguments) or call.positional[0]
    assert isinstance(given, dict)
    assert call.name.replace(".", "_") == "mill_grind"
    texts = {key: v.text if isinstance(v, Untyped) else str(v) for key, v in given.items()}
    assert texts == {"sort": "rye", "kilos": "3"}
    assert 0 <= call.start < call.end <= len(output)


@pytest.mark.parametrize(
    "output",
    [
        "Which sort shall I grind?",
        "The mill grinds (slowly) and f(x) = 2x holds.",
        "{}",
        "[1, 2, 3]",
        '{"role": "assistant", "content": "Which sort?", "tool_calls": null}',
        "",
    ],
)
def test_text_without_a_call_has_none(output: str) -> None:
    parsed = parse_calls(output, NAMES)

    assert parsed.calls == ()
    assert not parsed.error


@pytest.mark.parametrize(
    "output",
    [
        "[mill.grind(sort='rye', kilos=3",
        "mill.grind(sort 'rye')",
        '{"name": "mill.grind", "arguments": {"sort": "rye", "kilos": }}',
        '<tool_call>\n{"name": "mill.grind", "arguments": {"sort": "rye"\n</tool_call>',
        "<tool_call>",
        "<function=mill.grind>\n<parameter=sort>\nrye",
        "Action: mill.grind\nAction Input: {'sort': ",
        "[mill.grind(sort='rye'), weigh(kil",
        '[{"mill.grind": "{\\"sort\\": "}]',
        "[mill.gri",
        "['mill.grind'(sort='rye')]",
        "[mill.grind(sort='rye', sort='oats')]",
    ],
)
def test_a_call_that_is_begun_and_not_well_formed_is_broken(output: str) -> None:
    assert parse_calls(output, NAMES).error


@pytest.mark.parametrize(
    ("output", "form"),
    [
        ("[weigh(kilos=1)]", "[f(…)]"),
        ("weigh(kilos=1)", "f(…)"),
        ("```\n[weigh(kilos=1)]\n```", "[f(…)] in a code fence"),
        ("That is easily done: weigh(kilos=1)", "f(…) within other text"),
        ('[{"weigh": {"kilos": 1}}]', '[{"f": {…}}]'),
        (
            '[{"name": "weigh", "parameters": {"kilos": 1}}]',
            '[{"name": "f", "parameters": {…}}]',
        ),
        ('<tool_call>{"name": "weigh", "arguments": {}}</tool_call>', "<tool_call …"),
        ("Function(name='weigh', arguments='{}')", "Function(…)"),
    ],
)
def test_the_form_of_calls_tells_how_they_are_written(output: str, form: str) -> None:
    assert form_of(parse_calls(output, NAMES)) == form


def test_escaped_underscores_keep_the_places_of_calls() -> None:
    output = "So: mill\\_grind(sort='rye\\_flour') and then weigh(kilos=1)"

    first, second = parse_calls(output, NAMES).calls

    assert output[first.start : first.end] == "mill\\_grind(sort='rye\\_flour')"
    assert output[second.start : second.end] == "weigh(kilos=1)"


def test_definitions_in_a_program_are_no_calls() -> None:
    output = "Here it is:\ndef weigh(kilos=1):\n    return kilos\nclass mill_grind(sort=1): ..."

    assert parse_calls(output, NAMES).calls == ()


def test_several_calls_are_read_in_their_order() -> None:
    output = "weigh(kilos=1)\nmill.grind(sort='oats'); weigh(kilos=2)"

    parsed = parse_calls(output, NAMES)

    assert [call.name for call in parsed.calls] == ["weigh", "mill.grind", "weigh"]
    assert output[parsed.calls[0].start : parsed.calls[0].end] == "weigh(kilos=1)"


@pytest.mark.parametrize(
    "text",
    [
        "=" * 10_000_000,
        "[" * 1_000_000,
        '{"name":' * 50_000,
        "weigh(" * 50_000,
        "f(" * 100_000,
        "weigh(kilos=" * 20_000,
        "[" + "1," * 500_000,
        "[" + "weigh(kilos=1)," * 50_000,
        "weigh(kilos='" + "\\" * 200_001,
        "weigh(kilos=" + "9" * 1_000_000 + ")",
        "<tool_call>" * 50_000,
        "<function=a>" * 30_000,
        "Action: x\n" * 50_000,
        "<tool_name>x</tool_name>" + "<a>" * 30_000,
        "def f(" * 50_000,
        '{"type" ' * 30_000,
        "\ud800" * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_costs_little_wherever_it_stands(text: str) -> None:
    offer = '{"name": "weigh", "parameters": {"type": "object", "properties": {"kilos": {}}}}'
    reference = '[{"weigh": {"kilos": [1]}}]'
    cases = [
        Case(prompt=offer, output=text, reference=reference),
        Case(prompt=text, output="weigh(kilos=1)", reference=reference),
        Case(prompt=offer, output="weigh(kilos=1)", reference=text),
    ]

    start = time.process_time()
    for case in cases:
        find_fault(case)

    assert time.process_time() - start < 3 * 0.25  # 50 ms each, and slow machines
