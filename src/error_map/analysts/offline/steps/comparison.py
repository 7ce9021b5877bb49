"""Compares the working of a failing answer with right workings of the same task."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from ..answer_types.multiple_choice import options
from ..answer_types.own_question import question_stem
from ..arithmetic.quantities import quantities, spelt
from ..detector import Case
from ..text.mentions import run_on_start
from ..values.common_numbers import telling
from .workings import Step, key, steps

TAIL_CHARS: Final = 300
"""Searched for the last number of a working."""
# The next two bound the work: a longer text is no word problem and no working of one.
MAX_CHARS_READ: Final = 20_000
"""Characters of a text that are searched for formulas."""
MAX_CHARS: Final = 50_000
"""Longer texts are not compared at all."""
TEXT_CACHE_SIZE: Final = 256
"""A right answer is compared with many failures, whose order keeps the same example together."""
CASE_CACHE_SIZE: Final = 16
"""Every detector in turn asks for the comparison of the current case."""

COMES_BACK: Final = 2
"""Steps after a departing one that right workings have too, from which on it did no harm: of 16
such answers with marked steps, the marked step came later in 8."""

_ALGEBRA: Final = re.compile(
    r"(?<![a-zA-Z\\$])[a-zA-Z]\s?(?:=|\^)|\d[a-z](?![a-zA-Z])\s?[-+=^*/)]"
    r"|(?<![a-zA-Z])[=+*/]\s?\d{0,9}[a-wyz]\s?[-+=*/)]|\(\d{0,9}[a-wyz]\s?[-+*/]|\d\s?\^|√|\b[a-z]\([a-z0-9]\)|∫"
    r"|\\(?:sqrt|sum|int|pi|theta|binom|log|sin|cos)\b"
)
_FORMULA_IN_TASK: Final = re.compile(
    r"\\(?:frac|sqrt|cdot|times|le|ge|\(|\[|left|begin|text|pi|theta|circ)"
    r"|\$[^$\n]{0,80}[a-zA-Z^_=\\]\$|\^|√|\b[a-z]\([a-z0-9]\)|(?<![a-zA-Z$])[b-zB-Z]\s?=\s?"
)
# "Use each number once to obtain 24": there are many ways, and right ones need not share a step.
_WITH_THESE_NUMBERS: Final = re.compile(
    r"\b(?:each|every|all|only|these|the|following)(?: of)?(?: the| these)? (?:four |five |six "
    r"|given |following )?(?:numbers?|digits?|integers?)\b|\bgame of 24\b|\bcountdown\b"
    r"|\b(?:arithmetic|mathematical|basic) (?:operations|operators)\b",
    re.IGNORECASE,
)
_TO_A_TARGET: Final = re.compile(
    r"\b(?:to|that|which|and|can|must|should|:) (?:obtain|make|reach|get(?: to)?|give|form|yield"
    r"|total|equal|obtains|makes|reaches|gives|yields|equals|evaluates? to|results? in|sums? to)"
    r"|\b(?:to )?(?:obtain|make|reach)|\btarget(?: number| value)?(?: of| is)?",
    re.IGNORECASE,
)
_COUNTS: Final = re.compile(r"\b(?:how (?:many|much)|probability|what is)\b", re.IGNORECASE)
_TARGET: Final = re.compile(r"[\s:=]{1,3}(?:the (?:number|value|target)[\s:]{1,3})?\$?\d")
_HARMLESS: Final = frozenset({1.0, 100.0})


@dataclass(frozen=True, slots=True)
class Right:
    """A right working: of the reference, or of another model's right answer."""

    steps: tuple[Step, ...]
    reference: bool
    algebra: bool
    """Whether it contains unknowns, so that its numbers may mean something else."""
    values: frozenset[float]
    """All its numbers."""

    @property
    def name(self) -> str:
        """Its name in a sentence."""
        return "the reference" if self.reference else "a right answer"


@dataclass(frozen=True, eq=False)
class Comparison:
    """The working of a failing answer, and the right workings that it is compared with."""

    steps: tuple[Step, ...]
    """Steps of the failing answer, without unrelated text after it."""
    text: str
    rights: tuple[Right, ...]
    question: str
    """The task, without worked examples and options."""
    task: frozenset[float]
    """The quantities of the task."""
    right_values: frozenset[float]
    """All numbers of the right workings."""
    gold: float | None
    """The right result; None if it is no number."""
    final: float | None
    """The failing answer's result; None if it is no number."""

    @cached_property
    def right_steps(self) -> tuple[Step, ...]:
        """The steps of all right workings."""
        return tuple(step for right in self.rights for step in right.steps)

    @cached_property
    def right_results(self) -> frozenset[float]:
        """The results of the steps of right workings."""
        return frozenset(step.result for step in self.right_steps)

    @cached_property
    def values(self) -> frozenset[float]:
        """All numbers of the failing working."""
        return mentioned(self.text)

    @cached_property
    def departed(self) -> tuple[Step, ...]:
        """The departing steps, in order: those that lead to no result of a right working."""
        sound = [self._sound(step) for step in self.steps]
        for index in range(len(self.steps) - 1, -1, -1):
            sound[index] = sound[index] or self._leads(index, sound)
        return tuple(step for step, good in zip(self.steps, sound, strict=True) if not good)

    @cached_property
    def last(self) -> Step | None:
        """The last step whose result is the answer."""
        ends = [step for step in self.steps if step.result == self.final]
        return ends[-1] if ends else None

    @cached_property
    def anchors(self) -> Mapping[float, int]:
        """Results that the working and a right one reach in the same way, with their places."""
        found: dict[float, int] = {}
        for step in self.steps:
            if step.result in self.task or step.result in found or not step.true:
                continue
            if any(same_way(step, right) for right in self.right_steps):
                found[step.result] = step.start
        return found

    def used_on(self, step: Step) -> bool:
        """Whether the result of the step is the answer, or is used again after it."""
        if step.result == self.final:
            return True
        value = abs(step.result)
        return any(key(q.value) == value for q in quantities(self.text) if q.start >= step.end)

    @cached_property
    def wrong_step(self) -> Step | None:
        """The first departing step, if it is likely to be the first wrong one.

        Not if its result is never used, if the working comes back to right steps, or if a step
        before has a right result by another way: then people mark another step in two of three.
        """
        first = self.departed[0] if self.departed else None
        if first is None or not self.used_on(first):
            return None
        back = sum(step.start > first.start and self.shared(step) for step in self.steps)
        if back >= COMES_BACK:
            return None
        before = self.steps[: self.steps.index(first)]
        doubtful = (
            step
            for step in before
            if self.used_on(step) and not self.met(step) and not self._restates(step)
        )
        return next((step if _trivial(step) else None for step in doubtful), first)

    def _restates(self, step: Step) -> bool:
        """Whether the step only repeats a number of the task, as in `5 * 1 = 5`."""
        return step.result in self.task and step.result in step.operands

    def shared(self, step: Step) -> bool:
        """Whether a right working gets the step's result in the same way."""
        return step.result not in self.task and any(
            same_way(step, right) for right in self.right_steps
        )

    def met(self, step: Step) -> bool:
        """Whether a right step has the same result and one of the operands."""
        return any(step.result == right.result and meet(step, right) for right in self.right_steps)

    def whose(self, step: Step) -> str:
        """Return the name, in a sentence, of the right working that contains the step."""
        return next((right.name for right in self.rights if step in right.steps), "a right answer")

    def known(self, value: float) -> bool:
        """Whether the task or a right working contains the value."""
        return value in self.task or value in self.right_values

    def _sound(self, step: Step) -> bool:
        if not step.true:
            return False
        result = step.result
        if _trivial(step) or result in self.task:
            return True
        if result == self.final and result in self.right_results:
            # The wrong answer may be a number of right workings by chance.
            return any(each.result == result and self.met(each) for each in self.steps)
        if telling(result) or result not in self.right_results:
            return result in self.right_values
        return any(result == right.result and meet(step, right) for right in self.right_steps)

    def _leads(self, index: int, sound: Sequence[bool]) -> bool:
        """Whether a later step uses the result and is sound itself."""
        step = self.steps[index]
        later = zip(self.steps[index + 1 :], sound[index + 1 :], strict=True)
        return step.true and any(
            good and step.result in each.operands and each.result not in self.task
            for each, good in later
        )


def same_way(one: Step, other: Step) -> bool:
    """Whether two steps have the same result by the same operation, and not by chance.

    A telling result needs one shared operand in the same role; for a common one, all operands must
    be the same.
    """
    if one.result != other.result or one.kind != other.kind:
        return False
    if not telling(one.result):
        return one[:3] == other[:3]
    apart = set(one.direct).isdisjoint(other.direct) and set(one.inverse).isdisjoint(other.inverse)
    return not apart


def _trivial(step: Step) -> bool:
    """Whether the step has a result or an operand that occurs in almost any working."""
    return step.result in _HARMLESS or 1.0 in step.operands


def meet(one: Step, other: Step) -> bool:
    """Whether two steps have an operand in common."""
    return not set(one.operands).isdisjoint(other.operands)


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def mentioned(text: str) -> frozenset[float]:
    """Return the numbers in a text, rounded for comparison as by `key`."""
    return frozenset(key(each.value) for each in quantities(text))


@lru_cache(maxsize=CASE_CACHE_SIZE)
def compare(case: Case) -> Comparison | None:
    """Compare a case with its right workings; None if that is impossible or would mislead.

    Both sides must show a working with plain numbers, the failing one without algebra, and the
    answer must not end in the right number. Texts beyond `MAX_CHARS` are not read.
    """
    texts = (case.prompt, case.output, case.reference or "", *case.correct_outputs)
    return None if max(map(len, texts)) > MAX_CHARS else _compare(case)


def _compare(case: Case) -> Comparison | None:
    task = question_stem(case)
    if formula_in(task) or has_many_ways(task):
        return None
    output = case.output[: run_on_start(case.output)]
    own = steps(output)
    if own and _algebraic(output):
        return None
    rights = tuple(_rights(case)) if own else ()
    if not rights:
        return None
    gold = _stated(case, case.gold) if case.gold else None
    final = _stated(case, case.answer.text if case.answer else output)
    texts = [each for each in (case.reference, *case.correct_outputs) if each]
    ends = {_last(each) for each in texts if steps(each)}
    if final is None or final == gold or (gold is None and final in ends):
        return None
    return Comparison(
        steps=own,
        text=output,
        rights=rights,
        question=task,
        task=frozenset(map(float, spelt(task))) | mentioned(task),
        right_values=_union(mentioned(each) for each in texts),
        gold=gold if gold is not None else ends.pop() if len(ends) == 1 else None,
        final=final,
    )


def _rights(case: Case) -> Iterator[Right]:
    for text in (case.reference, *case.correct_outputs):
        found = steps(text) if text else ()
        if text and found:
            yield Right(found, text is case.reference, _algebraic(text), mentioned(text))


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def formula_in(task: str) -> bool:
    """Whether a task is stated in formulas, so that numbers alone do not identify its steps."""
    return _FORMULA_IN_TASK.search(task, 0, MAX_CHARS_READ) is not None


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def has_many_ways(task: str) -> bool:
    """Whether a task asks to reach a target with given numbers, as "the game of 24" does.

    Example:
        >>> has_many_ways("Use numbers and basic arithmetic operations (+ - * /) to obtain 24.")
        True
        >>> has_many_ways("He uses 3 of the numbers. How many more does he need to make 24?")
        False
    """
    text = task[:MAX_CHARS_READ]
    if _WITH_THESE_NUMBERS.search(text) is None or _COUNTS.search(text):
        return False
    return any(_TARGET.match(text, found.end()) for found in _TO_A_TARGET.finditer(text))


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def _algebraic(text: str) -> bool:
    return _ALGEBRA.search(text, 0, MAX_CHARS_READ) is not None


def _union(sets: Iterable[frozenset[float]]) -> frozenset[float]:
    return frozenset[float]().union(*sets)


def _stated(case: Case, answer: str) -> float | None:
    """The number in an answer, or in the option that the answer names by its letter."""
    letter = answer.strip("()*. \n").upper()
    if len(letter) != 1 or not letter.isalpha():
        return _last(answer)
    return _last(options(case.prompt).get(letter, ""))


def _last(text: str) -> float | None:
    value = None
    for quantity in quantities(text[-TAIL_CHARS:]):
        value = quantity.value
    return None if value is None else key(value)
