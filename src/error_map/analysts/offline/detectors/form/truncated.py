"""Finds outputs that stop before they are finished."""

import re
from dataclasses import dataclass
from typing import Final

from ...answer_types.multiple_choice import options
from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...text.cutoff import cut_inside, open_fragment
from ...text.ending import stops_short
from ...text.mentions import (
    announces_answer,
    ends_in_answer,
    ends_in_choice,
    ends_in_turn_of_other,
    run_on_start,
    states_answer,
)
from ...text.stop_reason import ended_itself, hit_limit
from ...values.equality import is_number

QUOTED_CHARS: Final = 80
LAST_WORDS: Final = 6
"""Words and characters quoted from the end: enough to see that it stops in the middle."""
MIN_CHARS: Final = 60
"""Shorter outputs end below the smallest limit of tokens in use, which is 16."""
# 23 of 24 findings read were right: (23 + 4 * 0.82) / (24 + 4), see `Measured`.
CONFIDENCE: Final = 0.94
TAIL_CHARS: Final = 20_000
"""Searched for a stated answer; bounds the work on very long outputs."""
LAST_LINE_CHARS: Final = 120
"""Searched for an answer in another form than the usual one of the dataset."""

_BEHIND: Final = re.compile(r"\n[ \t]*####[ \t]*(\S{1,40})\Z")
"""The marker of a final answer, as some evaluation tools put it behind a text without one."""
_ANNOUNCING: Final = re.compile(r"(?:\b(?:is|are|be|was|equals|to|get|have|answer)|[=:])\Z")
_GIVES: Final = r"(?:[=\u2248:]|\bis|\bare)[\s$*]*"


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where and how a text stops."""

    summary: str
    end: int
    """Offset at which the model's own text ends."""


def detect(case: Case) -> Detection | None:
    """Find texts that stop in the middle without having given a final answer."""
    text = case.output.rstrip()
    if not text or ended_itself(case.stop_reason) or ends_in_turn_of_other(text):
        return None
    cut = _cut_at_limit(case, text) if hit_limit(case.stop_reason) else _cut_by_text(case, text)
    if cut is None:
        return None
    return Detection(
        title="Output cut off",
        summary=cut.summary,
        spans=((max(0, cut.end - QUOTED_CHARS), cut.end),),
        confidence=CONFIDENCE,
    )


def _cut_at_limit(case: Case, text: str) -> _Cut | None:
    """A text that was stopped at the limit of tokens, as the log says, before its answer."""
    behind = _BEHIND.search(text)
    own = text[: behind.start()].rstrip() if behind else text
    if not own or (behind and not stops_short(own, strictly=False)):
        return None
    if behind is None and _answered(case, text):
        return None
    tokens = f" of {case.tokens_out:,} tokens" if case.tokens_out else ""
    return _Cut(
        f"The output was stopped at its limit{tokens}, at {_last_words(own)!r},"
        " before a final answer.",
        len(own),
    )


def _cut_by_text(case: Case, text: str) -> _Cut | None:
    """A text that shows by its end that it was cut off."""
    if len(text) < MIN_CHARS:
        return None
    behind = _BEHIND.search(text)
    if behind:
        return _cut_before_marker(case, text[: behind.start()].rstrip(), behind[1])
    if _answered(case, text):
        return None
    inside = cut_inside(text, case.prompt)
    if case.profile.expects_answer:
        if not inside and case.answer is None and stops_short(text, strictly=False):
            inside = "a sentence or formula"
    elif inside == "a sentence" and any(map(_ends_openly, case.correct_outputs)):
        return None  # right answers end in this way too
    if not inside:
        return None
    return _Cut(
        f"The output stops inside {inside}, at {_last_words(text)!r}, before a final answer.",
        len(text),
    )


def _cut_before_marker(case: Case, own: str, value: str) -> _Cut | None:
    """A text that stops inside a sentence, behind which one of its numbers was put."""
    written = re.compile(rf"(?<![\w.,]){re.escape(value)}(?![\w]|[.,]\d)")
    given = re.search(_GIVES + written.pattern, own) is not None
    inside = cut_inside(own, case.prompt, by_style=False)
    fragment = open_fragment(own)
    # The marker may repeat the result: then, a missing full stop alone shows nothing.
    if not inside and fragment and not given and not written.search(fragment):
        inside = "a sentence"
    if not inside or not written.search(own) or (given and _ANNOUNCING.search(own)):
        return None
    return _Cut(
        f"The text stops inside {inside}, at {_last_words(own)!r}, and only"
        f" {'#### ' + value!r} follows.",
        len(own),
    )


def _ends_openly(output: str) -> bool:
    """Whether a right answer stops inside a sentence, before any text that runs on after it."""
    return stops_short(output[: run_on_start(output)])


def _last_words(text: str) -> str:
    return " ".join(text[-QUOTED_CHARS:].split()[-LAST_WORDS:])


def _answered(case: Case, text: str) -> bool:
    """Whether the text contains a final answer, by the answer route or by another usual marker.

    An answer that is announced and left blank counts if an empty answer can be right, as when a
    task asks for what remains.
    """
    if (
        ends_in_choice(text)
        or ends_in_answer(text)
        or (announces_answer(text) and _may_be_blank(case))
    ):
        return True
    if case.profile.expects_answer and (case.answer is None or not case.answer.guessed):
        return case.answer is not None or states_answer(text[-LAST_LINE_CHARS:])
    return run_on_start(text) < len(text) or states_answer(text[-TAIL_CHARS:])


def _may_be_blank(case: Case) -> bool:
    return not options(case.prompt) and not is_number(case.gold or "")


DETECTOR: Final = Detector(
    name="truncated",
    finding="Output cut off",
    description="The text stops in the middle of a word, sentence or JSON, without an answer.",
    category="degenerate_output",
    kind="cause",
    rank=13,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
    measured=Measured(right=23, read=24),
)
