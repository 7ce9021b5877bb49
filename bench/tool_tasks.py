"""Made-up tool-call tasks: right calls in the syntaxes of models, and calls with a planted fault.

Writes text only and knows nothing of the analyst, so that what it finds can be held against it.
"""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

Arguments: TypeAlias = dict[str, Any]
Made: TypeAlias = list[tuple[str, Arguments]]
Write: TypeAlias = Callable[[Made], str]

THRESHOLDS: Final = 0.3
EVENLY: Final = 0.5

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
    """One row, and what was planted in its output."""

    prompt: str
    output: str
    reference: str
    planted: str = ""
    """Kind of fault; empty where the answer is right."""
    syntax: str = ""


def a_task(rng: random.Random, planted: str = "") -> Task:
    """A task with that fault in its output, or without any."""
    wanted = _wanted(rng, several=planted == "count" or rng.random() < THRESHOLDS)
    offered = sorted({name for name, _ in wanted} | set(rng.sample(sorted(TOOLS), 3)))
    syntax = rng.choice(sorted(SYNTAXES))
    task = Task(prompt="", output="", reference="", planted=planted, syntax=syntax)
    shown = rng.choice(sorted(_PROMPTS))
    listed, reference = rng.choice(_REFERENCES)(wanted)
    made = _varied(rng, wanted, listed=listed)
    made, distort = _planted(rng, made, planted)
    text = distort(SYNTAXES[syntax](made))
    return replace(task, prompt=_PROMPTS[shown](offered, wanted), output=text, reference=reference)


def _wanted(rng: random.Random, *, several: bool) -> Made:
    names = rng.sample(sorted(TOOLS), rng.choice((2, 3)) if several else 1)
    calls: Made = []
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


def _varied(rng: random.Random, wanted: Made, *, listed: bool) -> Made:
    """A right answer in another form: arguments reordered, what is optional left out."""
    calls: Made = []
    for name, arguments in wanted:
        keys = [
            key
            for key in arguments
            if not (listed and key not in TOOLS[name][1] and rng.random() < THRESHOLDS)
        ]
        rng.shuffle(keys)
        calls.append((name, {key: arguments[key] for key in keys}))
    return rng.sample(calls, len(calls)) if listed else calls


def _planted(rng: random.Random, made: Made, planted: str) -> tuple[Made, Callable[[str], str]]:
    made = [(name, dict(arguments)) for name, arguments in made]
    place = rng.randrange(len(made))
    name, arguments = made[place]
    if planted in _TEXT_FAULTS:
        return made, lambda text: _TEXT_FAULTS[planted](rng, text, name)
    if planted == "count":
        made = made[:-1] if rng.random() < EVENLY else [*made, rng.choice(made)]
    elif planted == "name":
        other = [n for n in TOOLS if n != name and n not in {m for m, _ in made}]
        wrong = rng.choice([*other, f"{name}_now", name.rpartition(".")[2] + "s", "lookup"])
        made[place] = (wrong, arguments)
    elif planted == "missing":
        del arguments[rng.choice(TOOLS[name][1])]
    elif planted == "extra":
        arguments[rng.choice(("verbose", "language", "note"))] = rng.choice(("en", True, 3))
    elif planted in {"type", "value"}:
        key = rng.choice(sorted(arguments))
        change = _retyped if planted == "type" else _revalued
        arguments[key] = change(rng, arguments[key])
    return made, str


def _retyped(rng: random.Random, value: Any) -> Any:  # noqa: ANN401 - data of any kind
    if isinstance(value, str):
        return rng.choice(([value], len(value), {"value": value}))
    if isinstance(value, bool | int | float):
        return rng.choice((json.dumps(value), [value], f"{value} pieces"))
    if isinstance(value, list):
        return rng.choice((json.dumps(value), ", ".join(map(str, value)), value[0]))
    return rng.choice((json.dumps(value), list(value.values())))


def _revalued(rng: random.Random, value: Any) -> Any:  # noqa: ANN401 - data of any kind
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + rng.choice((1, 10, -1))
    if isinstance(value, str):
        return rng.choice([word for word in _WORDS if word != value] + [f"{value} today"])
    if isinstance(value, list):
        return rng.choice((value[:-1], [*value, _revalued(rng, value[0])]))
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


def _openai(made: Made) -> str:
    calls = [
        {"id": f"c{n}", "type": "function", "function": {"name": f, "arguments": json.dumps(a)}}
        for n, (f, a) in enumerate(made)
    ]
    return json.dumps({"role": "assistant", "content": None, "tool_calls": calls})


SYNTAXES: Final[Mapping[str, Write]] = {
    "json list": lambda made: json.dumps([_named(call) for call in made], indent=1),
    "json parameters": lambda made: "\n".join(json.dumps(_named(c, "parameters")) for c in made),
    "openai": _openai,
    "keyed": lambda made: json.dumps([{name: given} for name, given in made]),
    "keyed text": lambda made: json.dumps([{name: json.dumps(given)} for name, given in made]),
    "python list": lambda made: f"[{', '.join(map(_python, made))}]",
    "python bare": lambda made: ", ".join(map(_python, made)),
    "python fence": lambda made: "```python\n" + "\n".join(map(_python, made)) + "\n```",
    "json fence": lambda made: f"```json\n{json.dumps([_named(c) for c in made])}\n```",
    "tool_call": lambda made: "\n".join(
        f"<tool_call>\n{json.dumps(_named(c))}\n</tool_call>" for c in made
    ),
    "function=": lambda made: "\n".join(_tags(c, invoke=False) for c in made),
    "invoke": lambda made: (
        "I look that up.\n<function_calls>\n"
        + "\n".join(_tags(c, invoke=True) for c in made)
        + "\n</function_calls>"
    ),
    "python_tag": lambda made: (
        "<|python_tag|>"
        + "; ".join(json.dumps(_named(c, "parameters")) for c in made)
        + "<|eom_id|>"
    ),
    "TOOL_CALLS": lambda made: f"[TOOL_CALLS] {json.dumps([_named(c) for c in made])}",
    "react": lambda made: "\n".join(
        f"Thought: next.\nAction: {name}\nAction Input: {json.dumps(given)}" for name, given in made
    ),
    "functions:0": lambda made: "".join(
        f"<|tool_call_begin|>functions.{name}:{n}<|tool_call_argument_begin|>{json.dumps(given)}"
        "<|tool_call_end|>"
        for n, (name, given) in enumerate(made)
    ),
    "thought": lambda made: (
        f"<think>maybe ferry_times(day='x')? no.</think>\n[{', '.join(map(_python, made))}]"
    ),
}
TAGGED: Final = ("function=", "invoke")
"""Syntaxes in which all values are text and which end in tags that nothing needs."""
PLAIN: Final = ("json list", "json parameters", "keyed", "python list", "python bare", "json fence")
"""Syntaxes in which a sentence before the call is no part of the form."""


def _listed(made: Made) -> tuple[bool, str]:
    """Allowed values as lists; an empty text says that the argument may be left out."""
    calls = [
        {n: {k: [v] if k in TOOLS[n][1] else [v, ""] for k, v in given.items()}}
        for n, given in made
    ]
    return True, json.dumps(calls)


_REFERENCES: Final[Sequence[Callable[[Made], tuple[bool, str]]]] = (
    _listed,
    _listed,
    lambda made: (False, f"[{', '.join(map(_python, made))}]"),
    lambda made: (False, json.dumps([_named(call) for call in made])),
)


def _schema(name: str) -> Arguments:
    parameters, required = TOOLS[name]
    properties = {key: {**said, "description": f"The {key}."} for key, said in parameters.items()}
    return {
        "name": name,
        "description": "Does what its name says.",
        "parameters": {"type": "dict", "properties": properties, "required": list(required)},
    }


def _question(wanted: Made) -> str:
    things = "; ".join(f"{n}: {', '.join(map(str, given.values()))}" for n, given in wanted)
    return f"Please see to this for me, all of it: {things}"


_PROMPTS: Final[Mapping[str, Callable[[Sequence[str], Made], str]]] = {
    "json": lambda names, wanted: (
        f"You may call these functions: {json.dumps([_schema(n) for n in names])}\n\n"
        f"Question: {_question(wanted)}"
    ),
    "openai": lambda names, wanted: (
        _question(wanted)
        + "\n<tools>\n"
        + "\n".join(json.dumps({"type": "function", "function": _schema(n)}) for n in names)
        + "\n</tools>"
    ),
    "python": lambda names, wanted: (
        f"{_question(wanted)}\nTools: {[_schema(name) for name in names]!r}"
    ),
    "question only": lambda names, wanted: _question(wanted),  # noqa: ARG005
}
