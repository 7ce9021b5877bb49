"""The schemas of a model's answers, and a lenient parser for its text."""

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

# Bounds parsing time on hostile input. 8,000 tokens, the most of one reply, hold about 32,000.
MAX_CHARS: Final = 100_000
"""Longer answers are invalid."""
_MAX_ERRORS: Final = 3
"""Schema errors in one message: the repair prompt quotes it, and more would bury the first."""
_SEPARATORS: Final = re.compile(r"[\s_-]+")

Answer = TypeVar("Answer", bound=BaseModel)


def _as_text(value: object) -> object:
    """Null becomes empty, and a lone surrogate, which UTF-8 cannot encode, becomes U+FFFD."""
    if value is None:
        return ""
    return mend(value)[0] if isinstance(value, str) else value


def _as_quality(value: object) -> object:
    """`Partially_Correct` and `partially-correct` become `partially correct`."""
    return _SEPARATORS.sub(" ", value).strip().casefold() if isinstance(value, str) else value


# These validators do not change the JSON schema, which is part of the ledger key.
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

    # The same JSON schema and thus the same ledger key as ProposalAnswer.
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

    Prose, code fences and reasoning are skipped, and one wrapper around the object is removed.

    Raises:
        AnswerInvalid: There is none; the message explains the closest object's errors.
    """
    if len(text) > MAX_CHARS:
        raise AnswerInvalid(f"the answer has {len(text)} characters, more than {MAX_CHARS}")
    objects = json_objects(text)
    answer: Answer | None = None
    near = far = ""
    for value in objects.answered:
        for form in _unwrapped(value):
            try:
                answer = schema.model_validate(form)
            except ValidationError as error:
                is_near = bool(form.keys() & schema.model_fields.keys())
                near, far = (_errors(error), far) if is_near else (near, _errors(error))
            else:
                break
    if answer is None:
        raise AnswerInvalid(_error_message(objects, near, far))
    return answer


def names_a_field(text: str, schema: type[BaseModel]) -> bool:
    """Whether a reply attempts the schema, as opposed to a format of its own."""
    return any(f'"{name}"' in text or f"'{name}'" in text for name in schema.model_fields)


def _error_message(objects: Objects, near: str, far: str) -> str:
    """The most useful error: of an object with the schema's names, of invalid JSON, or of others.

    Invalid JSON comes before others because parts of a broken object may be read as objects, whose
    missing fields would mislead.
    """
    if near:
        return near
    if objects.error:
        return f"the answer is not valid JSON: {objects.error}"
    if far:
        return far
    where = "after the thinking" if objects.drafts else "in the answer"
    return f"there is no JSON object {where}"


def _unwrapped(value: dict[str, object]) -> Iterator[dict[str, object]]:
    """The object, then the objects inside it that may be the answer, the last one first."""
    yield value
    parts = list(value.values())
    for part in reversed(parts):
        if isinstance(part, list) and len(part) == 1:
            part = part[0]  # noqa: PLW2901 - the same part without its brackets
        if isinstance(part, dict):
            yield part
    if len(parts) == 1 and isinstance(parts[0], str):
        yield from reversed(json_objects(parts[0]).answered)


def _errors(error: ValidationError) -> str:
    entries = error.errors(include_url=False, include_input=False)[:_MAX_ERRORS]
    return "; ".join(
        f"{'.'.join(map(str, entry['loc']))}: {_message(entry['msg'])}" for entry in entries
    )


def _message(text: str) -> str:
    return text.removeprefix("Value error, ").lower()
