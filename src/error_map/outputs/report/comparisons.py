"""Sentences that compare models, with an exact test on the examples that both of them answered.

Intervals of two models are never compared: whether they overlap decides nothing, because the models
answered the same examples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import comb
from typing import Final, NamedTuple

from ...analysis import (
    LEVEL,
    CategoryRate,
    Heatmap,
    Rate,
    Signature,
    Transitions,
    holm,
    mcnemar,
)
from ...presentation.charts import LABELS, causes
from ...presentation.formatting import count, interval, percent
from ...presentation.wording import chance
from ...records import CategoryId
from ..summary import FinishedRun
from .parts import figure_part, name_part, rate_part, sentence
from .report import Part, Sentence

_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class ComparedModels:
    """The models of a run; pairs of them are compared when a sentence needs it."""

    run: FinishedRun
    _pairs: dict[tuple[str, str], Transitions] = field(default_factory=dict)

    def failure_rates(self, pair: Transitions | None) -> Iterator[Sentence]:
        """Which models fail most and least often, and whether the best ones differ for certain.

        Args:
            pair: A comparison that has a sentence of its own; it is not repeated.
        """
        models = self.run.summary.models
        if len(models) < _PAIR or not self.run.manifest.attempts_known:
            return
        ordered = sorted(models, key=lambda model: (model.failure_rate.value, model.model))
        yield from _extremes(ordered)
        if len(models) > _PAIR or not pair:
            yield from self._tested([model.model for model in ordered])

    def _tested(self, ordered: Sequence[str]) -> Iterator[Sentence]:
        """The best model compared with the next and with the worst one, on the same examples."""
        others = dict.fromkeys((ordered[1], ordered[-1]))
        compared = [one for other in others if (one := self._pair(other, ordered[0])).examples]
        p_values = [p for one in compared if (p := one.p_value) is not None]
        # The pairs are chosen by their results, so that all pairs count, not only those compared.
        family = comb(len(ordered), _PAIR)
        corrected = dict(zip(p_values, holm(p_values, family=family), strict=True))
        for one in compared:
            p = one.p_value
            form, parts = _changes(one)
            yield sentence(
                "models", f"{form}: {chance(None if p is None else corrected[p])}.", *parts
            )
        if p_values and family > 1:
            verb = "This is 1" if len(p_values) == 1 else f"These are {len(p_values)}"
            form = f"{verb} of the {family:,} possible comparisons of {len(ordered)} models; each "
            form += f"p-value is corrected for all {family:,} (Holm's method)."
            yield sentence("models", form)

    def outlier(self, heat: Heatmap | None, overall: Signature) -> Iterator[Sentence]:
        """The cause with which one model fails more often than all others, if any for certain.

        Silent where failures were sampled: the failures of two models on the same examples are then
        not all known.
        """
        if heat is None or len(heat.models) < _PAIR or not self.run.manifest.attempts_known:
            return
        if self.run.summary.accounting.studied < overall.failure_rate.hits:
            return
        leads = [lead for rate in causes(overall) if (lead := _lead(heat, rate.category.id))]
        tested = [(lead, p) for lead in leads if (p := self._lead_p(lead)) is not None]
        if not tested:
            return
        family = len(causes(overall)) * comb(len(heat.models), _PAIR)
        corrected = holm([p for _, p in tested], family=family)
        certain = [(one[0], p) for one, p in zip(tested, corrected, strict=True) if p < LEVEL]
        if certain:
            lead, p = max(certain, key=lambda one: (one[0].ahead, one[0].first.category.id))
            yield _lead_sentence(lead, chance(p, comparisons=family))

    def _lead_p(self, lead: "_Lead") -> float | None:
        """The p-value of the leading model against the next one in one category."""
        compared = self._pair(lead.next_model, lead.model)
        if compared.repeated or not compared.examples:
            return None
        category = lead.first.category.id
        only_next, only_first = (
            sum(
                flow.examples
                for flow in compared.flows
                if (flow.before == category, flow.after == category) == sides
            )
            for sides in ((True, False), (False, True))
        )
        # The leader may lead through examples that only one of the two models was scored on.
        return mcnemar(only_next, only_first) if only_first > only_next else None

    def _pair(self, before: str, after: str) -> Transitions:
        if (before, after) not in self._pairs:
            self._pairs[before, after] = self.run.transitions(before, after)
        return self._pairs[before, after]


class _Lead(NamedTuple):
    """A category in which one model has a higher rate per attempt than every other model."""

    model: str
    first: CategoryRate
    next_model: str
    second: CategoryRate

    @property
    def ahead(self) -> float:
        """Distance of the two rates; a fraction."""
        return self.first.per_attempt.value - self.second.per_attempt.value


def _lead(heat: Heatmap, category: CategoryId) -> _Lead | None:
    """The model that leads in a category; None for a tie, or if a model has no studied failures."""
    columns = [n for n, one in enumerate(heat.categories) if one.id == category]
    cells = [row[column] for row in heat.cells for column in columns]
    known = [
        (cell, model) for cell, model in zip(cells, heat.models, strict=False) if cell is not None
    ]
    if len(known) < max(len(heat.models), _PAIR):
        return None
    ranked = sorted(known, key=lambda one: (-one[0].per_attempt.value, one[1]))
    (first, model), (second, next_model) = ranked[:_PAIR]
    lead = _Lead(model, first, next_model, second)
    return lead if lead.ahead > 0 else None


def _lead_sentence(lead: _Lead, verdict: str) -> Sentence:
    first, second = lead.first.per_attempt, lead.second.per_attempt
    form = f"{{}} fails with {{}} more often than every other model: in {{}} {interval(first)} of "
    form += f"its attempts ({first.hits:,} of {first.trials:,}); next is {{}} with {{}} "
    form += f"{interval(second)} ({second.hits:,} of {second.trials:,}): {verdict}."
    names = (name_part(lead.model), name_part(lead.first.category.name))
    other = (name_part(lead.next_model), rate_part(second))
    return sentence("models", form, *names, rate_part(first), *other)


def _extremes(ordered: Sequence[Signature]) -> Iterator[Sentence]:
    """The models that alone fail most and least often, or that all fail equally often."""
    rates = [model.failure_rate for model in ordered]
    if rates[0].value == rates[-1].value:
        who = "Both models" if len(ordered) == _PAIR else f"All {len(ordered)} models"
        form = f"{who} fail equally often: {{}} of their attempts."
        yield sentence("models", form, rate_part(rates[0]))
        return
    forms, parts = [], list[Part]()
    ends = ((ordered[-1], rates[-2], "most"), (ordered[0], rates[1], "least"))
    for model, neighbour, how in ends:
        rate = model.failure_rate
        if rate.value != neighbour.value:
            forms.append(
                f"{{}} fails {how} often: {{}} {interval(rate)} of {rate.trials:,} attempts."
            )
            parts += [name_part(model.model), rate_part(rate)]
    if forms:
        yield sentence("models", " ".join(forms), *parts)


def _changes(pair: Transitions) -> tuple[str, tuple[Part, ...]]:
    """What changed from one model to another, as a format string and its parts."""
    fixed, broken = (Rate.counted(pair.counts[key], pair.examples) for key in ("fixed", "broken"))
    form = f"From {{}} to {{}}, on {count(pair.examples, 'attempt')} scored for both models: "
    form += f"{{}} {LABELS['fixed']} ({percent(fixed.value)}), "
    form += f"{{}} {LABELS['broken']} ({percent(broken.value)})"
    numbers = (figure_part(f"{fixed.hits:,}"), figure_part(f"{broken.hits:,}"))
    return form, (name_part(pair.before), name_part(pair.after), *numbers)


def pair_sentence(pair: Transitions | None) -> Iterator[Sentence]:
    """What changed between the two models that the report compares."""
    if pair is None or not pair.examples:
        return
    form, parts = _changes(pair)
    yield sentence("comparison", f"{form}: {chance(pair.p_value)}.", *parts)
