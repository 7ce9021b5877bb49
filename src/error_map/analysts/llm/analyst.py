"""The LLM analyst: asks a model, with the prompts in templates/."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, TypeAlias, TypeVar

from ...bounded import gathered
from ...errors import AnswerCut, CallFailed
from ...inference.base import Engine
from ...records import (
    WHOLE_SOLUTION_INCORRECT,
    CategoryId,
    Criterion,
    Diagnosed,
    Diagnosis,
    Failure,
    Outcome,
    Undiagnosed,
    Verdict,
)
from ...taxonomy import Category
from ...templates import Prompts
from ..base import TitleGroup
from ..texts import CHARS_A_TOKEN, fitted, slug
from .answer_schemas import (
    ClusterAnswer,
    DiagnosisAnswer,
    FinalAnswer,
    PlacementAnswer,
    ProposalAnswer,
    TopProposalAnswer,
)
from .prompt_variables import (
    Division,
    SentText,
    diagnosis_variables,
    generation_variables,
    placement_variables,
    review_variables,
    update_variables,
)
from .quotes import found
from .structured_output import StructuredOutput

FIELDS: Final = ("input", "output", "reference", "correct_answers")
"""What of a failure may be sent to the model."""
_ITEM = TypeVar("_ITEM")
_SHARE_OF_TITLES: Final = 0.1
"""Categories for each title, as in the reference."""
_LEAST_TOPS: Final = 17
"""As many top categories as ErrorAtlas has; measured in decision 6."""
_LEAST_INSIDE: Final = 5
_UNEXAMINED: Final = Diagnosis(verdict="unexplained", title="", summary="")

Hinter: TypeAlias = Callable[[Sequence[Failure]], Awaitable[Sequence[Diagnosis | str]]]
"""What finds hints for failures: a diagnosis each, or why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the model is asked; everything here can change an answer."""

    fields: tuple[str, ...] = FIELDS
    correct_answers_shown: int = 1
    """0 to 3."""
    max_input_tokens: int = 24_000
    """Of one failure's texts; longer ones are shortened in the middle."""
    proposal_batch: int = 500
    """Titles that one proposal is made from."""
    placement_batch: int = 50
    """Titles that one call places."""
    max_num_clusters: int = 25
    """Categories at a node, at the most."""
    least_to_divide: int = 11
    """Unique titles from which a category is divided further."""
    max_depth: int = 2
    """Levels under the top categories."""
    name_words: int = 5
    description_words: int = 30


class LLMAnalyst:
    """Implements Analyst by asking a model.

    Args:
        engine: Answers questions.
        prompts: What it is asked with.
        workers: Failures under way at the same time.
        settings: How it is asked.
        hinter: Finds hints for the diagnosis; None for none.
        retry: Ask afresh where the recorded answers are invalid.
    """

    batch_size = 1

    def __init__(
        self,
        engine: Engine,
        prompts: Prompts,
        *,
        workers: int,
        settings: Settings,
        hinter: Hinter | None = None,
        retry: bool = False,
    ) -> None:
        self._output = StructuredOutput(engine, retry=retry)
        self._prompts = prompts
        self._settings = settings
        self._hinter = hinter
        self.cut = 0
        """Failures that are undiagnosed as their answers were cut."""
        self.cut_at = 0
        """The highest limit of tokens at which they were; 0 where it is not known."""
        self.name = engine.model
        self.workers = workers
        self.max_depth = settings.max_depth

    @property
    def limit(self) -> int | None:
        """Tokens of one reply, at first; None where that is not known."""
        return self._output.limit

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """See Analyst; a failure whose call fails is undiagnosed, with the reason."""
        return [await self._diagnose(failure) for failure in batch]

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """See Analyst: proposed from batches side by side, merged, reviewed once."""
        if parent is not None and len(groups) < self._settings.least_to_divide:
            return []
        most = self._settings.max_num_clusters
        limit = cluster_limit(len(groups), most, top=parent is None)
        batches = list(_batched(groups, self._settings.proposal_batch))

        node = self._division(parent, limit)

        async def propose_one(batch: Sequence[TitleGroup]) -> Sequence[ClusterAnswer]:
            return await self._clusters(
                "taxonomy_generation", node, generation_variables(node, batch)
            )

        proposals = await gathered(propose_one, batches, limit=self.workers)
        clusters = proposals[0]
        if len(proposals) > 1:
            merged = update_variables(node, proposals, groups)
            clusters = await self._clusters("taxonomy_update", node, merged)
        listed = review_variables(node, clusters)
        clusters = await self._clusters("taxonomy_review", node, listed)
        return _categories(clusters[:limit], parent)

    async def place(
        self, groups: Mapping[int, TitleGroup], categories: Mapping[int, Category]
    ) -> Mapping[int, int]:
        """See Analyst: batches side by side; 0 is the model's "none of them"."""
        numbers = dict(enumerate(categories, start=1))
        listed = [(number, categories[own]) for number, own in numbers.items()]

        async def place_some(items: Sequence[tuple[int, TitleGroup]]) -> PlacementAnswer:
            numbered = [(item + 1, group) for item, group in items]
            variables = placement_variables(listed, numbered)
            messages = self._prompts.fill("classify_errors", **variables)
            try:
                answer, _ = await self._output.answer("placement", messages, PlacementAnswer)
            except CallFailed:
                return PlacementAnswer(assignments=[])
            return answer

        batches = list(_batched(list(groups.items()), self._settings.placement_batch))
        answers = await gathered(place_some, batches, limit=self.workers)
        placed: dict[int, int] = {}
        for batch, answer in zip(batches, answers, strict=True):
            placed.update(_agreed(answer, {item for item, _ in batch}, numbers))
        return placed

    async def _diagnose(self, failure: Failure) -> Outcome:
        key = failure.record.key
        examined = await self._examined(failure)
        hints = [f"{finding.title}: {finding.summary}" for finding in examined.findings]
        variables = diagnosis_variables(self._sent(failure), hints)
        messages = self._prompts.fill("single_error_analysis", **variables)
        try:
            answer, text = await self._output.answer("diagnosis", messages, DiagnosisAnswer)
        except CallFailed as error:
            if isinstance(error, AnswerCut):
                self.cut += 1
                self.cut_at = max(self.cut_at, error.tokens or 0)
            return Undiagnosed(key, f"{type(error).__name__}: {error}")
        prompt = "\n\n".join(message.content for message in messages)
        diagnosis = _diagnosis(answer, failure.record.output)
        kept = replace(diagnosis, answer=examined.answer, prompt=prompt, response=text)
        return Diagnosed(key, kept)

    async def _examined(self, failure: Failure) -> Diagnosis:
        """What the detectors say of what may be sent; nothing where there are none or they fail."""
        if self._hinter is None:
            return _UNEXAMINED
        try:
            (diagnosis,) = await self._hinter([self._sendable(failure)])
        except CallFailed:
            return _UNEXAMINED
        return _UNEXAMINED if isinstance(diagnosis, str) else diagnosis

    def _sendable(self, failure: Failure) -> Failure:
        """The failure without what may not be sent: a hint can tell what it was found in."""
        record, fields = failure.record, self._settings.fields
        seen = replace(
            record,
            prompt=record.prompt if "input" in fields else "",
            output=record.output if "output" in fields else "",
            reference=record.reference if "reference" in fields else None,
        )
        beside = failure.correct_outputs if "correct_answers" in fields else ()
        return replace(failure, record=seen, correct_outputs=beside)

    def _sent(self, failure: Failure) -> list[SentText]:
        """Labelled texts of a failure, of the fields that may be sent, made to fit.

        What failures of one example share stands first, for the sake of providers' prompt caches.
        """
        record = failure.record
        shown = failure.correct_outputs[: self._settings.correct_answers_shown]
        every = [
            ("input", "The task", record.prompt),
            ("reference", "The reference answer", record.reference or ""),
            *(("correct_answers", "A correct answer of another model", o.output) for o in shown),
            ("output", "The model's wrong answer", record.output),
        ]
        sent = [SentText(*one) for one in every if self._sends(one[0], one[2])]
        limit = int(self._settings.max_input_tokens * CHARS_A_TOKEN)
        texts = fitted([one.text for one in sent], limit)
        return [replace(one, text=text) for one, text in zip(sent, texts, strict=True)]

    def _sends(self, field: str, text: str) -> bool:
        return field in self._settings.fields and (field == "output" or bool(text))

    def _division(self, parent: Category | None, limit: int) -> Division:
        return Division(
            parent=parent,
            limit=limit,
            name_words=self._settings.name_words,
            description_words=self._settings.description_words,
        )

    async def _clusters(
        self, prompt: str, node: Division, variables: Mapping[str, object]
    ) -> Sequence[ClusterAnswer]:
        messages = self._prompts.fill(prompt, **variables)
        # At the top there must be a category; below it, none means that it is not divided.
        schema = ProposalAnswer if node.parent else TopProposalAnswer
        answer, _ = await self._output.answer("taxonomy", messages, schema)
        return answer.clusters


def cluster_limit(titles: int, most: int, *, top: bool) -> int:
    """Categories that a node may have.

    Args:
        titles: Unique ones at the node.
        most: Categories that any node may have.
        top: Whether it is the root: what its categories do not hold is unassigned, while below
            it a title stays in the category above.

    Example:
        >>> [cluster_limit(titles, 25, top=True) for titles in (12, 120, 220, 5_000)]
        [12, 17, 22, 25]
        >>> [cluster_limit(titles, 25, top=False) for titles in (12, 120, 220, 5_000)]
        [5, 12, 22, 25]
    """
    least = min(_LEAST_TOPS, titles) if top else _LEAST_INSIDE
    return min(most, max(least, ceil(_SHARE_OF_TITLES * titles)))


def _diagnosis(answer: DiagnosisAnswer, output: str) -> Diagnosis:
    verdict = _verdict(answer.final_answer)
    named = verdict == "error"
    return Diagnosis(
        verdict=verdict,
        title=" ".join(answer.final_answer.error_title.split()) if named else "",
        summary=" ".join(answer.final_answer.error_summary.split()) if named else "",
        criteria=tuple(
            Criterion(
                criterion=one.criterion,
                present_in_wrong=one.present_in_wrong,
                quality=one.quality,
                evidence=one.evidence,
                comment=one.comment,
                verified=found(one.evidence, output) if one.evidence.strip() else None,
            )
            for one in answer.required_criteria
        ),
    )


def _verdict(final: FinalAnswer) -> Verdict:
    title = final.error_title.strip().casefold().rstrip(".")
    if not title:
        return "no error found"
    return WHOLE_SOLUTION_INCORRECT if title == WHOLE_SOLUTION_INCORRECT else "error"


def _categories(clusters: Iterable[ClusterAnswer], parent: Category | None) -> list[Category]:
    """Categories with ids of ours; names that repeat, or repeat their parent's, are left out."""
    seen = {parent.name.casefold()} if parent else set()
    kept: list[Category] = []
    for cluster in clusters:
        name = " ".join(cluster.name.split())
        if name and name.casefold() not in seen:
            seen.add(name.casefold())
            taken = [category.id.rpartition(".")[2] for category in kept]
            own = slug(name, taken)
            identifier = CategoryId(f"{parent.id}.{own}" if parent else own)
            kept.append(Category(identifier, name, " ".join(cluster.description.split())))
    return kept if parent is None or len(kept) > 1 else []


def _agreed(answer: PlacementAnswer, asked: set[int], numbers: Mapping[int, int]) -> dict[int, int]:
    """The places that can be used: of items that were asked for, once, in a listed category."""
    said: dict[int, set[int]] = {}
    for one in answer.assignments:
        said.setdefault(one.item_id - 1, set()).add(one.category_id)
    return {
        item: numbers[min(places)]
        for item, places in said.items()
        if item in asked and len(places) == 1 and places <= numbers.keys()
    }


def _batched(items: Sequence[_ITEM], size: int) -> Iterable[Sequence[_ITEM]]:
    return (items[start : start + size] for start in range(0, len(items), size))
