"""Answers that a text gives in a sentence of its own, without any usual marker."""

import re
from typing import Final

from ..arithmetic.sentences import sentences

TAIL_CHARS: Final = 600
"""End of a text whose last sentence is read."""
FIRST_CHARS: Final = 400
"""Beginning of a text whose first sentence is read."""
MAX_CHARS: Final = 20_000
"""End of a text that is searched for a stated answer."""
VALUE_CHARS: Final = 160
"""Longest value with the words that follow it in its sentence."""

_RESULT: Final = re.compile(
    r"(?:\b(?:is|are|be|equals?|equal to)|\u2248)(?: (?:approximately|about|around|equal to))?[ :]*"
    r"[$\\({\[ \u20ac\u00a3\u2212-]{0,5}(?:\d|[a-z\u03c0](?:[/^*_(\[]|\Z))[^\n]*\Z",
    re.IGNORECASE,
)
_CONCLUDED: Final = re.compile(
    r"\W{0,4}(?:therefore|thus|hence|so)\b[^\n=]*=[^=\n]*[\w)\]}\u03c0][^=\n]*\Z", re.IGNORECASE
)
_CONCLUDES: Final = re.compile(
    r"\W{0,4}(?:therefore|thus|hence|so|since|because|as a result|consequently|in conclusion)\b",
    re.IGNORECASE,
)
_UNDECIDED: Final = re.compile(
    r"\b(?:answer|depend\w*|contingent|based on|possibl[ey]|impossible to|difficult to|unknown"
    r"|unclear|uncertain|might|may|could|cannot|can't|unable|maybe|perhaps|insufficient|enough"
    r"|not (?:\w+ )?(?:known|clear|definitive|certain|sure|available|provided|guaranteed))\b",
    re.IGNORECASE,
)
_STATED: Final = re.compile(
    r"\b(?:the|final|correct) answer(?: \([^()\n]{1,40}\))? is:? {1,4}"
    r"(?!not [A-P]\b)(?P<said>[^\W_][^\n:]{0,300}?)(?:[.!](?=\s)|\n)",
    re.IGNORECASE,
)
_HEDGED: Final = re.compile(
    r"\b(?:the|final|correct) answer(?: \([^()\n]{1,40}\))? is:?\s{1,4}"
    r"(?P<said>it is (?:difficult|hard|impossible|not possible|possible)\b)",
    re.IGNORECASE,
)
_LEANS: Final = re.compile(
    r"\bbut (?:it|there|he|she|they) (?:is|was|are|were) (?:\w+ )?"
    r"(?:believed|agreed|thought|accepted|likely|unlikely)\b",
    re.IGNORECASE,
)


def stated_sentence(text: str) -> bool:
    r"""Whether a finished sentence tells what the answer is, or one begins to say that it is open.

    Example:
        >>> stated_sentence("The answer is 10.\n\nThere are 5 ways to choose the")
        True
        >>> stated_sentence("The answer (Yes or No) is based on the following:\n\nThe")
        False
    """
    head = text[-MAX_CHARS:]
    return bool(_STATED.search(head) or _HEDGED.search(head))


def concludes_with_value(text: str) -> bool:
    r"""Whether the first or the last sentence gives a value as the result.

    Example:
        >>> concludes_with_value("So the motion vector is (1, 1)."), concludes_with_value("x = 3 +")
        (True, False)
        >>> concludes_with_value("First we add. Therefore, A = 2\u03c0i.")
        True
    """
    last = sentences(text.strip()[-TAIL_CHARS:])[-1:]
    first = sentences(text.strip()[:FIRST_CHARS])[:1]
    return any(_gives_value(one.text) for one in (*last, *first))


def _gives_value(sentence: str) -> bool:
    if len(sentence) > TAIL_CHARS:
        return False
    return bool(_RESULT.search(sentence[-VALUE_CHARS:]) or _CONCLUDED.match(sentence))


def decides(text: str) -> bool:
    """Whether the last sentence decides a question of yes or no without either word.

    Example:
        >>> decides("It never rises. Therefore, there are no solutions.")
        True
        >>> decides("Therefore, it depends on the reader."), decides("It is not known.")
        (False, False)
        >>> decides("It is not known for sure, but it is unlikely.")
        True
    """
    last = sentences(text.strip()[-TAIL_CHARS:])[-1:]
    if not last:
        return False
    sentence = last[0].text
    if _LEANS.search(sentence):
        return True
    return _CONCLUDES.match(sentence) is not None and _UNDECIDED.search(sentence) is None
