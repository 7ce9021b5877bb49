"""Tells whether a text is a program, whose answer is what it prints."""

import re
from typing import Final

TAIL_CHARS: Final = 2_000
"""End of a text in which the statements of a program are searched for."""

_FENCED: Final = re.compile(r"```[ \t]*\Z")
_STATEMENT: Final = re.compile(
    r"^[ \t]*(?:(?:print|console\.log|printf|puts|echo|System\.out\.println)\s?\(|puts\s|echo\s"
    r"|return\b[^.\n]*$|def \w+\(|import \w+|\w+[ \t]*=[ \t]*[^=\n]+$|\w+\(\)[ \t;]*$)",
    re.MULTILINE,
)
_PRINTS: Final = re.compile(
    r"^[ \t]*(?:(?:print|console\.log|printf|System\.out\.println)\s?\(|return\b[^.\n]*$"
    r"|\w+\(\)[ \t;]*$)",
    re.MULTILINE,
)
MIN_STATEMENTS: Final = 2
"""Lines that are statements of a program; one alone may quote a function."""


def is_program(text: str) -> bool:
    r"""Whether a text ends as a program that prints or returns something.

    Example:
        >>> is_program("def solve():\n    pens = 30 * 2\n    print(pens)\nsolve()")
        True
        >>> is_program("We print 30 pages twice.\nThat is a lot."), is_program("x = 3\ny = 4 - x")
        (False, False)
    """
    tail = _FENCED.sub("", text[-TAIL_CHARS:].rstrip()).rstrip()
    last = tail[tail.rfind("\n") + 1 :]
    if not _STATEMENT.match(last) and not last[:1].isspace():
        return False
    if len(_STATEMENT.findall(tail)) < MIN_STATEMENTS:
        return False
    return _PRINTS.search(tail) is not None
