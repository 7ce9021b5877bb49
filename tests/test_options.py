"""The options of a run: flags, keyword arguments and configuration agree."""

import inspect
from typing import get_args, get_type_hints

import pytest

from error_map.cli.flags import analyse
from error_map.config import RunConfig
from error_map.options import Option, Options, OwnOptions, ReferenceOptions
from error_map.pipeline import ErrorMap

IN_WORDS = {"all": None, "one per core": None, "yes": True}
"""Defaults that the help says in words."""
DECIDED_LATER = ("exp_id", "inference_type", "send")
"""Options whose default in words is not the field's: it depends, or lists everything."""


def declared() -> dict[str, Option]:
    hints = get_type_hints(Options, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


def test_every_option_is_a_field_of_the_configuration() -> None:
    assert set(declared()) == set(RunConfig.model_fields)


@pytest.mark.parametrize("name", sorted(set(declared()) - set(DECIDED_LATER)))
def test_the_help_of_an_option_has_the_default_of_its_field(name: str) -> None:
    option, field = declared()[name], RunConfig.model_fields[name]
    value = field.get_default(call_default_factory=True)

    if not option.default:
        assert value in (None, False, (), {})
    elif option.default in IN_WORDS:
        assert value is IN_WORDS[option.default]
    else:
        assert option.default == (f"{value:g}" if isinstance(value, float) else str(value))


def test_options_that_are_on_by_default_have_a_negative_flag() -> None:
    on = {name for name, field in RunConfig.model_fields.items() if field.default is True}

    assert {name for name, option in declared().items() if option.takes_no} == on


def test_every_option_has_a_flag_but_the_arguments_of_litellm() -> None:
    flags = set(inspect.signature(analyse).parameters)

    assert set(declared()) - flags == {"dataset_params", "litellm_config"}
    assert flags - set(declared()) == {"threshold", "config", "json", "quiet"}


def test_the_options_of_the_reference_are_positional_in_its_order() -> None:
    parameters = list(inspect.signature(ErrorMap).parameters.values())
    positional = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]

    assert set(positional) == set(ReferenceOptions.__annotations__)
    assert positional[:3] == ["inference_type", "litellm_config", "exp_id"]
    assert not set(positional) & set(OwnOptions.__annotations__)
