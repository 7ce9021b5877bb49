"""Turns usage errors of the parser into our error messages."""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import UnionType
from typing import Final, Literal, Union, get_args, get_origin

from cyclopts import (
    Argument,
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from ..errors import InputError, closest

_NOT: Final = {float: "not a number", int: "not a whole number", bool: "neither yes nor no"}

_ELSEWHERE: Final = {
    "compare": "for two models of a run: error-map report EXP --compare A B",
    "diff": "for two models of a run: error-map report EXP --compare A B",
    "run": "a run needs no command: error-map --data-path FOLDER",
    "analyze": "a run needs no command: error-map --data-path FOLDER",
    "analyse": "a run needs no command: error-map --data-path FOLDER",
}
"""Hints for words that users try as commands."""


def refusal(error: CycloptsError, commands: Iterable[str]) -> InputError:
    """The usage error as one sentence with a hint.

    Args:
        error: The error of the parser.
        commands: Names of all commands.
    """
    command = " ".join(error.command_chain or ())
    see = f"see error-map {command} --help" if command else "see error-map --help"
    match error:
        case UnusedCliTokensError(unused_tokens=[str(word), *_]) if not command:
            return InputError(f"no command {word!r}", hint=_command_hint(word, commands))
        case UnusedCliTokensError(unused_tokens=[str(word), *_]):
            return InputError(f"unexpected argument {word!r}", where=command, hint=see)
        case UnknownOptionError():
            return _unknown(error, command=command, see=see)
        case MissingArgumentError(argument=Argument() as argument):
            return _missing(error, argument, command=command, see=see)
        case CoercionError(argument=Argument() as argument) if error.token:
            value, name = error.token.value, error.token.keyword or argument.name
            return _misfit(value, argument, where=_place(command, name), see=see)
        case RepeatArgumentError():
            text, see = f"{error.token.keyword} is given twice", "give it once"
        case _:
            text = str(error).rstrip(".")
            text = f"{text[:1].lower()}{text[1:]}"
    return InputError(text, where=command, hint=see)


def _command_hint(word: str, commands: Iterable[str]) -> str:
    if word in _ELSEWHERE:
        return _ELSEWHERE[word]
    if "=" in word:
        return "put values with spaces in quotation marks"
    if "/" in word or Path(word).suffix or Path(word).exists():
        return f"for results: --data-path {word}"
    return closest(word, commands)


def _unknown(error: UnknownOptionError, *, command: str, see: str) -> InputError:
    name = (error.token.keyword or error.token.value).partition("=")[0]
    known = [flag for argument in error.argument_collection for flag in argument.names]
    if name.startswith("--api-key"):
        hint = "keys are read from the environment, such as OPENAI_API_KEY, and never stored"
        return InputError(f"no option {name!r}", where=command, hint=hint)
    matches = difflib.get_close_matches(name, known, n=1)
    guess = f"did you mean {matches[0]!r}? " if matches else ""
    return InputError(f"no option {name!r}", where=command, hint=f"{guess}{see}")


def _missing(
    error: MissingArgumentError, argument: Argument, *, command: str, see: str
) -> InputError:
    choices = _choices(argument.hint)
    hint = f"one of: {', '.join(map(repr, choices))}" if choices else see
    if error.keyword:
        return InputError("no value", where=_place(command, error.keyword), hint=hint)
    return InputError(f"{argument.name} is missing", where=command, hint=hint)


def _misfit(value: str, argument: Argument, *, where: str, see: str) -> InputError:
    if choices := _choices(argument.hint):
        return InputError(f"no value {value!r}", where=where, hint=closest(value, choices))
    reasons = [text for kind, text in _NOT.items() if kind in _alternatives(argument.hint)]
    reason = reasons[0] if reasons else "not a valid value"
    return InputError(f"{value!r} is {reason}", where=where, hint=see)


def _place(command: str, option: str) -> str:
    return f"{command}: {option}" if command else option


def _choices(hint: object) -> Sequence[str]:
    """The values that a parameter accepts; empty if it is not a choice."""
    literals = [kind for kind in _alternatives(hint) if get_origin(kind) is Literal]
    return sorted(str(value) for literal in literals for value in get_args(literal))


def _alternatives(hint: object) -> Sequence[object]:
    return get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
