"""Whether an expression that was left unevaluated has a given value."""

from typing import Final

from .calculator import holds
from .equations import equations

LOOSE_END: Final = " .,;:$\\\n\"'"
"""What may follow an expression without belonging to it."""


def comes_to(expression: str, value: str) -> bool:
    """Whether the arithmetic that the text ends with has this value.

    Example:
        >>> comes_to("So we get 6 * (2 + 3).", "30"), comes_to("So we get 6 * (2 + 3).", "31")
        (True, False)
    """
    for open_end in (expression.rstrip(LOOSE_END), expression.rstrip(LOOSE_END + ")")):
        text = f"{open_end} = {value}"
        found = [each for each in equations(text) if each.right.start > len(open_end)]
        if found and holds(text, found[-1]):
            return True
    return False
