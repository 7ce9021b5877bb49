"""The answers that a model is asked for, as schemas, and how they are read out of its text."""

import re
from collections.abc import Iterator
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from ...errors import AnswerInvalid
from ...records import Quality
from ...records.surrogates import mend
from .json_objects import Objects, json_objects

MAX_CHARS: Final = 100_000
"""Longer answers are refused unread."""
_REPORTED: Final = 3
_SEPARATORS: Final = re.compile(r"[\s_-]+")

Answer = TypeVar("Answer", bound=BaseModel)


def _as_text(value: object) -> object:
    """Null is an empty text, and half a surrogate pair, which no file can hold, is U+FFFD."""
    if value is None:
        return ""
    return mend(value)[0] if isinstance(value, str) else value


def _as_quality(value: object) -> object:
    """`Partially_Correct` and `partially-correct` are `partially correct`."""
    return _SEPARATORS.sub(" ", value).strip().casefold() if isinstance(value, str) else value


# Validators that change nothing in the JSON schema: it is part of what a model is asked.
_Text: TypeAlias = Annotated[str, BeforeValidator(_as_text)]
_Quality: TypeAlias = Annotated[Quality, BeforeValidator(_as_quality)]


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class CriterionAnswer(_Schema):
    """One thing that a right answer needs."""

    criterion: _Text = Field(description="What a right answer must meet.")
    present_in_wrong: bool = Field(description="Whether the wrong answer addresses it.")
    quality: _Quality = Field(description="How well the wrong answer meets it.")
    evidence: _Text = Field(description="A short verbatim quotation of the wrong answer, or empty.")
    comment: _Text = Field(description="One sentence.")


class FinalAnswer(_Schema):
    """The first major error; both empty if there is none."""

    error_title: _Text = Field(description="3 to 8 words that name the kind of error.")
    error_summary: _Text = Field(description="One or two sentences on what went wrong.")


class DiagnosisAnswer(_Schema):
    """What went wrong in one answer."""

    required_criteria: list[CriterionAnswer]
    final_answer: FinalAnswer


class ClusterAnswer(_Schema):
    """One category."""

    id: int
    name: _Text
    description: _Text


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
    """The last JSON object in a model's text that has the schema.

    Prose, fences and thinking are passed over, and one wrapper round the object is taken off.

    Raises:
        AnswerInvalid: There is none; the message says what is wrong with what there is.
    """
    if len(text) > MAX_CHARS:
        raise AnswerInvalid(f"the answer has {len(text)} characters, more than {MAX_CHARS}")
    objects = json_objects(text)
    fitting: Answer | None = None
    near = far = ""
    for value in objects.answered:
        for form in _unwrapped(value):
            try:
                fitting = schema.model_validate(form)
            except ValidationError as error:
                is_near = bool(form.keys() & schema.model_fields.keys())
                near, far = (_told(error), far) if is_near else (near, _told(error))
            else:
                break
    if fitting is None:
        raise AnswerInvalid(_fault(objects, near, far))
    return fitting


def names_a_field(text: str, schema: type[BaseModel]) -> bool:
    """Whether a reply is an attempt at the schema, and not at a form of its own."""
    return any(f'"{name}"' in text or f"'{name}'" in text for name in schema.model_fields)


def _fault(objects: Objects, near: str, far: str) -> str:
    """The one fault to tell: of an object with the right names, of broken JSON, of another form.

    Of an object that is broken, single parts can still be read: what they lack is no fault.
    """
    if near:
        return near
    if objects.fault:
        return f"the answer is not valid JSON: {objects.fault}"
    if far:
        return far
    where = "after the thinking" if objects.drafts else "in the answer"
    return f"there is no JSON object {where}"


def _unwrapped(value: dict[str, object]) -> Iterator[dict[str, object]]:
    """The object, and what may be the answer inside it, the last first."""
    yield value
    parts = list(value.values())
    for part in reversed(parts):
        if isinstance(part, list) and len(part) == 1:
            part = part[0]  # noqa: PLW2901 - the same part without its brackets
        if isinstance(part, dict):
            yield part
    if len(parts) == 1 and isinstance(parts[0], str):
        yield from reversed(json_objects(parts[0]).answered)


def _told(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False)[:_REPORTED]
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {_message(one['msg'])}" for one in faults)


def _message(pydantics: str) -> str:
    return pydantics.removeprefix("Value error, ").lower()
