"""Multiple choice: the options of a prompt, the chosen one and the working before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from ..detector import Case
from ..text.mentions import run_on_start

# Options come last in a prompt; before them there may be worked examples with their own options.
PROMPT_TAIL_CHARS: Final = 6_000
"""End of the prompt in which the options of its last question are."""
# Bounds the work; a longer working states its answer earlier or loops.
MAX_OUTPUT_CHARS: Final = 20_000
"""Beginning of an output that is searched for its answer."""
MIN_OPTIONS: Final = 2
# Upper bounds of what `_STATES` and `_LEADS` match, so that a cheap count can replace them.
MAX_STATEMENT_CHARS: Final = 100
"""Letters and digits in one statement of an answer."""
MAX_LEAD_CHARS: Final = 65
"""Characters of the words before the keyword of a statement, such as "so the correct "."""
# Nearly all outputs with a working are recognised as such by their first lines.
GLANCE_CHARS: Final = 400
"""Beginning of a text that is counted before the patterns run over all of it."""
# Two or three words; fewer are filler such as "Sure!".
MIN_WORKING_CHARS: Final = 12
"""Letters and digits besides the answer from which on an output shows a working."""
FIRST_LETTER: Final = "A"
# Prompts; the outputs of all models to one are examined in succession.
CACHE_SIZE: Final = 64
# Cases and outputs; all detectors read one in succession.
CASE_CACHE_SIZE: Final = 4
_NO_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})
# A single equals sign also occurs in definitions such as "let x = 3".
MIN_EQUALS_SIGNS: Final = 2
"""Equals signs of an answer that calculates."""
MIN_CALCULATING_PEERS: Final = 2
MIN_CALCULATING_SHARE: Final = 0.6
"""Share of the correct answers that must calculate for a task to require it; two of three do."""

_FIRST: Final = re.compile(r"^[ \t]*\(?A[.):][ \t]|\(A\)", re.MULTILINE)
_LINE: Final = re.compile(r"^[ \t]*\(?([A-P])[.):][ \t]+(\S[^\n]*)", re.MULTILINE)
_INLINE: Final = re.compile(r"\(([A-P])\)[ \t]*((?:(?!\([A-P]\))[^\n]){1,200})")
_RUN_IN: Final = re.compile(
    r"(?<![\w(])([A-P])\)[ \t]+([^\n]{1,200}?)(?=[ \t,;]+[A-P]\)[ \t]|[ \t]*$)", re.MULTILINE
)
_LEADS: Final = r"(?i:(?:(?:the|so|final|correct|best|right|therefore|thus|hence)[ ,*]{1,4}){0,5})"
_STATES: Final = (
    r"(?i:\b(?:answer|option|choice)\b[^\n.()]{0,40}?(?:\bis\b|:)[\s:*_]{0,8})"
    r"(?:\\(?:boxed|text)\{|[$({]){0,4}([A-P])\b(?:[)}$*]{1,4})?"
)
_STATEMENT: Final = re.compile(_LEADS + _STATES)
_STATED: Final = re.compile(_STATES)
_LEAD: Final = re.compile(_LEADS + r"\Z")
_KEYWORD: Final = re.compile(r"[aocAOC](?i:nswer|ption|hoice)")
"""Begins with a set of letters, for which the engine searches much faster than for words."""
_ANNOUNCEMENT: Final = re.compile(
    r"let(?:'|\u2019)?s think step by step|final answer|\W|answer", re.IGNORECASE
)
_STATING: Final = ("answer", "option", "choice", "step by step")
"""Every statement of an answer and every announcement of one contains one of these."""
_NO_SIGNS: Final = str.maketrans(
    "", "", "".join(filter(re.compile(r"\W").match, map(chr, range(128))))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A chosen option and the text that leads to it."""

    options: Mapping[str, str]
    letter: str
    working: str
    """The output up to the first statement of the answer: `output[: len(working)]`."""
    statement: tuple[int, int]
    """Span of the statement in the output."""

    @property
    def text(self) -> str:
        """The text of the chosen option."""
        return self.options[self.letter]


@lru_cache(maxsize=CACHE_SIZE)
def options(prompt: str) -> Mapping[str, str]:
    r"""The options of the prompt's last question by letter; empty if it has none.

    Example:
        >>> dict(options("Which is red?\nA. A leaf\nB. A poppy\nAnswer:"))
        {'A': 'A leaf', 'B': 'A poppy'}
    """
    tail = prompt[-PROMPT_TAIL_CHARS:]
    for pattern in (_LINE, _INLINE, _RUN_IN):
        listed: dict[str, str] = {}
        for letter, text in pattern.findall(tail):
            if letter == FIRST_LETTER:
                listed = {}
            if letter == chr(ord(FIRST_LETTER) + len(listed)):
                listed[letter] = text.strip()
        if len(listed) >= MIN_OPTIONS:
            return MappingProxyType(listed)
    return _NO_OPTIONS


@lru_cache(maxsize=CASE_CACHE_SIZE)
def choice(case: Case) -> Choice | None:
    """The option that the output chooses; None if its answer is not the letter of one."""
    letter = case.answer.text.upper() if case.answer else ""
    if case.answer is None or len(letter) != 1:
        return None
    listed = options(case.prompt)
    if letter not in listed:
        return None
    head = own_text(case.output)
    statement = _first_statement(head)
    if statement is None or head[statement.letter_at].upper() != letter:
        span = (case.answer.start, case.answer.end)
    else:
        span = (statement.start, statement.end)
    if span[1] > len(head):
        return None
    return Choice(options=listed, letter=letter, working=head[: span[0]], statement=span)


class _Statement(NamedTuple):
    """The span of a statement of the answer, and the offset of its option letter."""

    start: int
    letter_at: int
    end: int


def _first_statement(text: str) -> _Statement | None:
    """The first statement of an option as the answer."""
    for word in _KEYWORD.finditer(text):
        stated = _STATED.match(text, word.start())
        if stated:
            lead = _LEAD.search(text, max(0, word.start() - MAX_LEAD_CHARS), word.start())
            start = lead.start() if lead else word.start()
            return _Statement(start, stated.start(1), stated.end())
    return None


@lru_cache(maxsize=CACHE_SIZE)
def stem(prompt: str) -> str:
    """The prompt up to the options of its last question."""
    end = len(prompt)
    for match in _FIRST.finditer(prompt, max(0, end - PROMPT_TAIL_CHARS)):
        end = match.start()
    return prompt[:end]


@lru_cache(maxsize=CASE_CACHE_SIZE)
def own_text(output: str) -> str:
    """The beginning of an output, up to where it runs on into something else."""
    end = run_on_start(output[:MAX_OUTPUT_CHARS])
    return output[: end or MAX_OUTPUT_CHARS]


def has_no_working(text: str) -> bool:
    """Whether the text consists of statements of an answer and announcements of one."""
    if _clearly_has_working(text[:GLANCE_CHARS]):
        return False
    return _working_chars(text[:MAX_OUTPUT_CHARS]) < MIN_WORKING_CHARS


def _clearly_has_working(text: str) -> bool:
    """A cheap test: whether enough remains even if every keyword makes a longest statement."""
    if not text.isascii():
        return False
    letters = len(text.translate(_NO_SIGNS))
    lowered = text.lower()
    statements = sum(map(lowered.count, _STATING))
    return letters - statements * MAX_STATEMENT_CHARS >= MIN_WORKING_CHARS


def _working_chars(text: str) -> int:
    """Letters and digits besides statements of an answer and announcements of one."""
    return len(_ANNOUNCEMENT.sub("", _STATEMENT.sub("", text)))


def peers_calculate(case: Case) -> bool:
    """Whether most of the correct answers calculate, and at least two do."""
    calculating = sum(output.count("=") >= MIN_EQUALS_SIGNS for output in case.correct_outputs)
    return calculating >= max(
        MIN_CALCULATING_PEERS, MIN_CALCULATING_SHARE * len(case.correct_outputs)
    )
