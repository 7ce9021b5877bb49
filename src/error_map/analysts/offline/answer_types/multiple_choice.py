"""Multiple choice: the options of a prompt, the one that was chosen, and the working before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from ..detector import Case
from ..text.mentions import run_on_start

PROMPT_CHARS: Final = 6_000
"""The options of the last question stand within this of the prompt's end."""
OUTPUT_CHARS: Final = 20_000
"""Beginning of an output that is searched for its answer."""
FEWEST: Final = 2
LONGEST_STATEMENT: Final = 100
"""Letters and digits, of which no statement of an answer has more."""
LONGEST_LEAD: Final = 65
"""Characters of the words before the word that an answer is stated with."""
GLANCED_CHARS: Final = 400
"""Beginning of a text that mostly tells whether anything is said."""
LEAST_SHOWN: Final = 12
"""Letters and digits from which on something is said besides the answer."""
FIRST: Final = "A"
REMEMBERED: Final = 64
"""Prompts whose options are kept: the answers of all models to one stand together."""
ASKED_AGAIN: Final = 4
"""Cases and outputs kept: every detector asks for the same one in turn."""
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
CALCULATES: Final = 2
"""Equals signs of an answer that calculates."""
USUALLY: Final = 0.6
"""Share of the correct answers that must calculate for the task to ask for it."""

_FIRST: Final = re.compile(r"^[ \t]*\(?A[.):][ \t]|\(A\)", re.MULTILINE)
_LINE: Final = re.compile(r"^[ \t]*\(?([A-P])[.):][ \t]+(\S[^\n]*)", re.MULTILINE)
_INLINE: Final = re.compile(r"\(([A-P])\)[ \t]*([^\n(]{1,200})")
_LEADS: Final = r"(?i:(?:(?:the|so|final|correct|best|right|therefore|thus|hence)[ ,*]{1,4}){0,5})"
_STATES: Final = (
    r"(?i:\b(?:answer|option|choice)\b[^\n.()]{0,40}?(?:\bis\b|:)[\s:*_]{0,8})"
    r"(?:\\(?:boxed|text)\{|[$({]){0,4}([A-P])\b(?:[)}$*]{1,4})?"
)
_STATEMENT: Final = re.compile(_LEADS + _STATES)
_STATED: Final = re.compile(_STATES)
_LEAD: Final = re.compile(_LEADS + r"\Z")
_KEYWORD: Final = re.compile(r"[aocAOC](?i:nswer|ption|hoice)")
"""Begins with a set of letters, which the engine looks for much faster than for words."""
_PROMISE: Final = re.compile(
    r"let(?:'|\u2019)?s think step by step|final answer|\W|answer", re.IGNORECASE
)
_STATING: Final = ("answer", "option", "choice", "step by step")
"""One of these stands in every statement of an answer and in every word that announces one."""
_NO_SIGNS: Final = str.maketrans(
    "", "", "".join(filter(re.compile(r"\W").match, map(chr, range(128))))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A chosen option, and the text that leads to it."""

    options: Mapping[str, str]
    letter: str
    working: str
    """The output up to the first statement of the answer: `output[: len(working)]`."""
    statement: tuple[int, int]
    """Where the answer is stated."""

    @property
    def text(self) -> str:
        """The chosen option's words."""
        return self.options[self.letter]


@lru_cache(maxsize=REMEMBERED)
def options(prompt: str) -> Mapping[str, str]:
    r"""The options of the prompt's last question by their letters; empty where it has none.

    Example:
        >>> dict(options("Which is red?\nA. A leaf\nB. A poppy\nAnswer:"))
        {'A': 'A leaf', 'B': 'A poppy'}
    """
    tail = prompt[-PROMPT_CHARS:]
    for pattern in (_LINE, _INLINE):
        found: dict[str, str] = {}
        for letter, text in pattern.findall(tail):
            if letter == FIRST:
                found = {}
            if letter == chr(ord(FIRST) + len(found)):
                found[letter] = text.strip()
        if len(found) >= FEWEST:
            return MappingProxyType(found)
    return _NONE


@lru_cache(maxsize=ASKED_AGAIN)
def choice(case: Case) -> Choice | None:
    """The option that the output chooses, where its answer is the letter of one."""
    letter = case.answer.text.upper() if case.answer else ""
    if case.answer is None or len(letter) != 1:
        return None
    found = options(case.prompt)
    if letter not in found:
        return None
    head = own_text(case.output)
    stated = _first_statement(head)
    if stated is None or head[stated[1]].upper() != letter:
        place = (case.answer.start, case.answer.end)
    else:
        place = (stated[0], stated[2])
    if place[1] > len(head):
        return None
    return Choice(options=found, letter=letter, working=head[: place[0]], statement=place)


def _first_statement(text: str) -> tuple[int, int, int] | None:
    """Where an option is first stated as the answer: its begin, the letter and its end."""
    for word in _KEYWORD.finditer(text):
        stated = _STATED.match(text, word.start())
        if stated:
            lead = _LEAD.search(text, max(0, word.start() - LONGEST_LEAD), word.start())
            return lead.start() if lead else word.start(), stated.start(1), stated.end()
    return None


@lru_cache(maxsize=REMEMBERED)
def stem(prompt: str) -> str:
    """The prompt up to the options of its last question."""
    end = len(prompt)
    for found in _FIRST.finditer(prompt, max(0, end - PROMPT_CHARS)):
        end = found.start()
    return prompt[:end]


@lru_cache(maxsize=ASKED_AGAIN)
def own_text(output: str) -> str:
    """The beginning of an output, up to where it runs on into something else."""
    end = run_on_start(output[:OUTPUT_CHARS])
    return output[: end or OUTPUT_CHARS]


def shows_nothing(text: str) -> bool:
    """Whether there is nothing but statements of an answer and words that announce it."""
    return not _says_much(text[:GLANCED_CHARS]) and _shown(text[:OUTPUT_CHARS]) < LEAST_SHOWN


def _says_much(text: str) -> bool:
    """Whether enough is shown even if as many statements stand there as words that make one."""
    if not text.isascii():
        return False
    letters = len(text.translate(_NO_SIGNS))
    lowered = text.lower()
    statements = sum(map(lowered.count, _STATING))
    return letters - statements * LONGEST_STATEMENT >= LEAST_SHOWN


def _shown(text: str) -> int:
    """Letters and digits besides statements of an answer and words that announce it."""
    return len(_PROMISE.sub("", _STATEMENT.sub("", text)))


def calculated(case: Case) -> bool:
    """Whether most of the correct answers calculate, and at least two do."""
    worked = sum(output.count("=") >= CALCULATES for output in case.correct_outputs)
    return worked >= max(CALCULATES, USUALLY * len(case.correct_outputs))
