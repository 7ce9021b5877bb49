"""Tells whether a text mentions an answer, an option or a new question, in whatever form."""

import re
from functools import lru_cache
from typing import Final

from .word_overlap import lowercase

# Outputs: all detectors read one output and its up to three peers in succession.
CACHE_SIZE: Final = 8
# Options come last in a prompt; before them there may be worked examples with their own options.
PROMPT_TAIL_CHARS: Final = 4_000
"""End of the prompt in which the options of its last question are."""
LAST_LINE_CHARS: Final = 400
"""Characters of a last line that are read; the patterns need its beginning or its end alone."""
# A single letter or digit occurs in any sentence by chance.
MIN_OPTION_CHARS: Final = 2

# "Not enough information given"; a sentence that was cut off has more words.
MAX_ANSWER_WORDS: Final = 4
"""Words up to which the text behind "the answer is:" is an answer without its full stop."""

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
_LAST_ANSWER: Final = re.compile(
    r"\banswer\b[^\n:]{0,60}:[ \t*_\"]{0,9}([^\W\d_][^\n:.]{0,60})\Z", re.IGNORECASE
)
_OPEN_END: Final = re.compile(
    r"(?:[-+=*/,;(\[{&]|\b(?:an?|the|and|or|than|of|to|in|on|at|by|for|with|from|but|as|is|are|was"
    r"|were|be|that|which|this|if|because|not|no,|so|it|it's|its|we|their|my|your))\Z",
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
MIN_TURNS: Final = 2
"""One such label alone may be a heading, as in "System:"."""
_OPTION_LINE: Final = re.compile(r"^[ \t]*\(?([A-P])[.):][ \t]+(\S[^\n]*)", re.MULTILINE)


def states_answer(text: str) -> bool:
    """Whether the text states a final answer anywhere, with any usual marker."""
    return _STATES_ANSWER.search(text) is not None


def ends_in_choice(text: str) -> bool:
    r"""Whether the last line gives the letter of an option as the solution.

    Example:
        >>> ends_in_choice("It swims.\nSolution: Choice_C, the grebe")
        True
    """
    end = text[-LAST_LINE_CHARS:]
    return ":" in end[end.rfind("\n") + 1 :] and _LAST_CHOICE.search(end) is not None


def ends_in_answer(text: str) -> bool:
    """Whether the last line ends with a few words behind "the answer … :", and they end nowhere.

    Example:
        >>> ends_in_answer("So the answer (yes or no) is: It depends")
        True
        >>> ends_in_answer("So the answer (yes or no) is: It depends on")
        False
    """
    end = text[-LAST_LINE_CHARS:].rstrip()
    found = _LAST_ANSWER.search(end[end.rfind("\n") + 1 :])
    if found is None or len(found[1].split()) > MAX_ANSWER_WORDS:
        return False
    return _OPEN_END.search(found[1]) is None


def announces_answer(text: str) -> bool:
    """Whether the text ends with the words that announce an answer, as in "The answer is"."""
    end = text[-LAST_LINE_CHARS:]
    return (
        lowercase(end).rstrip(" \t:*").endswith(_ANNOUNCING) and _ANNOUNCES.search(end) is not None
    )


def ends_in_turn_of_other(text: str) -> bool:
    """Whether the text is a transcript whose last turn belongs to a user or a tool."""
    turns = [found[1] or found[2] for found in _TURN.finditer(text)]
    return len(turns) >= MIN_TURNS and turns[-1].lower() in _OTHERS


def names_option(prompt: str, text: str) -> bool:
    """Whether the text names one of the prompt's options, by letter or by text."""
    if _NAMED_OPTION.search(text):
        return True
    folded = text.casefold()
    return any(option in folded for option in option_texts(prompt))


@lru_cache(maxsize=CACHE_SIZE)
def run_on_start(output: str) -> int:
    """Where the output runs on into something else, such as a new "Question:"; else its length."""
    body = len(output) - len(output.lstrip())
    found = _RUN_ON.search(output, body)
    return found.start() if found else len(output)


def option_texts(prompt: str) -> list[str]:
    """Texts of the options of the prompt's last question, case-folded and without letters."""
    texts: list[str] = []
    for letter, text in _OPTION_LINE.findall(prompt[-PROMPT_TAIL_CHARS:]):
        option = text.strip(" .").casefold()
        texts = [option] if letter == "A" else [*texts, option]
    return [text for text in texts if len(text) >= MIN_OPTION_CHARS]
