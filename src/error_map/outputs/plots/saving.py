"""A picture as a file: the same run gives the same bytes, all of it or nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.figure import Figure

from ...errors import InputError
from .style import STYLE

_DOTS: Final = 300
"""Per inch, of a PNG that is printed."""
_SCREEN_DOTS: Final = 200
"""Of one that is wider than a printed column."""
_COLUMN: Final = 5.0
"""Inches."""
_TIMELESS: Final[Mapping[str, Mapping[str, str | None]]] = {
    ".pdf": {"CreationDate": None, "Creator": "ErrorMap", "Producer": None},
    ".png": {"Software": "ErrorMap"},
    ".svg": {"Date": None, "Creator": "ErrorMap"},
}


def save(figure: Figure, out: Path, *, title: str) -> None:
    """Writes the picture beside its place and renames it.

    Args:
        figure: What `plot` gives.
        out: A file whose suffix is one of `FORMATS`.
        title: For those who cannot see it; empty for none.

    Raises:
        InputError: It cannot be written there.
    """
    suffix = out.suffix.lower()
    part = out.with_name(f".{out.name}.part")
    about = {**_TIMELESS[suffix], "Title": title}
    dots = _DOTS if figure.get_figwidth() <= _COLUMN else _SCREEN_DOTS
    try:
        part.unlink(missing_ok=True)
        with part.open("xb") as stream, rc_context(STYLE):  # x follows no link that stands there
            figure.savefig(stream, format=suffix[1:], dpi=dots, metadata=about)
        part.replace(out)
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror or error}", where=str(out)) from error
    finally:
        part.unlink(missing_ok=True)
