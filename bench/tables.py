"""Formats Markdown tables, and counts with their denominators."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from error_map.analysis import Rate

BEGIN: Final = "<!-- figures: {name} -->\n"
END: Final = "<!-- end of figures -->"
NONE: Final = "-"


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown.

    Example:
        >>> print(markdown(["set", "hits"], [["a", "1"]]), end="")
        | set | hits |
        |---|---|
        | a | 1 |
    """
    lines = [header, *rows]
    rendered = [
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    ]
    return "\n".join([rendered[0], "|" + "---|" * len(header), *rendered[1:]]) + "\n"


def counted(hits: int, trials: int) -> str:
    """A count with its share; a dash if there were no trials.

    Example:
        >>> counted(1, 8), counted(0, 0)
        ('1 (12.5 %)', '-')
    """
    return f"{hits:,} ({share(hits, trials)} %)" if trials else NONE


def share(hits: int, trials: int) -> str:
    """Percent, without its sign.

    Example:
        >>> share(1, 8), share(0, 3)
        ('12.5', '0')
    """
    if not trials:
        return NONE
    return f"{100 * hits / trials:.1f}" if hits else "0"


def with_interval(hits: int, trials: int) -> str:
    """A share with its 95 % interval and denominator.

    Example:
        >>> with_interval(8, 10)
        '80 % [49, 94] of 10'
    """
    if not trials:
        return NONE
    rate = Rate.counted(hits, trials)
    return f"{100 * rate.value:.0f} % [{100 * rate.low:.0f}, {100 * rate.high:.0f}] of {trials:,}"


def insert_table(page: Path, name: str, text: str) -> bool:
    """Inserts a table between its markers on a page; False if the page has no such markers."""
    begin = BEGIN.format(name=name)
    whole = page.read_text(encoding="utf-8")
    head, found, tail = whole.partition(begin)
    _, closed, tail = tail.partition(END)
    if not (found and closed):
        return False
    page.write_text(f"{head}{begin}\n{text}\n{END}{tail}", encoding="utf-8")
    return True
