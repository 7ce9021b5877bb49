"""The LLM analyst: sends the prompts of templates/ to a model and reads its answers."""

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
from ..texts import CHARS_A_TOKEN, fair_share, shortened, slug
from ..transcripts import shortened_output
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
from .quotes import is_quoted
from .structured_output import StructuredOutput

FIELDS: Final = ("input", "output", "reference", "correct_answers")
"""Fields of a failure that may be sent to the model."""
_ITEM = TypeVar("_ITEM")
_SHARE_OF_TITLES: Final = 0.1
"""Categories per title, as in the reference."""
# As many as ErrorAtlas has. Decision 6 measures that fewer leave rare titles without a category.
_MIN_TOP_CATEGORIES: Final = 17
# Fewer than at the top: a title that no subcategory holds stays in the category above.
_MIN_SUBCATEGORIES: Final = 5
_NO_FINDINGS: Final = Diagnosis(verdict="unexplained", title="", summary="")

Hinter: TypeAlias = Callable[[Sequence[Failure]], Awaitable[Sequence[Diagnosis | str]]]
"""Finds hints for failures: one diagnosis per failure, or the reason why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings that can change an answer; all are part of the analyst's fingerprint."""

    fields: tuple[str, ...] = FIELDS
    correct_answers_shown: int = 1
    """Peer answers in the prompt, 0 to 3."""
    # With instructions and a reply of 2,000 tokens it fits a context window of 32,000.
    max_input_tokens: int = 24_000
    """Maximum tokens of one failure's texts; longer ones are cut in the middle, transcripts between
    turns."""
    # A prompt of 500 titles takes 7,500 to 35,000 tokens (`estimate._TITLE`).
    proposal_batch: int = 500
    """Titles per proposal."""
    # The answer takes about 750 tokens (`estimate._PLACE`), well below --max-tokens.
    placement_batch: int = 50
    """Titles per placement."""
    max_num_clusters: int = 25
    """Maximum categories of a node."""
    least_to_divide: int = 11
    """Minimum unique titles of a category that is divided further."""
    max_depth: int = 2
    """Levels under the top categories."""
    name_words: int = 5
    description_words: int = 30


class LLMAnalyst:
    """Implements Analyst with a model as the judge.

    Args:
        engine: Answers the requests.
        prompts: The prompts, filled for each request.
        workers: Maximum concurrent failures.
        settings: Everything else that can change an answer.
        hinter: Finds hints for the diagnosis; None for no hints.
        retry: Request answers again if the recorded ones are invalid.
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
        """Failures that are undiagnosed because their answers were cut."""
        self.cut_at = 0
        """The highest token limit at which answers were cut; 0 if unknown."""
        self.name = engine.model
        self.workers = workers
        self.max_depth = settings.max_depth

    @property
    def limit(self) -> int | None:
        """Token limit of a first reply; None if unknown."""
        return self._output.limit

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """See Analyst; if a call fails, the failure is undiagnosed, with the reason."""
        return [await self._diagnose(failure) for failure in batch]

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """See Analyst: proposals from concurrent batches, merged and reviewed once."""
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
        """See Analyst: concurrent batches; a title that fits no category is left out."""
        numbers = dict(enumerate(categories, start=1))
        numbered = [(number, categories[own]) for number, own in numbers.items()]

        async def place_batch(items: Sequence[tuple[int, TitleGroup]]) -> PlacementAnswer:
            titles = [(item + 1, group) for item, group in items]
            variables = placement_variables(numbered, titles)
            messages = self._prompts.fill("classify_errors", **variables)
            try:
                answer, _ = await self._output.answer("placement", messages, PlacementAnswer)
            except CallFailed:  # stage 4 requests these titles again, individually
                return PlacementAnswer(assignments=[])
            return answer

        batches = list(_batched(list(groups.items()), self._settings.placement_batch))
        answers = await gathered(place_batch, batches, limit=self.workers)
        placed: dict[int, int] = {}
        for batch, answer in zip(batches, answers, strict=True):
            placed.update(_valid_places(answer, {item for item, _ in batch}, numbers))
        return placed

    async def _diagnose(self, failure: Failure) -> Outcome:
        key = failure.record.key
        examined = await self._examined(failure)
        # A fact explains nothing, and a judge could take it for the error.
        findings = (finding for finding in examined.findings if finding.kind != "fact")
        hints = [f"{finding.title}: {finding.summary}" for finding in findings]
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
        diagnosis = _diagnosis(answer, failure.record.own_words)
        complete = replace(diagnosis, answer=examined.answer, prompt=prompt, response=text)
        return Diagnosed(key, complete)

    async def _examined(self, failure: Failure) -> Diagnosis:
        """The detectors' findings in the fields that may be sent; empty if the detectors fail."""
        if self._hinter is None:
            return _NO_FINDINGS
        try:
            (diagnosis,) = await self._hinter([self._sendable(failure)])
        except CallFailed:
            return _NO_FINDINGS
        return _NO_FINDINGS if isinstance(diagnosis, str) else diagnosis

    def _sendable(self, failure: Failure) -> Failure:
        """The failure without the fields that may not be sent, because hints quote them."""
        record, fields = failure.record, self._settings.fields
        sendable = replace(
            record,
            prompt=record.prompt if "input" in fields else "",
            output=record.output if "output" in fields else "",
            reference=record.reference if "reference" in fields else None,
        )
        peers = failure.correct_outputs if "correct_answers" in fields else ()
        return replace(failure, record=sendable, correct_outputs=peers)

    def _sent(self, failure: Failure) -> list[SentText]:
        """The labelled texts of a failure that may be sent, cut to the maximum input.

        Texts that the failures of one example share come first, so that providers' prompt caches
        serve them.
        """
        record = failure.record
        peers = failure.correct_outputs[: self._settings.correct_answers_shown]
        candidates = [
            ("input", "The task", record.prompt),
            ("reference", "The reference answer", record.reference or ""),
            *(("correct_answers", "A correct answer of another model", o.output) for o in peers),
            ("output", "The model's wrong answer", record.output),
        ]
        sent = [SentText(*text) for text in candidates if self._sends(text[0], text[2])]
        limit = int(self._settings.max_input_tokens * CHARS_A_TOKEN)
        share = fair_share((len(text.text) for text in sent), limit)
        return [
            replace(
                text,
                text=shortened_output(record, share)
                if text.field == "output"
                else shortened(text.text, share),
            )
            for text in sent
        ]

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
        # The root must have a category; below it, an empty answer means: do not divide further.
        schema = ProposalAnswer if node.parent else TopProposalAnswer
        answer, _ = await self._output.answer("taxonomy", messages, schema)
        return answer.clusters


def cluster_limit(titles: int, most: int, *, top: bool) -> int:
    """Maximum categories of a node.

    Args:
        titles: Unique titles of the node.
        most: Maximum categories of any node.
        top: Whether it is the root: a title that fits none of its categories is unassigned, while
            below it such a title stays in the category above.

    Example:
        >>> [cluster_limit(titles, 25, top=True) for titles in (12, 120, 220, 5_000)]
        [12, 17, 22, 25]
        >>> [cluster_limit(titles, 25, top=False) for titles in (12, 120, 220, 5_000)]
        [5, 12, 22, 25]
    """
    minimum = min(_MIN_TOP_CATEGORIES, titles) if top else _MIN_SUBCATEGORIES
    return min(most, max(minimum, ceil(_SHARE_OF_TITLES * titles)))


def _diagnosis(answer: DiagnosisAnswer, output: str) -> Diagnosis:
    verdict = _verdict(answer.final_answer)
    is_error = verdict == "error"
    return Diagnosis(
        verdict=verdict,
        title=" ".join(answer.final_answer.error_title.split()) if is_error else "",
        summary=" ".join(answer.final_answer.error_summary.split()) if is_error else "",
        criteria=tuple(
            Criterion(
                criterion=entry.criterion,
                present_in_wrong=entry.present_in_wrong,
                quality=entry.quality,
                evidence=entry.evidence,
                comment=entry.comment,
                verified=is_quoted(entry.evidence, output) if entry.evidence.strip() else None,
            )
            for entry in answer.required_criteria
        ),
    )


def _verdict(final: FinalAnswer) -> Verdict:
    # Models change the case and add a full stop.
    title = final.error_title.strip().casefold().rstrip(".")
    if not title:
        return "no error found"
    return WHOLE_SOLUTION_INCORRECT if title == WHOLE_SOLUTION_INCORRECT else "error"


def _categories(clusters: Iterable[ClusterAnswer], parent: Category | None) -> list[Category]:
    """Categories with new ids; a name that repeats a sibling's or the parent's is dropped."""
    seen = {parent.name.casefold()} if parent else set()
    categories: list[Category] = []
    for cluster in clusters:
        name = " ".join(cluster.name.split())
        if name and name.casefold() not in seen:
            seen.add(name.casefold())
            taken = [category.id.rpartition(".")[2] for category in categories]
            own = slug(name, taken)
            identifier = CategoryId(f"{parent.id}.{own}" if parent else own)
            categories.append(Category(identifier, name, " ".join(cluster.description.split())))
    # A single subcategory would only repeat its parent.
    return categories if parent is None or len(categories) > 1 else []


def _valid_places(
    answer: PlacementAnswer, items: set[int], numbers: Mapping[int, int]
) -> dict[int, int]:
    """The valid assignments: of requested items, to exactly one listed category."""
    places_of: dict[int, set[int]] = {}
    for assignment in answer.assignments:
        places_of.setdefault(assignment.item_id - 1, set()).add(assignment.category_id)
    return {
        item: numbers[min(places)]
        for item, places in places_of.items()
        if item in items and len(places) == 1 and places <= numbers.keys()
    }


def _batched(items: Sequence[_ITEM], size: int) -> Iterable[Sequence[_ITEM]]:
    return (items[start : start + size] for start in range(0, len(items), size))
