"""Shown working as steps: which quantities each equation puts together, how, and to what."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, Literal, NamedTuple, TypeAlias

from ..arithmetic.calculator import holds
from ..arithmetic.equations import Equation, each_equation, equations
from ..arithmetic.expressions import value_of
from ..arithmetic.grammar import Node, operands
from ..arithmetic.tokens import Number

Kind: TypeAlias = Literal["sum", "product"]

MAX_STEPS: Final = 60
"""Equations read of one text: no honest working of a word problem has more."""
MAX_CHARS: Final = 10_000
"""Characters of one text that are read."""
CACHE_SIZE: Final = 256
"""Texts whose steps are cached: one right working is compared with many failures."""
MAX_TERMS: Final = 12
"""Operands of one operation; a longer list is no step of a word problem."""
MAX_DEPTH: Final = 4
"""Brackets within one another whose operations are steps: deeper ones are no word problem."""

_ADDS: Final = frozenset({"plus", "minus"})
_MULTIPLIES: Final = frozenset({"times", "over", "of", "glue"})


class Step(NamedTuple):
    """One operation: a sum with terms to add and to take off, or a product with divisors."""

    kind: Kind
    direct: tuple[float, ...]
    """Terms added or factors, in ascending order."""
    inverse: tuple[float, ...]
    """Terms taken off or divisors, in ascending order."""
    result: float
    """The result that the text states."""
    true: bool
    """Whether that result is correct."""
    inner: bool
    """Whether it is part of a longer calculation."""
    start: int
    """Where its equation begins."""
    end: int

    @property
    def operands(self) -> tuple[float, ...]:
        """All quantities that are put together, in ascending order."""
        return tuple(sorted((*self.direct, *self.inverse)))


def key(value: Number) -> float:
    """The value as it compares: whole numbers exactly, others as far as people write them out.

    Example:
        >>> from fractions import Fraction
        >>> key(12), key(Fraction(100, 3)), key(Fraction(1, 300))
        (12.0, 33.33, 0.00333)
    """
    return float(value) if isinstance(value, int) else key_of(float(value))


def key_of(value: float) -> float:
    """As `key`, of a value that was worked out from such."""
    return round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}")


@lru_cache(maxsize=CACHE_SIZE)
def steps(text: str) -> tuple[Step, ...]:
    """The steps of the equations in a text, in order, the parts of each before the whole.

    Example:
        >>> [(step.kind, step.operands, step.result) for step in steps("So 3 * 4 + 5 = 17.")]
        [('product', (3.0, 4.0), 12.0), ('sum', (5.0, 12.0), 17.0)]
    """
    if "=" not in text:
        return ()
    read = text[:MAX_CHARS]
    # The beginning of a longer text is read by nobody else: only as far as there are steps.
    every = equations(read) if read == text else each_equation(read)
    found: list[Step] = []
    for equation in islice(every, MAX_STEPS):
        found += _steps_of(read, equation)
    return tuple(found)


def _steps_of(text: str, equation: Equation) -> list[Step]:
    """The steps of the left side; the last of them has the claimed result."""
    left, right = equation.left, equation.right
    parts = list(_operations(left.result.tree, left.result.value))
    # In `cost_2x4 = 4`, the digits belong to a name.
    if not parts or text[max(0, left.start - 1) : left.start] == "_":
        return []
    claimed, true = key(right.result.value), holds(text, equation)
    last = parts.pop()
    ends = (left.start, right.end)
    inner = [Step(*part, True, True, *ends) for part in parts]  # noqa: FBT003 - fields in order
    return [*inner, Step(*last[:3], claimed, true, False, *ends)]  # noqa: FBT003


_Part: TypeAlias = tuple[Kind, tuple[float, ...], tuple[float, ...], float]


def _operations(tree: Node, value: Number, *, depth: int = 0) -> Iterator[_Part]:
    """Every operation of an expression with its value, the inner ones first."""
    while tree.op == "group":
        tree = tree.parts[0]
    kind: Kind = "sum" if tree.op in _ADDS else "product"
    joins, turns = (_ADDS, "minus") if kind == "sum" else (_MULTIPLIES, "over")
    terms = operands(tree, joins, turns)
    if not 1 < len(terms) <= MAX_TERMS or depth > MAX_DEPTH:
        return
    direct: list[float] = []
    inverse: list[float] = []
    for term, turned in terms:
        worth = value_of(term)
        if worth is None:
            return
        yield from _operations(term, worth, depth=depth + 1)
        (inverse if turned else direct).append(key(worth))
    yield kind, tuple(sorted(direct)), tuple(sorted(inverse)), key(value)
