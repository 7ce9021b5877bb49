"""One value in one notation: signs, LaTeX, quotes and case written out alike."""

import re
from functools import lru_cache
from typing import Final

CACHE_SIZE: Final = 256
"""Texts kept: references and answers are compared by many detectors."""
_SIGNS: Final = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u00d7": "*",
        "\u00b7": "*",
        "\u22c5": "*",
        "\u00f7": "/",
        "\u2044": "/",
        "\u03c0": "pi",
        "\u221a": "sqrt",
        "\u2019": "'",
        "\u2018": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "²": "^2",
        "³": "^3",
        "½": " 1/2",
        "¼": " 1/4",
        "¾": " 3/4",
        "∞": "infty",
        "\u222a": "cup",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
    }
)
_ATOM: Final = r"(?:\{([^{}]*)\}|\s*(\d|[a-zA-Z]))"
_FRACTION: Final = re.compile(rf"\\[dtc]?frac{_ATOM}{_ATOM}")
_ROOT: Final = re.compile(rf"\\sqrt{_ATOM}")
_WRAPPED: Final = re.compile(
    r"\\(?:text|textbf|textit|mathrm|mathbf|mathit|mbox|boxed|operatorname)\s*\{([^{}]*)\}"
)
_MEANINGLESS: Final = re.compile(
    r"\\(?:left|right|displaystyle|quad|qquad|!|,|;|:| |\(|\)|\[|\])|\^\s*\{?\\circ\}?|\\\$"
)
_TIMES: Final = re.compile(r"\\(?:times|cdot)(?![a-zA-Z])")
_NOT_LESS: Final = re.compile(r"\\(leq?|geq?|neq?)(?![a-zA-Z])")
_EXPONENT: Final = re.compile(r"\^\{(-?\w+)\}")
_WRAPPERS: Final = "\"'`*_ \t\r\n"
_NAMED: Final = re.compile(r"[a-z]\s*=\s*(?=\S)")
_SPACE: Final = re.compile(r"\s+")


@lru_cache(maxsize=CACHE_SIZE)
def plain(text: str) -> str:
    r"""The text as it compares: LaTeX written out, quotes and case gone, blanks single.

    Example:
        >>> plain(r"`\dfrac{3}{4}`."), plain("**Paris**")
        ('3/4', 'paris')
    """
    text = text.strip().translate(_SIGNS)
    if "\\" in text or "{" in text or "$" in text:
        text = _without_latex(text)
    text = _SPACE.sub(" ", text).strip(_WRAPPERS).rstrip(".").strip(_WRAPPERS).casefold()
    named = _NAMED.match(text)
    return text[named.end() :] if named else text


def _without_latex(text: str) -> str:
    text = _MEANINGLESS.sub("", text).replace("{,}", ",").replace("\\%", "%")
    if text.startswith("$") and text.endswith("$"):
        text = text.strip("$")
    text = _WRAPPED.sub(r"\1", text)
    text = _FRACTION.sub(_written_fraction, _ROOT.sub(_written_root, text))
    text = _EXPONENT.sub(r"^\1", _TIMES.sub("*", _WRAPPED.sub(r"\1", text)))
    text = _NOT_LESS.sub(_written_relation, text)
    return text.replace("\\pi", "pi").replace("\\", "")


def _written_fraction(found: re.Match[str]) -> str:
    above, below = (found[1] or found[2] or "").strip(), (found[3] or found[4] or "").strip()
    return f"{_bracketed(above)}/{_bracketed(below)}"


def _written_root(found: re.Match[str]) -> str:
    return f"sqrt({(found[1] or found[2] or '').strip()})"


def _bracketed(term: str) -> str:
    simple = term.lstrip("\\").isalnum() or (term.startswith("sqrt(") and term.count("(") == 1)
    return term if simple else f"({term})"


def _written_relation(found: re.Match[str]) -> str:
    return {"l": "<=", "g": ">=", "n": "!="}[found[1][0]]
