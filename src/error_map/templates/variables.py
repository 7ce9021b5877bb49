"""The five prompts and their variables: ours and the reference's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..errors import InputError, closest

NAMES: Final = (
    "single_error_analysis",
    "taxonomy_generation",
    "taxonomy_update",
    "taxonomy_review",
    "classify_errors",
)
"""The reference's names; `taxonomy_update` merges proposals."""


@dataclass(frozen=True, slots=True)
class PromptVariables:
    """The variables of one prompt."""

    required: Mapping[str, str]
    """Our variables, each with the reference's equivalent: a template must use one of the two."""
    optional: frozenset[str]
    """Further variables of the reference, which a template may leave out."""

    @property
    def names(self) -> frozenset[str]:
        """All variables."""
        return frozenset({*self.required, *self.required.values(), *self.optional})


_NODE: Final = {
    "parent": "parent_category",
    "limit": "max_num_clusters",
    "name_words": "cluster_name_length",
    "description_words": "cluster_description_length",
}
_LENGTHS: Final = frozenset({"data_type", "explanation_length", "suggestion_length"})

VARIABLES: Final[Mapping[str, PromptVariables]] = {
    "single_error_analysis": PromptVariables(
        {"sections": "output_text", "hints": "output_text"},
        frozenset({"input_text", "correct_answer", "correct_outputs", "correct_output_list"}),
    ),
    "taxonomy_generation": PromptVariables({**_NODE, "groups": "data"}, _LENGTHS),
    "taxonomy_update": PromptVariables({**_NODE, "proposals": "cluster_list"}, _LENGTHS | {"data"}),
    "taxonomy_review": PromptVariables({**_NODE, "categories": "cluster_list"}, _LENGTHS),
    "classify_errors": PromptVariables(
        {"categories": "taxonomy", "groups": "data"}, frozenset({"data_type"})
    ),
}


def check_variables(name: str, used: Mapping[str, int], *, where: str) -> None:
    """Checks that a template uses only known variables, and all required ones.

    Args:
        name: Name of the prompt.
        used: The line of the first use of each variable.
        where: The template's file, for messages.

    Raises:
        InputError: Names the first variable that is unknown or missing.
    """
    allowed = VARIABLES[name]
    for variable, line in sorted(used.items(), key=lambda entry: (entry[1], entry[0])):
        if variable not in allowed.names:
            raise InputError(
                f"the template uses the unknown variable {variable!r}",
                where=f"{where}:{line}",
                hint=closest(variable, allowed.names),
            )
    for ours, theirs in allowed.required.items():
        if ours not in used and theirs not in used:
            raise InputError(f"the template uses neither {ours!r} nor {theirs!r}", where=where)
