"""Values that a working states as found without showing how: `after solving, we find 12`."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from ..arithmetic.quantities import quantities, spelt, values
from ..arithmetic.sentences import Sentence, sentences
from ..arithmetic.tokens import Number
from ..values.number_words import LARGEST_SPELT
from .formulas import MAX_FORMULA_CHARS, formula
from .unevaluated import SHORTEST_LIST, counts, listings, pieces, sums, worth

CACHE_SIZE: Final = 256
"""Workings that were looked through: one right working is compared with many failures."""
MAX_CHARS: Final = 12_000
"""Characters of a working that are read."""
END_CHARS: Final = 1_500
MAX_ASSIGNED: Final = 200
MAX_EQUATIONS: Final = 4
AROUND_CHARS: Final = 900
"""Before a value, its sentences are looked at; it is as near to the end."""
GLANCED_CHARS: Final = 200
BEFORE_CHARS: Final = 400
LIST_CHARS: Final = 600
NEAR: Final = 0.5
MAX_NUMBERS: Final = 12

_WORK: Final = (
    r"(?:solv|simplif|evaluat|calculat|comput|analy[sz]|test|trial|check|iterat|expand|appl[yi]"
    r"|perform|examin|inspect|explor|consider|compar|work|enumerat|try|tried|search|optimi[sz]"
    r"|substitut|manipulat|combin)\w*"
)
_FOUND: Final = (
    r"\b(?:we|one|it|you) (?:can |also |now |then |will )?(?:find|get|obtain|see|determine|conclude"
    r"|discover|arrive|have|observe|identify|deduce|can be)\b"
)
_ASSERTS: Final = re.compile(
    rf"\b(?:after|by|upon|on|through|from|with) (?:\w+ ){{0,3}}?{_WORK}\b[^.\n]{{0,160}}?{_FOUND}"
    r"|\b(?:solving|simplifying|evaluating|calculating|computing|testing|checking|working"
    r"|iterating|trying|performing|expanding|combining)\b[^.\n=]{0,20}?\b(?:these|system|equations"
    r"|values|all|further)\b[^.\n=]{0,100}?"
    r"\b(?:gives?|yields?|leads? to|results? in|shows?|reveals?|we (?:find|get|obtain|see|have))\b"
    r"|\busing (?:a|an|some) (?:\w+ )?(?:calculator|computer|software|program)\b",
    re.IGNORECASE,
)
_HINTS: Final = (
    *(" find", " get", " obtain", " see", " determine", " conclude", " discover", " arrive"),
    *(" have", " observe", " identify", " deduce", " can be", "yield", "give", "lead", "result"),
    *("show", "reveal", "calculator", "computer", "software", "program"),
)
_WORK_HINTS: Final = (
    *("solving", "trial", "trying", "testing", "after ", "examin", "calculator", "software"),
    *("computer", "program", "simplif", "inspect", "expanding", "combining", "by try", "evaluat"),
)
_SHOWN_LISTS: Final = re.compile(r"\b(?:count|list)", re.IGNORECASE)
_EQUATION: Final = re.compile(
    r"\d[^\n=]{0,40}[-+*/\u00d7\u00b7^]\s?[^\n=]{0,40}=\s?[-\d]|\\equiv|\u2261"
)
_PAIR: Final = re.compile(r"\(\s?-?\d[^()\n]{0,20},[^()\n]{1,20}\)")
_ASSIGNED: Final = re.compile(
    r"(?<![a-zA-Z\\])([a-zA-Z])(?:_\w)?\s{0,3}=\s{0,3}(-?\d{1,9}(?:\.\d{1,9})?)"
    r"(?!\d|\.\d|[a-zA-Z]|\s?(?:[-+*/^(=]|\\(?![)\]n])))"
)
_MULTIPLE: Final = re.compile(
    r"(?<![\w.^*/+-])(\d{1,9}(?:\.\d{1,9})?) ?\*? ?([a-zA-Z]) {0,3}= {0,3}"
    r"\$?(\d{1,9}(?:\.\d{1,9})?)(?![\d(*/^a-zA-Z]|\.\d| ?[-+*/^])"
)
_DIGITS: Final = frozenset("0123456789.,")
_GOES_BEHIND: Final = re.compile(r"\d|[.,]\d")
_GOES_ON: Final = re.compile(r"=\s*\S{0,12}\d")


@lru_cache(maxsize=CACHE_SIZE)
def asserted(working: str, value: Number) -> Sentence | None:
    """The sentence that brings up a value near the end as found, where no calculation leads to it.

    Example:
        >>> found = asserted("We seek x. After some testing, we find that x is 42.", 42)
        >>> found.text if found else None
        'After some testing, we find that x is 42.'
        >>> asserted("6 * 7 = 42. After some testing, we find that x is 42.", 42) is None
        True
    """
    if len(working) > MAX_CHARS:
        return None
    place = _first(working, value)
    if place is None or len(working) - place > AROUND_CHARS:
        return None
    before = working[max(0, place - GLANCED_CHARS) : place].lower()
    if not any(hint in before for hint in _HINTS):
        return None
    around = sentences(working[: place + BEFORE_CHARS], max(0, place - AROUND_CHARS))
    till = [each for each in around if each.start <= place]
    inside = bool(till) and place <= till[-1].start + len(till[-1].text)
    return _unshown(working, value, place, till=till) if inside else None


def asserted_unknowns(working: str, value: Number) -> tuple[Sentence, frozenset[str]] | None:
    """The sentence that asserts numbers of unknowns which the value is then worked out from.

    Example:
        >>> found = asserted_unknowns("Solving these equations, we find a = 7. So 7 + 2 = 9.", 9)
        >>> sorted(found[1]) if found else None
        ['a=7']
    """
    if len(working) > MAX_CHARS:
        return None
    begin = max(0, len(working) - END_CHARS)
    end = working[begin:].lower()
    if "=" not in end or not any(hint in end for hint in _WORK_HINTS):
        return None
    previous = ""
    for one in sentences(working, begin):
        found = _ASSIGNED.search(one.text) if "=" in one.text else None
        behind = working[one.start + len(one.text) :]
        late = found and len(behind) < AROUND_CHARS and not _announces(one.text)
        if found and late and _says_found(one.text[: found.start()]):
            assigned = frozenset(f"{each[1]}={each[2]}" for each in _ASSIGNED.finditer(one.text))
            before = working[: one.start]
            if _new(assigned, before, previous) and _worked_out(value, behind):
                return one, assigned
        previous = one.text
    return None


def assigned_in(text: str) -> frozenset[str]:
    """The numbers that the text gives to single letters, as `a=7`."""
    found = islice(_ASSIGNED.finditer(text[:MAX_CHARS]), MAX_ASSIGNED)
    return frozenset(f"{each[1]}={each[2]}" for each in found)


def _new(assigned: frozenset[str], before: str, previous: str) -> bool:
    """Whether nothing before gives the unknowns these numbers, nor calculates one of them."""
    if _closed(previous) or assigned & assigned_in(before) or _solved(assigned, previous):
        return False
    numbers = {abs(float(each.partition("=")[2])) for each in assigned}
    return not any(abs(each) in numbers for each in worth(before[-BEFORE_CHARS:]))


def _solved(assigned: frozenset[str], equations: str) -> bool:
    """Whether a multiple of each unknown stands right before, as `2x = 26` does before `x=13`."""
    multiples = {
        f"{found[2]}={float(found[3]) / float(found[1]):g}"
        for found in _MULTIPLE.finditer(equations)
        if float(found[1])
    }
    plain = {f"{name}={float(value):g}" for name, _, value in (a.partition("=") for a in assigned)}
    return bool(plain) and plain <= multiples


def _worked_out(value: Number, behind: str) -> bool:
    """Whether a later expression evaluates to the value, in few steps."""
    if behind.count("=") > MAX_EQUATIONS:
        return False
    return any(abs(each) == float(value) for each in worth(behind))


def _unshown(
    working: str, value: Number, place: int, *, till: Sequence[Sentence]
) -> Sentence | None:
    """The last of the sentences, where it asserts the value and nothing before calculates it."""
    sentence, previous = till[-1], till[-2].text if len(till) > 1 else ""
    ahead = sentence.text[: place - sentence.start]
    before, behind = working[: sentence.start], working[sentence.start + len(sentence.text) :]
    if not _claims(sentence.text, len(ahead)) or _verified(behind) or _closed(previous):
        return None
    listed = before[-LIST_CHARS:] + ahead
    if _combined(value, values(previous) | values(ahead)) or value in counts(listed) | sums(listed):
        return None
    return None if _reached(value, before, sentence.text) else sentence


def _first(working: str, value: Number) -> int | None:
    """Where the value first occurs in the working."""
    if value != int(value):
        return next((each.start for each in quantities(working) if each.value == value), None)
    shown = {str(int(value)), f"{int(value):,}"}
    places = [place for one in shown if (place := _alone(working, one)) is not None]
    return min(places, default=None)


def _alone(text: str, numeral: str) -> int | None:
    """Where the numeral first occurs as a whole number."""
    place = text.find(numeral)
    while place >= 0:
        behind = text[place + len(numeral) :][:2]
        if text[max(0, place - 1) : place] not in _DIGITS and not _GOES_BEHIND.match(behind):
            return place
        place = text.find(numeral, place + 1)
    return None


def _claims(sentence: str, place: int) -> bool:
    """Whether the sentence asserts the value at that place, and does not calculate it."""
    ahead = sentence[:place]
    return _says_found(ahead) and not (_GOES_ON.search(sentence, place) or _calculated(ahead))


def _says_found(ahead: str) -> bool:
    """Whether the words say that what follows was found, and not by a list that is shown."""
    return _ASSERTS.search(ahead) is not None and not _SHOWN_LISTS.search(ahead)


def _announces(sentence: str) -> bool:
    """Whether something is to follow that shows what the sentence says."""
    return sentence.rstrip().endswith(":")


def _reached(value: Number, before: str, sentence: str) -> bool:
    """Whether an expression or a word has the value, there or shortly before."""
    if value <= LARGEST_SPELT and value in spelt(before[-LIST_CHARS:]):
        return True
    shown = (*worth(sentence), *worth(before[-BEFORE_CHARS:]))
    return any(abs(float(each) - float(value)) < NEAR for each in shown)


def _calculated(ahead: str) -> bool:
    """Whether the value is the result of a calculation in its own sentence."""
    return ahead.rstrip(" \\($").endswith("=") and any(True for _ in worth(ahead[-BEFORE_CHARS:]))


def _verified(behind: str) -> bool:
    """Whether the text continues with an equation on numbers, or a list that is to show it."""
    if _EQUATION.search(behind) or len(_PAIR.findall(behind)) >= SHORTEST_LIST:
        return True
    return any(len(each) > SHORTEST_LIST for each in listings(behind))


def _closed(text: str) -> bool:
    """Whether one of the last expressions is on numbers, so that it need only be worked out."""
    for piece in pieces(text)[-3:]:
        found = formula(piece) if len(piece) <= MAX_FORMULA_CHARS else None
        if found and found.closed is not None and found.kinds - {"num", "minus"}:
            return True
    return False


def _combined(value: Number, numbers: frozenset[Number]) -> bool:
    """Whether two of the numbers add up, multiply or divide to the value."""
    if len(numbers) > MAX_NUMBERS:
        return True
    return any(
        value in {one + other, one - other, one * other} or value * other == one
        for one in numbers
        for other in numbers
    )
