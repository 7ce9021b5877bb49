"""Random tool-call tasks: correct calls in the syntaxes of models, or calls with a planted fault.

Does not import the analyst, so that its findings can be checked independently.
"""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

Arguments: TypeAlias = dict[str, Any]
Calls: TypeAlias = list[tuple[str, Arguments]]
Write: TypeAlias = Callable[[Calls], str]

RARE_SHARE: Final = 0.3
EVENLY: Final = 0.5
"""Probabilities of a variation; nothing was fitted to them."""

_S: Final = {"type": "string"}
_I: Final = {"type": "integer"}
_F: Final = {"type": "float"}
_B: Final = {"type": "boolean"}
_L: Final = {"type": "array", "items": {"type": "string"}}
_N: Final = {"type": "array", "items": {"type": "integer"}}
_O: Final = {"type": "dict", "properties": {"low": _I, "high": _I}}

TOOLS: Final[Mapping[str, tuple[Mapping[str, Any], tuple[str, ...]]]] = {
    "bakery.order_bread": ({"kind": _S, "loaves": _I, "sliced": _B}, ("kind", "loaves")),
    "ferry_times": ({"harbour": _S, "day": _S, "vehicles": _I}, ("harbour", "day")),
    "mix_paint": ({"colours": _L, "litres": _F, "glossy": _B}, ("colours", "litres")),
    "garden.water_beds": ({"beds": _N, "minutes": _I, "unit": _S}, ("beds", "minutes")),
    "find_cabins": ({"valley": _S, "price": _O, "beds": _I}, ("valley", "price")),
    "tune_piano": ({"pitch": _F, "room": _S}, ("pitch",)),
    "list_choirs": ({"town": _S, "voices": _L}, ("town",)),
    "library.renew": ({"card": _S, "books": _N, "remind": _B}, ("card", "books")),
}
_WORDS: Final = (
    "Oslo, Norway",
    "rye",
    "north pier",
    "2031-05-09",
    "Ms. Lund's",
    "blue",
    "kg (dry)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row and the fault planted in its output."""

    prompt: str
    output: str
    reference: str
    planted: str = ""
    """Kind of fault; empty if the answer is correct."""
    syntax: str = ""


def random_task(rng: random.Random, planted: str = "") -> Task:
    """A task with the given kind of fault in its output, or without a fault."""
    expected = _expected_calls(rng, several=planted == "count" or rng.random() < RARE_SHARE)
    offered = sorted({name for name, _ in expected} | set(rng.sample(sorted(TOOLS), 3)))
    syntax = rng.choice(sorted(SYNTAXES))
    task = Task(prompt="", output="", reference="", planted=planted, syntax=syntax)
    prompt = rng.choice(sorted(_PROMPTS))
    listed, reference = rng.choice(_REFERENCES)(expected)
    calls = _rephrased(rng, expected, listed=listed)
    calls, distort = _with_fault(rng, calls, planted)
    text = distort(SYNTAXES[syntax](calls))
    return replace(
        task, prompt=_PROMPTS[prompt](offered, expected), output=text, reference=reference
    )


def _expected_calls(rng: random.Random, *, several: bool) -> Calls:
    names = rng.sample(sorted(TOOLS), rng.choice((2, 3)) if several else 1)
    calls: Calls = []
    for name in names:
        parameters, required = TOOLS[name]
        kept = [key for key in parameters if key in required or rng.random() < EVENLY]
        calls.append((name, {key: _value(rng, parameters[key]) for key in kept}))
    return calls


def _value(rng: random.Random, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - data of any kind
    match schema["type"]:
        case "string":
            return rng.choice(_WORDS)
        case "integer":
            return rng.randint(2, 90)
        case "float":
            return rng.choice((0.5, 2.25, 440.0, -3.5))
        case "boolean":
            return rng.random() < EVENLY
        case "array":
            return [_value(rng, schema["items"]) for _ in range(rng.randint(2, 3))]
        case _:
            return {"low": rng.randint(1, 9), "high": rng.randint(10, 99)}


def _rephrased(rng: random.Random, expected: Calls, *, listed: bool) -> Calls:
    """The expected calls in another form: arguments reordered, optional ones omitted."""
    calls: Calls = []
    for name, arguments in expected:
        keys = [
            key
            for key in arguments
            if not (listed and key not in TOOLS[name][1] and rng.random() < RARE_SHARE)
        ]
        rng.shuffle(keys)
        calls.append((name, {key: arguments[key] for key in keys}))
    return rng.sample(calls, len(calls)) if listed else calls


def _with_fault(
    rng: random.Random, calls: Calls, planted: str
) -> tuple[Calls, Callable[[str], str]]:
    calls = [(name, dict(arguments)) for name, arguments in calls]
    place = rng.randrange(len(calls))
    name, arguments = calls[place]
    if planted in _TEXT_FAULTS:
        return calls, lambda text: _TEXT_FAULTS[planted](rng, text, name)
    if planted == "count":
        calls = calls[:-1] if rng.random() < EVENLY else [*calls, rng.choice(calls)]
    elif planted == "name":
        other = [n for n in TOOLS if n != name and n not in {m for m, _ in calls}]
        wrong = rng.choice([*other, f"{name}_now", name.rpartition(".")[2] + "s", "lookup"])
        calls[place] = (wrong, arguments)
    elif planted == "missing":
        del arguments[rng.choice(TOOLS[name][1])]
    elif planted == "extra":
        arguments[rng.choice(("verbose", "language", "note"))] = rng.choice(("en", True, 3))
    elif planted in {"type", "value"}:
        key = rng.choice(sorted(arguments))
        change = _wrong_type if planted == "type" else _wrong_value
        arguments[key] = change(rng, arguments[key])
    return calls, str


def _wrong_type(rng: random.Random, value: Any) -> Any:  # noqa: ANN401 - data of any kind
    if isinstance(value, str):
        return rng.choice(([value], len(value), {"value": value}))
    if isinstance(value, bool | int | float):
        return rng.choice((json.dumps(value), [value], f"{value} pieces"))
    if isinstance(value, list):
        return rng.choice((json.dumps(value), ", ".join(map(str, value)), value[0]))
    return rng.choice((json.dumps(value), list(value.values())))


def _wrong_value(rng: random.Random, value: Any) -> Any:  # noqa: ANN401 - data of any kind
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + rng.choice((1, 10, -1))
    if isinstance(value, str):
        return rng.choice([word for word in _WORDS if word != value] + [f"{value} today"])
    if isinstance(value, list):
        return rng.choice((value[:-1], [*value, _wrong_value(rng, value[0])]))
    return {**value, "low": value["low"] + 1}


def _no_call(rng: random.Random, text: str, name: str) -> str:
    del text
    return rng.choice(
        (
            "Could you tell me the day on which you would like to travel?",
            "I do not have the means to look that up, but the office may help you.",
            f"I would use the {name} tool for this. What is the number of your card?",
            "The ferry leaves at nine (from the north pier) and takes an hour.",
            "Sure. First I need a few details: 1. the town, 2. the day.",
        )
    )


def _breaks(rng: random.Random, text: str, name: str) -> str:
    del name
    kind = rng.choice(("cut", "bracket", "colon", "cut"))
    if kind == "cut":
        return text[: max(12, int(len(text) * rng.uniform(0.4, 0.8)))]
    marks = "=" if "(" in text and '": ' not in text else ":"
    target = marks if kind == "colon" else rng.choice((")", "}", "]"))
    place = text.find(target, len(text) // 3)
    place = place if place > 0 else len(text) - 1
    return text[:place] + (" " if kind == "colon" else "") + text[place + 1 :]


def _wraps(rng: random.Random, text: str, name: str) -> str:
    after = rng.choice(("", "\nThis will give you what you asked for."))
    return f"To answer this, the function {name.replace('.', ' ')} is the right one:\n{text}{after}"


_TEXT_FAULTS: Final = {"none": _no_call, "broken": _breaks, "wrapped": _wraps}


def _python(call: tuple[str, Arguments]) -> str:
    return f"{call[0]}({', '.join(f'{key}={value!r}' for key, value in call[1].items())})"


def _named(call: tuple[str, Arguments], key: str = "arguments") -> Arguments:
    return {"name": call[0], key: call[1]}


def _tags(call: tuple[str, Arguments], *, invoke: bool) -> str:
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in call[1].items()}
    if invoke:
        inner = "".join(f'<parameter name="{k}">{v}</parameter>\n' for k, v in texts.items())
        return f'<invoke name="{call[0]}">\n{inner}</invoke>'
    inner = "".join(f"<parameter={k}>\n{v}\n</parameter>\n" for k, v in texts.items())
    return f"<tool_call>\n<function={call[0]}>\n{inner}</function>\n</tool_call>"


def _openai(calls: Calls) -> str:
    messages = [
        {"id": f"c{n}", "type": "function", "function": {"name": f, "arguments": json.dumps(a)}}
        for n, (f, a) in enumerate(calls)
    ]
    return json.dumps({"role": "assistant", "content": None, "tool_calls": messages})


SYNTAXES: Final[Mapping[str, Write]] = {
    "json list": lambda calls: json.dumps([_named(call) for call in calls], indent=1),
    "json parameters": lambda calls: "\n".join(json.dumps(_named(c, "parameters")) for c in calls),
    "openai": _openai,
    "keyed": lambda calls: json.dumps([{name: arguments} for name, arguments in calls]),
    "keyed text": lambda calls: json.dumps(
        [{name: json.dumps(arguments)} for name, arguments in calls]
    ),
    "python list": lambda calls: f"[{', '.join(map(_python, calls))}]",
    "python bare": lambda calls: ", ".join(map(_python, calls)),
    "python fence": lambda calls: "```python\n" + "\n".join(map(_python, calls)) + "\n```",
    "json fence": lambda calls: f"```json\n{json.dumps([_named(c) for c in calls])}\n```",
    "tool_call": lambda calls: "\n".join(
        f"<tool_call>\n{json.dumps(_named(c))}\n</tool_call>" for c in calls
    ),
    "function=": lambda calls: "\n".join(_tags(c, invoke=False) for c in calls),
    "invoke": lambda calls: (
        "I look that up.\n<function_calls>\n"
        + "\n".join(_tags(c, invoke=True) for c in calls)
        + "\n</function_calls>"
    ),
    "python_tag": lambda calls: (
        "<|python_tag|>"
        + "; ".join(json.dumps(_named(c, "parameters")) for c in calls)
        + "<|eom_id|>"
    ),
    "TOOL_CALLS": lambda calls: f"[TOOL_CALLS] {json.dumps([_named(c) for c in calls])}",
    "react": lambda calls: "\n".join(
        f"Thought: next.\nAction: {name}\nAction Input: {json.dumps(arguments)}"
        for name, arguments in calls
    ),
    "functions:0": lambda calls: "".join(
        f"<|tool_call_begin|>functions.{name}:{n}<|tool_call_argument_begin|>{json.dumps(arguments)}"
        "<|tool_call_end|>"
        for n, (name, arguments) in enumerate(calls)
    ),
    "thought": lambda calls: (
        f"<think>maybe ferry_times(day='x')? no.</think>\n[{', '.join(map(_python, calls))}]"
    ),
}
TAGGED: Final = ("function=", "invoke")
"""Syntaxes in which all values are text and whose closing tags are optional."""
PLAIN: Final = ("json list", "json parameters", "keyed", "python list", "python bare", "json fence")
"""Syntaxes in which a sentence around the call violates the form."""


def _listed(calls: Calls) -> tuple[bool, str]:
    """Allowed values as lists; an empty text means that the argument may be omitted."""
    references = [
        {n: {k: [v] if k in TOOLS[n][1] else [v, ""] for k, v in arguments.items()}}
        for n, arguments in calls
    ]
    return True, json.dumps(references)


_REFERENCES: Final[Sequence[Callable[[Calls], tuple[bool, str]]]] = (
    _listed,
    _listed,
    lambda calls: (False, f"[{', '.join(map(_python, calls))}]"),
    lambda calls: (False, json.dumps([_named(call) for call in calls])),
)


def _schema(name: str) -> Arguments:
    parameters, required = TOOLS[name]
    properties = {
        key: {**schema, "description": f"The {key}."} for key, schema in parameters.items()
    }
    return {
        "name": name,
        "description": "Does what its name says.",
        "parameters": {"type": "dict", "properties": properties, "required": list(required)},
    }


def _question(expected: Calls) -> str:
    things = "; ".join(
        f"{n}: {', '.join(map(str, arguments.values()))}" for n, arguments in expected
    )
    return f"Please see to this for me, all of it: {things}"


_PROMPTS: Final[Mapping[str, Callable[[Sequence[str], Calls], str]]] = {
    "json": lambda names, expected: (
        f"You may call these functions: {json.dumps([_schema(n) for n in names])}\n\n"
        f"Question: {_question(expected)}"
    ),
    "openai": lambda names, expected: (
        _question(expected)
        + "\n<tools>\n"
        + "\n".join(json.dumps({"type": "function", "function": _schema(n)}) for n in names)
        + "\n</tools>"
    ),
    "python": lambda names, expected: (
        f"{_question(expected)}\nTools: {[_schema(name) for name in names]!r}"
    ),
    "question only": lambda names, expected: _question(expected),  # noqa: ARG005
}
