"""What is said of arguments that the command line cannot use."""

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
"""What is no command, by the words in which it is looked for."""


def refusal(error: CycloptsError, commands: Iterable[str]) -> InputError:
    """The error in our words: one sentence, with the way out.

    Args:
        error: What the parser says.
        commands: Names of all commands.
    """
    command = " ".join(error.command_chain or ())
    see = f"see error-map {command} --help" if command else "see error-map --help"
    match error:
        case UnusedCliTokensError(unused_tokens=[str(word), *_]) if not command:
            return InputError(f"no command {word!r}", hint=_command_hint(word, commands))
        case UnusedCliTokensError(unused_tokens=[str(word), *_]):
            return InputError(f"no use for {word!r}", where=command, hint=see)
        case UnknownOptionError():
            return _unknown(error, command=command, see=see)
        case MissingArgumentError(argument=Argument() as argument):
            return _missing(error, argument, command=command, see=see)
        case CoercionError(argument=Argument() as argument) if error.token:
            value, name = error.token.value, error.token.keyword or argument.name
            return _misfit(value, argument, where=_place(command, name), see=see)
        case RepeatArgumentError():
            text, see = f"{error.token.keyword} is there twice", "give it once"
        case _:
            text = str(error).rstrip(".")
            text = f"{text[:1].lower()}{text[1:]}"
    return InputError(text, where=command, hint=see)


def _command_hint(word: str, commands: Iterable[str]) -> str:
    if word in _ELSEWHERE:
        return _ELSEWHERE[word]
    if "=" in word:
        return "a value with blanks stands in quotation marks"
    if "/" in word or Path(word).suffix or Path(word).exists():
        return f"for results: --data-path {word}"
    return closest(word, commands)


def _unknown(error: UnknownOptionError, *, command: str, see: str) -> InputError:
    name = (error.token.keyword or error.token.value).partition("=")[0]
    known = [known for argument in error.argument_collection for known in argument.names]
    if name.startswith("--api-key"):
        hint = "keys are read from the environment, such as OPENAI_API_KEY, and never written down"
        return InputError(f"no option {name!r}", where=command, hint=hint)
    near = difflib.get_close_matches(name, known, n=1)
    guess = f"did you mean {near[0]!r}? " if near else ""
    return InputError(f"no option {name!r}", where=command, hint=f"{guess}{see}")


def _missing(
    error: MissingArgumentError, argument: Argument, *, command: str, see: str
) -> InputError:
    choices = _choices(argument.hint)
    hint = f"it takes: {', '.join(map(repr, choices))}" if choices else see
    if error.keyword:
        return InputError("no value", where=_place(command, error.keyword), hint=hint)
    return InputError(f"{argument.name} is missing", where=command, hint=hint)


def _misfit(value: str, argument: Argument, *, where: str, see: str) -> InputError:
    if choices := _choices(argument.hint):
        return InputError(f"no value {value!r}", where=where, hint=closest(value, choices))
    said = [words for kind, words in _NOT.items() if kind in _alternatives(argument.hint)]
    return InputError(f"{value!r} is {said[0] if said else 'of no use'}", where=where, hint=see)


def _place(command: str, option: str) -> str:
    return f"{command}: {option}" if command else option


def _choices(hint: object) -> Sequence[str]:
    """The words that a parameter takes; none where it is not a choice of words."""
    literal = [one for one in _alternatives(hint) if get_origin(one) is Literal]
    return sorted(str(word) for one in literal for word in get_args(one))


def _alternatives(hint: object) -> Sequence[object]:
    return get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
