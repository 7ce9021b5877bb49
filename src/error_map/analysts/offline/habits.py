"""Tells ways of answering that right answers have as well from errors, by rates within the run."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

from ...records import Diagnosis, Finding
from .detector import Detector
from .examine import concluded
from .lift import Rates, lift, lift_interval, pooled_lift_interval

Form: TypeAlias = tuple[str, str]
"""A way of answering: the detector that recognizes it, and the title of its finding."""


CLEAR_LIFT: Final = 2.0
"""From twice the rate of right answers on, a form in wrong ones is no habit on the face of it."""


class Group(NamedTuple):
    """The answers of one model to one dataset."""

    dataset: str
    model: str


class Habits:
    """How often each form is in the wrong and right answers that were compared.

    Args:
        detectors: The detectors of the run.
    """

    def __init__(self, detectors: Iterable[Detector]) -> None:
        self._detectors = {one.name: one for one in detectors}
        self._answers: Counter[tuple[Group, bool]] = Counter()
        self._hits: Counter[tuple[Group, Form, bool]] = Counter()
        self._groups: defaultdict[str, set[Group]] = defaultdict(set)
        self._judged: dict[tuple[Group, Form], bool] = {}

    def add(self, group: Group, forms: Iterable[Form], *, passed: bool) -> None:
        """Counts one answer; all are added before the first question."""
        self._answers[group, passed] += 1
        self._groups[group.dataset].add(group)
        for form in set(forms):
            self._hits[group, form, passed] += 1

    def rates(self, group: Group, form: Form) -> Rates:
        """How often the group's compared answers have the form."""
        return Rates(
            self._hits[group, form, False],
            self._answers[group, False],
            self._hits[group, form, True],
            self._answers[group, True],
        )

    def totals(self) -> Mapping[str, Rates]:
        """The rates over all datasets and models by detector, of those that found something."""
        hits: Counter[tuple[str, bool]] = Counter()
        for (_, (detector, _), passed), number in self._hits.items():
            hits[detector, passed] += number
        wrong, right = (
            sum(number for (_, passed), number in self._answers.items() if passed is which)
            for which in (False, True)
        )
        return {
            detector: Rates(hits[detector, False], wrong, hits[detector, True], right)
            for detector in sorted({name for name, _ in hits})
        }

    def settled(self, diagnosis: Diagnosis, group: Group) -> Diagnosis:
        """The diagnosis in which forms are causes only if the rates allow it, and else facts."""
        if group not in self._groups.get(group.dataset, ()):
            return diagnosis
        findings = [self._settled(finding, group) for finding in diagnosis.findings]
        if all(new is old for new, old in zip(findings, diagnosis.findings, strict=True)):
            return diagnosis
        return concluded(findings, self._detectors, answer=diagnosis.answer)

    def _settled(self, finding: Finding, group: Group) -> Finding:
        detector = self._detectors.get(finding.detector)
        if detector is None or detector.habit is None or finding.kind != "cause":
            return finding
        form = (finding.detector, finding.title)
        if self._explains(group, form):
            return finding
        rates = _in_words(self.rates(group, form))
        summary = f"{finding.summary} {rates}, so it is not counted as the cause."
        return replace(finding, kind="fact", summary=summary)

    def _explains(self, group: Group, form: Form) -> bool:
        known = self._judged.get((group, form))
        if known is None:
            known = self._judged[group, form] = self._judge(group, form)
        return known

    def _judge(self, group: Group, form: Form) -> bool:
        """Whether a form is a cause: more frequent in wrong answers than chance explains.

        A model whose wrong answers have it clearly more often, but too few of them to exclude
        chance, is judged by all models of the dataset.
        """
        own = self.rates(group, form)
        if lift_interval(own)[0] > 1:
            return True
        if own.right_hits and lift(own) < CLEAR_LIFT:
            return False
        strata = [self.rates(one, form) for one in sorted(self._groups[group.dataset])]
        if pooled_lift_interval(strata)[0] > 1:
            return True
        habit = self._detectors[form[0]].habit
        return habit is not None and not habit.presumed and not own.right_hits


def _in_words(rates: Rates) -> str:
    """The sentence with both rates, without its full stop."""
    wrong = f"{_percent(rates.wrong_hits, rates.wrong)} of the wrong ones"
    right = f"{_percent(rates.right_hits, rates.right)} of the right ones"
    counts = (
        f"{rates.wrong_hits:,} of {rates.wrong:,}",
        f"{rates.right_hits:,} of {rates.right:,}",
    )
    if not rates.right:
        return (
            f"Of this model's compared answers, {wrong} ({counts[0]}) are like this; none is right"
        )
    return (
        f"Of this model's compared answers, {wrong} ({counts[0]}) and {right} ({counts[1]}) are"
        " like this"
    )


def _percent(hits: int, trials: int) -> str:
    """The rounded share; 0 and 100 only for none and for all."""
    share = 100 * hits / trials if trials else 0.0
    written = f"{share:.0f}" if not hits or share >= 1 else f"{share:.1f}"
    if hits and written == "0.0":
        return "<0.1 %"
    return ">99 %" if hits < trials and written == "100" else f"{written} %"
