"""Whether an equation was cut out of its text whole, judged by what precedes and follows it."""

import re
from typing import Final

from ..values.units import LETTERS
from .equations import Equation

_FUNCTIONS: Final = frozenset(
    "choose permute sin cos tan cot sec csc log ln exp sqrt root mod base times plus minus over"  # noqa: SIM905 - a long list reads best as text
    " squared cubed pi half third quarter twice double triple factor max min gcd lcm adding"
    " subtracting multiplying dividing per negative less more fewer divided multiplied percent not"
    " row column".split()
)
"""Words that take the number behind them as an argument."""

_OPENING: Final = frozenset(".,;:?!\"'\u201c\u201d\u2018\u2019`>→⇒∴|")
_CLOSING: Final = frozenset(".,;:?\"'\u201d\u2019`|")
_MARGIN: Final = 40
_WORD_AHEAD: Final = re.compile(r"(\\*)\{?([^\W\d_]+(?:['\u2019][a-z]+)?)\}?[^\w(]*$")
_PLAIN_OF: Final = re.compile(
    r"\b(?:total|sum|cost|amount|area|volume|profit|loss|price|distance|number|result|value|average"
    r"|mean|score|length|weight|age|speed|rate|income|salary|balance|width|height|out|because|bill"
    r"|perimeter|probability|difference|payment|charge|discount|fee|share|course|period|all)\s+of$",
    re.IGNORECASE,
)
"""What may precede `of` without changing the number behind it, unlike `half of`."""
_LIST_MARK: Final = re.compile(r"(?:^|\n)[^\S\n]*\(?[\divxa-hA-H]{1,3}[.)][^\S\n]*$")
_GLUED_BRACKET: Final = re.compile(r"[\w})\]{]\(?$")
_LATEX_END: Final = re.compile(
    r"\\+(?:[)\]\\,;:! ]|q?quad|text|mathrm|implies|Rightarrow|Longrightarrow|approx|rightarrow"
    r"|to\b)"
)
_DIGITS_GO_ON: Final = re.compile(r"[.,:;]\d|,\s?\d{3}(?!\d)")
_DIGITS: Final = re.compile(r"[\d.]+")
_NEARBY: Final = 400
_GLUED_X: Final = re.compile(r"\d[xX]\d")
_VARIABLE_X: Final = re.compile(r"(?<![\w.])[xX]_?\d")
_ARTICLE: Final = re.compile(r" [aA] [a-z]{2}")
_PER_UNIT: Final = re.compile(r"/\s?[a-zA-Z]{2}")


def torn(text: str, equation: Equation) -> bool:
    """Whether what precedes or follows the equation may belong to it."""
    return _torn_left(text, equation) or _torn_right(text, equation) or _cut_off(text, equation)


def variable_x(text: str, equation: Equation) -> bool:
    """Whether the x between two digits may be the variable `x2`, which the text has elsewhere."""
    start, end = equation.left.start, equation.right.end
    glued = _GLUED_X.search(text, start, end)
    return bool(glued and _VARIABLE_X.search(text, max(0, start - _NEARBY), end + _NEARBY))


def _torn_left(text: str, equation: Equation) -> bool:
    start = equation.left.start
    ahead = text[max(0, start - _MARGIN) : start].rstrip(" \t\\")
    if text[start] in "{[":
        return True
    match equation.before:
        case "word" | "verb":
            whole = not text[start - 1].isalnum() and not _takes_argument(ahead)
        case "of":
            whole = bool(_PLAIN_OF.search(ahead))
        case "stop":
            last = ahead[-1:]
            whole = last in _OPENING and not (last in ".,:" and text[start - 1] == last)
        case "close":
            whole = bool(_LIST_MARK.search(ahead))
        case "open":
            whole = not _GLUED_BRACKET.search(ahead.removesuffix("("))
        case before:
            whole = before in {"line", "equals"}
    return not whole


def _takes_argument(ahead: str) -> bool:
    """Whether the text ends in a function, a LaTeX command, or no plain word at all."""
    word = _WORD_AHEAD.search(ahead)
    return word is None or bool(word[1]) or word[2].lower() in _FUNCTIONS


def _torn_right(text: str, equation: Equation) -> bool:
    end = equation.right.end
    rest = text[end : end + 12].removeprefix("**")
    match equation.after:
        case "word" | "verb":
            whole = rest[:1].isspace() or rest[:1] in _CLOSING or "\\text" in rest
        case "letter":
            unit = rest[:1] == " " and rest.lstrip()[:1] in LETTERS
            whole = unit or bool(_ARTICLE.match(rest))
        case "over":
            whole = equation.right.run[-1].kind == "word" and bool(_PER_UNIT.match(rest))
        case "open":
            whole = rest[:1].isspace() and "\\" not in rest[:3] and "{" not in rest[:3]
        case "stop":
            whole = _punctuation(rest)
        case after:
            whole = after in {"line", "equals", "money", "close"}
    return not whole


def _cut_off(text: str, equation: Equation) -> bool:
    """Whether the output ends in the first digits of the right result."""
    end = equation.right.end
    if abs(equation.left.result.value) == equation.right.result.value:
        return False
    if end < len(text.rstrip()) or not text[end - 1].isdigit():
        return False
    shown = _DIGITS.findall(text[equation.right.start : end].replace(",", ""))[-1]
    return f"{float(equation.left.result.value):.12f}".lstrip("-").startswith(shown)


def _punctuation(rest: str) -> bool:
    """Whether the mark behind a number ends it: not `9, 111`, not `9!`, not `9^2`."""
    mark = rest.lstrip()
    if mark.startswith("\\"):
        return bool(_LATEX_END.match(mark))
    return mark[:1] in _CLOSING and not _DIGITS_GO_ON.match(mark)
