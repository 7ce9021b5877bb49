"""What a text mentions without being read by a route: an answer, an option, a new question."""

import re
from functools import lru_cache
from typing import Final

from .word_overlap import small

ASKED_AGAIN: Final = 8
"""Outputs kept: every detector asks for the same one in turn."""
PROMPT_CHARS: Final = 4_000
"""The options of the last question stand within this of the prompt's end."""
LAST_LINE_CHARS: Final = 400
SHORTEST_OPTION: Final = 2
"""Characters: a shorter option text stands in any sentence by chance."""

_RUN_ON: Final = re.compile(
    r"\n[ \t#*]*(?:question|problem|exercise|q|human|user|input|passage|instruction)"
    r"[ \t]*\d*[*]*[:.]"
    r"|<\|(?:im_start|im_end|endoftext|eot_id|start_header_id)\|>|\n\[INST\]",
    re.IGNORECASE,
)
_STATES_ANSWER: Final = re.compile(
    r"\b(?:answer|option|choice)(?: choice)?\b[^\n.()]{0,60}?(?:\bis\b|\bwould be\b|:|=)[\s:*_]*\S"
    r"|####[ \t]*\S|\\boxed\s*\{|\"(?:final[ _]?)?answer\"\s*:\s*[\"\w-]|^a:[ \t]*\S"
    r"|\bis the (?:correct |final |best |right )?answer\b|\([A-P]\)[.\s]*\Z",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED_OPTION: Final = re.compile(
    r"\([A-P]\)|\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer of) [A-P]\b|(?<![\w.])[B-P]\. [A-Z]"
    r"|\bis [B-P]\b"
)
_LAST_CHOICE: Final = re.compile(
    r"(?:\A|\n)[ \t*#>-]*(?:the )?(?:(?:final|correct|best) )?(?:solution|answer|choice|option"
    r"|conclusion|result)[ \t*]{0,4}:[ \t*_(\[\"]*(?:(?:choice|option|answer)[ _-]{0,2})?\(?[A-P]\b"
    r"[^\n]*\Z",
    re.IGNORECASE,
)
_ANNOUNCES: Final = re.compile(
    r"(?:\banswer is|\n[ \t*#]*(?:final )?answer)[ \t:*]*\Z", re.IGNORECASE
)
_ANNOUNCING: Final = ("answer", "answer is")
_TURN: Final = re.compile(
    r"^(?:\[(\w+)[^\]\n]{0,60}\]|(user|human|assistant|ai|agent|model|tool|function|observation"
    r"|environment|system))[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_OTHERS: Final = frozenset(
    {"user", "human", "customer", "tool", "function", "observation", "environment", "system"}
)
FEWEST_TURNS: Final = 2
_OPTION_LINE: Final = re.compile(r"^[ \t]*\(?([A-P])[.):][ \t]+(\S[^\n]*)", re.MULTILINE)


def states_answer(text: str) -> bool:
    """Whether the text says anywhere what its final answer is, by any usual marker."""
    return _STATES_ANSWER.search(text) is not None


def ends_in_choice(text: str) -> bool:
    r"""Whether the last line gives the letter of an option as the solution.

    Example:
        >>> ends_in_choice("It swims.\nSolution: Choice_C, the grebe")
        True
    """
    end = text[-LAST_LINE_CHARS:]
    return ":" in end[end.rfind("\n") + 1 :] and _LAST_CHOICE.search(end) is not None


def announces_answer(text: str) -> bool:
    """Whether the text ends with the words behind which its answer would stand."""
    end = text[-LAST_LINE_CHARS:]
    return small(end).rstrip(" \t:*").endswith(_ANNOUNCING) and _ANNOUNCES.search(end) is not None


def ends_in_others_turn(text: str) -> bool:
    """Whether the text is a transcript whose last turn a user or a tool has."""
    turns = [found[1] or found[2] for found in _TURN.finditer(text)]
    return len(turns) >= FEWEST_TURNS and turns[-1].lower() in _OTHERS


def names_option(prompt: str, text: str) -> bool:
    """Whether the text names one of the prompt's options, by its letter or by its words."""
    if _NAMED_OPTION.search(text):
        return True
    folded = text.casefold()
    return any(option in folded for option in option_texts(prompt))


@lru_cache(maxsize=ASKED_AGAIN)
def run_on_start(output: str) -> int:
    """Where the output goes on into something else, such as a new "Question:"; else its length."""
    body = len(output) - len(output.lstrip())
    found = _RUN_ON.search(output, body)
    return found.start() if found else len(output)


def option_texts(prompt: str) -> list[str]:
    """Texts of the options of the prompt's last question, without letters and full stops."""
    texts: list[str] = []
    for letter, text in _OPTION_LINE.findall(prompt[-PROMPT_CHARS:]):
        option = text.strip(" .").casefold()
        texts = [option] if letter == "A" else [*texts, option]
    return [text for text in texts if len(text) >= SHORTEST_OPTION]
