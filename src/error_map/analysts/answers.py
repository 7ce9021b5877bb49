"""The answers that a model is asked for, as schemas, and how they are read out of its text."""

import json
from collections.abc import Iterator
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ..errors import AnswerInvalid
from ..records import Quality

MAX_CHARS: Final = 100_000
"""Longer answers are refused unread."""
_REPORTED: Final = 3
_STARTS: Final = 50
"""Braces at which an object is looked for: the cost of text without one stays linear."""

Answer = TypeVar("Answer", bound=BaseModel)


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CriterionAnswer(_Schema):
    """One thing that a right answer needs."""

    criterion: str = Field(description="What a right answer must meet.")
    present_in_wrong: bool = Field(description="Whether the wrong answer addresses it.")
    quality: Quality = Field(description="How well the wrong answer meets it.")
    evidence: str = Field(description="A short verbatim quotation of the wrong answer, or empty.")
    comment: str = Field(description="One sentence.")


class FinalAnswer(_Schema):
    """The first major error; both empty if there is none."""

    error_title: str = Field(description="3 to 8 words that name the kind of error.")
    error_summary: str = Field(description="One or two sentences on what went wrong.")


class DiagnosisAnswer(_Schema):
    """What went wrong in one answer."""

    required_criteria: list[CriterionAnswer]
    final_answer: FinalAnswer


class ClusterAnswer(_Schema):
    """One category."""

    id: int
    name: str
    description: str


class ProposalAnswer(_Schema):
    """Categories that divide what was given."""

    clusters: list[ClusterAnswer]


class TopProposalAnswer(ProposalAnswer):
    """Categories that divide what was given."""

    # The same JSON schema, so that a reply in the ledger counts for both.
    model_config = ConfigDict(title=ProposalAnswer.__name__)

    @field_validator("clusters")
    @classmethod
    def _names_a_category(cls, clusters: list[ClusterAnswer]) -> list[ClusterAnswer]:
        if not any(cluster.name.strip() for cluster in clusters):
            raise ValueError("at least one category with a name is needed")
        return clusters


class AssignmentAnswer(_Schema):
    """One item's place."""

    item_id: int
    category_id: int = Field(description="0 where no category fits.")


class PlacementAnswer(_Schema):
    """Every item's place."""

    assignments: list[AssignmentAnswer]


def parsed(text: str, schema: type[Answer]) -> Answer:
    """The first JSON object in a model's text that has the schema; prose is passed over.

    Raises:
        AnswerInvalid: There is none; the message says what is wrong with what there is.
    """
    if len(text) > MAX_CHARS:
        raise AnswerInvalid(f"the answer has {len(text)} characters, more than {MAX_CHARS}")
    fault = "there is no JSON object in the answer"
    for value in _objects(text):
        try:
            return schema.model_validate(value)
        except ValidationError as error:
            fault = _told(error)
    raise AnswerInvalid(fault)


def _objects(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder()
    place = text.find("{")
    for _ in range(_STARTS):
        if place < 0:
            return
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            yield value
        place = text.find("{", end)


def _told(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False)[:_REPORTED]
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {_message(one['msg'])}" for one in faults)


def _message(pydantics: str) -> str:
    return pydantics.removeprefix("Value error, ").lower()
