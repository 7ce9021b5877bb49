"""Whether two written answers are the same value, exactly: numbers, option letters, plain text."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

MAX_NUMBER_CHARS: Final = 120
"""No answer that is longer than this is one number."""
MAX_VALUE_CHARS: Final = 4_000
"""Longer texts are compared letter by letter, without normalising."""
MOST_NOTATION: Final = 12
"""Times as long that one value is written at most, beyond a constant."""

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
_EXPONENT: Final = re.compile(r"\^\{(-?\w+)\}")
_WRAPPERS: Final = "\"'`*_ \t\r\n"
_NAMED: Final = re.compile(r"[a-z]\s*=\s*(?=\S)")
_SPACE: Final = re.compile(r"\s+")
_LABEL: Final = re.compile(r"[(\[]?([a-z])[)\].:]*(?:(?<=[).:\]])\s+(\S.*))?", re.DOTALL)
_NUMBER: Final = re.compile(
    r"(?P<sign>[-+]?)\s*(?:usd|us|rs\.?|eur)?\s*[$£€¥₹]?\s*(?P<minus>-?)"
    r"(?:(?P<whole>\d+)\s+(?P<part>\d+)/(?P<parts>\d+)"
    r"|(?P<digits>\d{1,3}(?:,\d{2,3})*,\d{3}|\d+)?(?P<decimals>\.\d+)?"
    r"(?:e(?P<tens>[-+]?\d{1,3})|\s*\*\s*10\s*\^\s*\(?(?P<power>[-+]?\d{1,3})\)?)?"
    r"(?:\s*/\s*(?P<below>\d+))?)"
    r"\s*(?P<unit>%|[a-z°\"'$£€][a-z°./ ^\-'23]*)?"
)
_MAGNITUDE: Final = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_NOT_UNITS: Final = frozenset(
    re.findall(
        r"\w+",
        "pi sqrt log ln sin cos tan exp mod factorial squared cubed choose base plus minus times"
        " over or and to through not in by of is if than less more off but",
    )
)
_PERCENT: Final = frozenset({"%", "percent", "per cent", "pct"})
_SHORTEST_UNIT: Final = 2
"""Letters: a single one may be a variable, 5x is not 5."""


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number with what stands behind it."""

    value: Fraction
    unit: str


def same_value(left: str, right: str) -> bool:
    r"""Whether two written answers mean the same value; never a guess, never "nearly".

    Numbers compare exactly, whatever their notation: thousands separators, currency, fractions,
    LaTeX, trailing zeros. A unit or percent sign on one side only is passed over. A bare option
    letter equals the option that carries it. Anything else compares as normalised text. Two blank
    texts are not a value.

    Example:
        >>> same_value("$1,250.00", "1250"), same_value(r"\frac{1}{2}", "0.5")
        (True, True)
        >>> same_value("(B)", "B. the second one"), same_value("5x", "5")
        (True, False)
    """
    shorter, longer = sorted((len(left), len(right)))
    if (
        not shorter
        or longer > MAX_VALUE_CHARS
        or longer > MAX_NUMBER_CHARS + MOST_NOTATION * shorter
    ):
        return bool(left.strip()) and left.strip() == right.strip()
    first, second = plain(left), plain(right)
    if not first or not second:
        return False
    return first == second or _same_option(first, second) or _same_number(first, second)


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


def is_number(text: str) -> bool:
    """Whether the text is one number, perhaps with a unit."""
    return len(text) <= MAX_NUMBER_CHARS and _quantity(plain(text)) is not None


def _without_latex(text: str) -> str:
    text = _MEANINGLESS.sub("", text).replace("{,}", ",").replace("\\%", "%")
    if text.startswith("$") and text.endswith("$"):
        text = text.strip("$")
    text = _WRAPPED.sub(r"\1", text)
    text = _FRACTION.sub(_written_fraction, _ROOT.sub(_written_root, text))
    text = _EXPONENT.sub(r"^\1", _TIMES.sub("*", _WRAPPED.sub(r"\1", text)))
    return text.replace("\\pi", "pi").replace("\\", "")


def _written_fraction(found: re.Match[str]) -> str:
    above, below = (found[1] or found[2] or "").strip(), (found[3] or found[4] or "").strip()
    return f"{_bracketed(above)}/{_bracketed(below)}"


def _written_root(found: re.Match[str]) -> str:
    return f"sqrt({(found[1] or found[2] or '').strip()})"


def _bracketed(term: str) -> str:
    simple = term.isalnum() or (term.startswith("sqrt(") and term.count("(") == 1)
    return term if simple else f"({term})"


def _same_option(left: str, right: str) -> bool:
    first, second = _LABEL.fullmatch(left), _LABEL.fullmatch(right)
    if first and second:
        texts = {first[2], second[2]} - {None}
        return first[1] == second[1] and len(texts) <= 1
    if first and first[2]:
        return first[2] == right
    return bool(second and second[2] == left)


def _same_number(left: str, right: str) -> bool:
    first = _quantity(left)
    second = _quantity(right) if first else None
    if not first or not second:
        return False
    units = {first.unit, second.unit} - {""}
    if first.value == second.value:
        return len(units) <= 1
    one_is_percent = len(units) == 1 and units <= _PERCENT
    return one_is_percent and first.value * _hundredth(first) == second.value * _hundredth(second)


def _hundredth(quantity: _Quantity) -> Fraction:
    return Fraction(1, 100) if quantity.unit in _PERCENT else Fraction(1)


def _quantity(text: str) -> _Quantity | None:
    """The number that a plain text is, or None where it is anything else."""
    if len(text) > MAX_NUMBER_CHARS:
        return None
    found = _NUMBER.fullmatch(text)
    if found is None or not (found["whole"] or found["digits"] or found["decimals"]):
        return None
    value = _magnitude(found)
    unit = _unit(found["unit"] or "")
    if value is None or unit is None:
        return None
    negative = bool(found["sign"] == "-") != bool(found["minus"])
    return _Quantity((-value if negative else value) * unit[0], unit[1])


def _magnitude(found: re.Match[str]) -> Fraction | None:
    if found["whole"]:
        parts = int(found["parts"])
        return int(found["whole"]) + Fraction(int(found["part"]), parts) if parts else None
    digits = (found["digits"] or "0").replace(",", "") + (found["decimals"] or "")
    below = int(found["below"] or 1)
    tens = int(found["tens"] or found["power"] or 0)
    return Fraction(digits) * Fraction(10) ** tens / below if below else None


def _unit(text: str) -> tuple[int, str] | None:
    """The factor and the unit in the words after a number; None where they are no unit."""
    words = text.strip(" .").split()
    factor = _MAGNITUDE.get(words[0], 1) if words else 1
    words = words[1:] if factor > 1 else words
    unit = " ".join(words)
    if unit in _PERCENT:
        return factor, "%"
    if any(word in _NOT_UNITS for word in words) or "*" in unit:
        return None
    if unit and len(words[0].strip("°\"'$£€")) < _SHORTEST_UNIT and unit[0].isalpha():
        return None
    return factor, unit.rstrip("s").strip("$£€")
