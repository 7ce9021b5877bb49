"""The five prompts, and the variables that each is offered: ours and the reference's."""

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
class Offered:
    """The variables of one prompt."""

    needed: Mapping[str, str]
    """Ours, each with the reference's that may stand for it; a template uses one of the two."""
    more: frozenset[str]
    """Others of the reference's, which a template may leave out."""

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset({*self.needed, *self.needed.values(), *self.more})


_NODE: Final = {
    "parent": "parent_category",
    "limit": "max_num_clusters",
    "name_words": "cluster_name_length",
    "description_words": "cluster_description_length",
}
_LENGTHS: Final = frozenset({"data_type", "explanation_length", "suggestion_length"})

OFFERED: Final[Mapping[str, Offered]] = {
    "single_error_analysis": Offered(
        {"sections": "output_text", "hints": "output_text"},
        frozenset({"input_text", "correct_answer", "correct_outputs", "correct_output_list"}),
    ),
    "taxonomy_generation": Offered({**_NODE, "groups": "data"}, _LENGTHS),
    "taxonomy_update": Offered({**_NODE, "proposals": "cluster_list"}, _LENGTHS | {"data"}),
    "taxonomy_review": Offered({**_NODE, "categories": "cluster_list"}, _LENGTHS),
    "classify_errors": Offered(
        {"categories": "taxonomy", "groups": "data"}, frozenset({"data_type"})
    ),
}


def check_variables(name: str, wanted: Mapping[str, int], *, where: str) -> None:
    """Refuses a template that wants a variable that is not offered, or leaves out a needed one.

    Args:
        name: Of the prompt.
        wanted: Variables that the template uses, each with its line.
        where: Its file.

    Raises:
        InputError: Names the first of them.
    """
    offered = OFFERED[name]
    for variable, line in sorted(wanted.items(), key=lambda entry: (entry[1], entry[0])):
        if variable not in offered.names:
            raise InputError(
                f"the template wants {variable!r}, which is not given",
                where=f"{where}:{line}",
                hint=closest(variable, offered.names),
            )
    for ours, theirs in offered.needed.items():
        if ours not in wanted and theirs not in wanted:
            raise InputError(f"the template uses neither {ours!r} nor {theirs!r}", where=where)
