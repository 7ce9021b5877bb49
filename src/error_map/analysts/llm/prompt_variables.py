"""The variables of each prompt: ours, and the reference's with fenced texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from ...records import CategoryId
from ...taxonomy import Category
from ...templates import NAMES, Fenced, FencedLines, Prompts
from ..base import TitleGroup
from .response_schemas import check_response_schemas

DATA_TYPE: Final = "error_title"
"""The reference's name for the entries of its lists."""
_EXPLANATION_WORDS: Final = 20
_SUGGESTION_WORDS: Final = 30
"""Both as in the reference, for its templates; our answers have neither."""
_EXAMPLE: Final = Category(CategoryId("example"), "Example", "An example.")
_EXAMPLES: Final = (TitleGroup("An example", count=2, summaries=("It is one.",)),)


@dataclass(frozen=True, slots=True)
class SentText:
    """One text of a failure that is sent to the model."""

    field: str
    """`input`, `reference`, `correct_answers` or `output`."""
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A node of the taxonomy whose titles are to be divided."""

    parent: Category | None
    """None at the top."""
    limit: int
    """Maximum categories."""
    name_words: int
    description_words: int


class Named(Protocol):
    """A category, or a proposed one."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def description(self) -> str:
        """What it means."""


def diagnosis_variables(sent: Sequence[SentText], hints: Sequence[str]) -> dict[str, object]:
    """Variables of the diagnosis; fields that are not sent are empty under all names.

    Args:
        sent: The failure's texts that may be sent, already cut to the maximum input.
        hints: Findings of the detectors.
    """
    fenced = {text.field: Fenced(text.text) for text in sent}
    correct = [Fenced(text.text) for text in sent if text.field == "correct_answers"]
    return {
        "sections": [(text.label, Fenced(text.text)) for text in sent],
        "hints": hints,
        "input_text": fenced.get("input", ""),
        "output_text": fenced.get("output", ""),
        "correct_answer": fenced.get("reference", ""),
        "correct_outputs": correct,
        "correct_output_list": correct,
    }


def generation_variables(division: Division, groups: Sequence[TitleGroup]) -> Mapping[str, object]:
    """Variables of a proposal from one batch of titles."""
    return {**_division(division), "groups": groups, "data": _titles(groups)}


def update_variables(
    division: Division, proposals: Sequence[Sequence[Named]], groups: Sequence[TitleGroup]
) -> Mapping[str, object]:
    """Variables of the merge of several proposals.

    Args:
        division: The node.
        proposals: One list of categories per batch.
        groups: All titles; the prompt gets an even sample of the size of one batch.
    """
    sample = groups[:: max(len(proposals), 1)]
    proposed = [category for proposal in proposals for category in proposal]
    return {
        **_division(division),
        "proposals": proposals,
        "cluster_list": _categories(proposed),
        "data": _titles(sample),
    }


def review_variables(division: Division, categories: Sequence[Named]) -> Mapping[str, object]:
    """Variables of the review."""
    cluster_list = _categories(categories)
    return {**_division(division), "categories": categories, "cluster_list": cluster_list}


def placement_variables(
    categories: Sequence[tuple[int, Category]], groups: Sequence[tuple[int, TitleGroup]]
) -> Mapping[str, object]:
    """Variables of a placement: numbered categories and title groups."""
    taxonomy = [f"{number}: {own.name} - {own.description}" for number, own in categories]
    is_single = len(groups) == 1
    titles = [_title(f"{number}. {own.title}", own, is_single=is_single) for number, own in groups]
    return {
        "categories": categories,
        "groups": groups,
        "taxonomy": FencedLines(taxonomy),
        "data": FencedLines(titles),
        "data_type": DATA_TYPE,
    }


def loaded_prompts(folder: Path | None) -> Prompts:
    """Loads the prompts of a run, and fills each once with an example to find broken templates.

    Args:
        folder: The user's templates; None to use only ours.

    Raises:
        InputError: A template or a response schema of the folder cannot be used.
    """
    prompts = Prompts(folder)
    check_response_schemas(prompts.overridden.schemas)
    for name, variables in zip(NAMES, _example_variables(), strict=True):
        prompts.fill(name, **variables)
    return prompts


def _example_variables() -> Iterator[Mapping[str, object]]:
    """Example variables for each prompt, in the order of `NAMES`."""
    fields = ("input", "reference", "correct_answers", "output")
    yield diagnosis_variables([SentText(field, field, "An example.") for field in fields], ["One."])
    division = Division(parent=_EXAMPLE, limit=5, name_words=5, description_words=30)
    yield generation_variables(division, _EXAMPLES)
    yield update_variables(division, [[_EXAMPLE]], _EXAMPLES)
    yield review_variables(division, [_EXAMPLE])
    yield placement_variables([(1, _EXAMPLE)], list(enumerate(_EXAMPLES, start=1)))


def _division(division: Division) -> dict[str, object]:
    return {
        "parent": division.parent,
        "limit": division.limit,
        "name_words": division.name_words,
        "description_words": division.description_words,
        "parent_category": division.parent.name if division.parent else "",
        "max_num_clusters": division.limit,
        "cluster_name_length": division.name_words,
        "cluster_description_length": division.description_words,
        "explanation_length": _EXPLANATION_WORDS,
        "suggestion_length": _SUGGESTION_WORDS,
        "data_type": DATA_TYPE,
    }


def _titles(groups: Sequence[TitleGroup]) -> FencedLines:
    numbered = enumerate(groups, start=1)
    return FencedLines(
        [_title(f"{number}. {group.title} (x{group.count})", group) for number, group in numbered]
    )


def _title(line: str, group: TitleGroup, *, is_single: bool = False) -> str:
    """A title with its examples: below it, or on the same line if it is the only title."""
    if is_single and group.summaries:
        return f"{line}: {group.summaries[0]}"
    return "\n".join([line, *(f"   for example: {summary}" for summary in group.summaries)])


def _categories(categories: Sequence[Named]) -> FencedLines:
    return FencedLines([f"- {category.name}: {category.description}" for category in categories])
