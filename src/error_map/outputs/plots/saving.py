"""Atomic, reproducible writing of plots: the same run gives the same bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.figure import Figure

from ...errors import InputError
from .style import STYLE

_DPI: Final = 300
"""Dots per inch of a PNG for print, as publishers ask."""
_SCREEN_DPI: Final = 200
"""Dots per inch of a wider PNG: sharp on slides, at less than half the bytes."""
_PRINT_WIDTH: Final = 5.0
"""Inches; wider than any printed column, so a wider plot is meant for a screen."""
_METADATA: Final[Mapping[str, Mapping[str, str | None]]] = {
    ".pdf": {"CreationDate": None, "Creator": "ErrorMap", "Producer": None},
    ".png": {"Software": "ErrorMap"},
    ".svg": {"Date": None, "Creator": "ErrorMap"},
}


def save(figure: Figure, out: Path, *, title: str) -> None:
    """Writes the plot to a temporary file in the same folder and renames it.

    Args:
        figure: A result of `plot`.
        out: A file whose suffix is one of `FORMATS`.
        title: Title in the metadata, which screen readers announce; empty for none.

    Raises:
        InputError: The file cannot be written.
    """
    suffix = out.suffix.lower()
    part = out.with_name(f".{out.name}.part")
    metadata = {**_METADATA[suffix], "Title": title}
    dpi = _DPI if figure.get_figwidth() <= _PRINT_WIDTH else _SCREEN_DPI
    try:
        part.unlink(missing_ok=True)
        with (
            part.open("xb") as stream,
            rc_context(STYLE),
        ):  # x: never writes through an existing link
            figure.savefig(stream, format=suffix[1:], dpi=dpi, metadata=metadata)
        part.replace(out)
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror or error}", where=str(out)) from error
    finally:
        part.unlink(missing_ok=True)
