"""The root command; its flags derive from the options of a run."""

from collections.abc import Callable, Collection, Mapping, Sequence
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from types import UnionType
from typing import (
    Annotated,
    Final,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from cyclopts import Group, Parameter, Token

from ..options import Option, Options

_GROUPS: Final = {
    name: Group.create_ordered(name) for name in ("Data", "Analyst", "Limits", "Output")
}
_PYTHON_ONLY: Final = frozenset({"litellm_config"})
"""Options without a flag: keys of a provider do not belong in a shell's history."""
_OTHER_NAMES: Final = {"dataset_params": "threshold"}
"""Flags that set a part of an option under another name; see `analyse.parsed`."""
_OWN: Final = {
    "config": (Path | None, "Options file (default: error-map.toml, if there is one)."),
    "json": (bool, "Print the summary as JSON."),
    "quiet": (bool, "Print nothing but errors."),
}
"""Flags of the command line alone, with their types and help."""

Words: TypeAlias = Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())]


def _whole(kind: object, tokens: Sequence[Token]) -> int:
    """The number as typed: cyclopts rounds 1.5 to 2 without a message."""
    del kind
    return int(tokens[0].value)


Whole: TypeAlias = Annotated[int | None, Parameter(converter=_whole)]


def analyse(**given: object) -> None:
    """Analyse the failures in a folder of evaluation results.

    With no judge, provider or inference type the offline analyst runs: no model, no network.
    """
    # Imported only now: it loads Polars and pydantic, which --help does not need.
    from .analyse import analyse_and_print

    config = given.get("config")
    analyse_and_print(
        {name: value for name, value in given.items() if name not in _OWN},
        config_file=config if isinstance(config, Path) else None,
        as_json=bool(given.get("json")),
        quiet=bool(given.get("quiet")),
    )


def option_flags(names: Collection[str] | None = None) -> dict[str, object]:
    """The annotations of the flags of some options, by the names of the flags.

    Args:
        names: Names of options; None for all that have a flag.
    """
    flags: dict[str, object] = {}
    for name, hint in get_type_hints(Options, include_extras=True).items():
        if name not in _PYTHON_ONLY and (names is None or name in names):
            kind, option = get_args(hint)
            flags[_OTHER_NAMES.get(name, name)] = _flag(_typed_form(name, kind), option)
    return flags


def _flags() -> dict[str, object]:
    """The annotation of each flag of the root command, by name."""
    flags = option_flags()
    for name, (kind, text) in _OWN.items():
        own = Parameter(group=_GROUPS["Output"], negative=(), help=text)
        flags[name] = Annotated[kind, own]
    return flags


def _flag(kind: object, option: Option) -> object:
    default = f" (default: {option.default})" if option.default else ""
    parameter = Parameter(
        group=_GROUPS[option.group],
        help=f"{option.help}{default}.",
        negative=None if option.takes_no else (),
    )
    return Annotated[kind, parameter]


def _typed_form(name: str, kind: object) -> object:
    """How the value of an option is typed in a shell, by its type in Python."""
    alternatives = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    value = alternatives[0]
    if name in _OTHER_NAMES:
        return Words
    if value is int:
        return Whole
    if get_origin(value) is Mapping or _is_choice_list(value):
        return str | None  # NAME=VALUE or words, separated by commas
    if get_origin(value) is Sequence:
        return Words
    return value | None


def _is_choice_list(kind: object) -> bool:
    return get_origin(kind) is Sequence and get_origin(get_args(kind)[0]) is Literal


def declare(
    command: Callable[..., None], flags: Mapping[str, object], given: Sequence[Argument] = ()
) -> None:
    """Gives a function the keyword parameters that the parser and its help read.

    Args:
        command: A function of any keyword arguments.
        flags: The annotations of its flags, by name.
        given: Its other parameters, before the flags.
    """
    defaults = {name: False for name, (kind, _) in _OWN.items() if kind is bool}
    parameters = [
        Argument(name, Argument.KEYWORD_ONLY, default=defaults.get(name), annotation=hint)
        for name, hint in flags.items()
    ]
    own = {one.name: one.annotation for one in given}
    # Cyclopts reads both: types from the annotations, names and defaults from the signature.
    command.__annotations__ = {**own, **flags, "return": None}
    command.__dict__["__signature__"] = Signature([*given, *parameters])


declare(analyse, _flags())
