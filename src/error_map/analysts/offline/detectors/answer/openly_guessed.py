"""Finds answers that the text itself calls a guess or not worked out."""

import re
from collections import deque
from typing import Final

from ...answer_types.multiple_choice import own_text
from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...text.word_overlap import lowercase

TAIL_CHARS: Final = 3_000
"""Characters read before the answer: a guess is admitted where the answer is given."""
AROUND_CHARS: Final = 100
"""Characters quoted after the admission, so that it is understood without the text."""
# 13 of 15 findings read were right: (13 + 4 * 0.82) / (15 + 4), see `Measured`.
CONFIDENCE: Final = 0.86

_WE: Final = r"\b(?:I|we|let us|let['\u2019]s)"
_GUESSES: Final = (
    rf"{_WE}(?:['\u2019](?:ll|d|m|re)| will| would| must| can only| have to| need to)?"
    r" (?:just |simply |only |now |have to |make an? )?(?:\w+ )?guess(?:ing)?\b(?! and check)"
    r"|\b(?:best|educated|random|wild|rough) guess\b|\b(?:a|my|our) guess (?:is|would be)\b"
    r"|\brandomly (?:choose|pick|select|guess)(?: an?| one| the)? (?:answer|option)"
    r"|\b(?:choose|pick|select)(?:ing)? (?:an |one )?(?:answer|option)? ?at random\b"
    rf"|{_WE} (?:will |can |could |have to |must )?assume (?:that )?"
    r"(?:we(?:['\u2019]ve| have| had) (?:found|determined|calculated|computed|solved)"
    r"|the (?:final |correct )?answer|it (?:is|equals) \d)"
)
_GIVES_UP: Final = (
    r"\b(?:it is|it['\u2019]s|is) (?:not possible|impossible|difficult|hard) to (?:determine"
    r"|give|provide|calculate|compute|find|answer|choose|select|pinpoint)\b"
    r"|\b(?:cannot|can['\u2019]t|can not|unable to|not able to) (?:be )?(?:\w+ )?(?:determined?"
    r"|given?|answer(?:ed)?|calculated?|computed?|provided?|find|found|solved?)\b[^.\n]{0,60}"
    r"\b(?:without|exactly|definitive|precise|here|based on"
    r"|(?:with|from) the (?:given|provided|information))"
    r"|\b(?:not enough|insufficient|without (?:more|further|additional)"
    r"|requires? (?:more|additional|further)) (?:information|context|data|details|analysis"
    r"|investigation)\b"
)
_SKIPS: Final = (
    r"\bbeyond the scope\b|\bbest (?:handled|done|solved) (?:with|by|using) (?:a |an )?"
    r"(?:calculator|computer|software|computational|numerical)"
)
_GUESS: Final = re.compile(f"{_GUESSES}|{_GIVES_UP}|{_SKIPS}", re.IGNORECASE)
_HINTS: Final = (
    *("guess", "assume", "random", "possible to", "difficult to", "hard to", "cannot", "can not"),
    *("can't", "can\u2019t", "able to", "enough", "insufficient", "without", "require"),
    *("beyond the scope", "best "),
)
"""Every match contains one of these: a substring test is much faster than the pattern."""


def detect(case: Case) -> Detection | None:
    """Find answers whose text says that they are guessed or not worked out."""
    if case.answer is None:
        return None
    text = own_text(case.output)
    end = min(len(text), case.answer.start)
    begin = max(0, end - TAIL_CHARS)
    tail = lowercase(text[begin:end])
    if not any(hint in tail for hint in _HINTS):
        return None
    last = deque(_GUESS.finditer(text, begin, end), maxlen=1)
    if not last:
        return None
    found = last[0]
    quoted = " ".join(text[found.start() : found.end() + AROUND_CHARS].split("\n")[0].split())
    return Detection(
        title="Answer openly guessed",
        summary=f"The text itself says that the answer is not worked out: {quoted!r}.",
        spans=(found.span(),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="openly_guessed",
    finding="Answer is a guess by its own words",
    description="The text itself says that its answer is a guess or was not worked out.",
    category="incomplete_reasoning",
    kind="cause",
    rank=46,
    detect=detect,
    habit=Habit(form=title_of(detect)),
    measured=Measured(right=13, read=15),
)
