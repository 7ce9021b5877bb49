"""Plots of a finished run for papers and slides; Matplotlib is loaded when one is drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from ...errors import InputError
from ...store import RunFolder
from ..overwrite import refuse_to_replace
from ..summary import FinishedRun, read_run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Per: TypeAlias = Literal["failure", "attempt"]
Kind: TypeAlias = Literal["signature", "heatmap", "tree", "transitions"]
KINDS: Final[tuple[Kind, ...]] = ("signature", "heatmap", "tree", "transitions")
FORMATS: Final = (".pdf", ".png", ".svg")
WIDTH: Final = 7.0
"""Inches: the width of the text on a page with one column."""
MIN_WIDTH: Final = 2.5
"""Inches: below this the smallest letters leave no room for bars."""
MAX_WIDTH: Final = 40.0
"""Inches: a poster; bounds the pixels of a PNG."""


class _Run(Protocol):
    @property
    def folder(self) -> RunFolder: ...


def plot(
    run: _Run,
    kind: Kind = "signature",
    *,
    depth: int | None = None,
    models: Sequence[str] = (),
    per: Literal["failure", "attempt"] | None = None,
    width: float = WIDTH,
) -> "Figure":
    """A plot of a finished run as a Matplotlib figure, which needs no window.

    Args:
        run: The result of `open_run` or of a run.
        kind: `signature` has one panel per model, `heatmap` compares all models, `tree` shows the
            categories, and `transitions` the examples from one model to another.
        depth: Number of taxonomy levels to distinguish, at least 1; None for 2 in a tree, else 1.
        models: The models in this order; empty for all. Transitions need two, unless the run has
            exactly two.
        per: Whether shares refer to the failures or to all attempts. None for all attempts in
            pictures of models, as models that fail rarely have large shares of few failures; in a
            tree, and where only failures are known, for the failures.
        width: Inches, from 2.5 to 40; the letter size follows it. 3.5 is a column, 10 a slide.

    Raises:
        InputError: An argument is invalid, or Matplotlib is not installed.
    """
    if kind not in KINDS:
        raise InputError(f"unknown kind of plot {kind!r}", hint=f"kinds: {', '.join(KINDS)}")
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        message = f"a plot cannot be {width:g} inches wide"
        raise InputError(message, hint=f"from {MIN_WIDTH:g} to {MAX_WIDTH:g}")
    if depth is not None and depth < 1:
        raise InputError(
            f"depth must be at least 1, not {depth}", hint="1 distinguishes the top categories"
        )
    _need_matplotlib()
    from .pictures import PlotOptions, picture  # noqa: PLC0415 - an extra

    finished = run if isinstance(run, FinishedRun) else read_run(run.folder)
    of_models = kind != "tree" and finished.manifest.attempts_known
    by_default: Per = "attempt" if of_models else "failure"
    options = PlotOptions(
        kind=kind, depth=depth, models=tuple(models), per=per or by_default, width=width
    )
    return picture(finished, options)


def write_plot(  # noqa: PLR0913 - the arguments of plot
    run: _Run,
    out: Path,
    kind: Kind = "signature",
    *,
    depth: int | None = None,
    models: Sequence[str] = (),
    per: Literal["failure", "attempt"] | None = None,
    width: float = WIDTH,
) -> None:
    """Writes a plot of a finished run to a file; the same run gives the same bytes.

    Args:
        run: As for `plot`.
        out: The file; its suffix, one of `FORMATS`, is the format.
        kind: As for `plot`.
        depth: As for `plot`.
        models: As for `plot`.
        per: As for `plot`.
        width: As for `plot`.

    Raises:
        InputError: An argument is invalid, Matplotlib is not installed, or the file is not an
            earlier report or plot.
    """
    if out.suffix.lower() not in FORMATS:
        message = f"unknown format of plots {out.suffix!r}"
        raise InputError(message, where=str(out), hint=f"formats: {', '.join(FORMATS)}")
    refuse_to_replace(out)
    _need_matplotlib()
    from .saving import save  # noqa: PLC0415 - an extra

    figure = plot(run, kind, depth=depth, models=models, per=per, width=width)
    save(figure, out, title=f"ErrorMap {run.folder.exp_id}: {kind}")


def _need_matplotlib() -> None:
    try:
        import matplotlib as _  # noqa: F401, ICN001, PLC0415 - an extra
    except ModuleNotFoundError as error:
        hint = 'pip install "error-map[plot]"'
        raise InputError("plots need Matplotlib", hint=hint) from error
