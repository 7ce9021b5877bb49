"""Pictures of a finished run for papers and slides; Matplotlib is loaded when one is drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from ...errors import InputError
from ...store import RunFolder
from ..overwrite import refuse_to_replace
from ..summary import FinishedRun, read_run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind: TypeAlias = Literal["signature", "heatmap", "tree", "transitions"]
KINDS: Final[tuple[Kind, ...]] = ("signature", "heatmap", "tree", "transitions")
FORMATS: Final = (".pdf", ".png", ".svg")
WIDTH: Final = 7.0
"""Inches: the text of a page in one column."""
NARROWEST: Final = 2.5
WIDEST: Final = 40.0


class _Run(Protocol):
    @property
    def folder(self) -> RunFolder: ...


def plot(
    run: _Run,
    kind: Kind = "signature",
    *,
    depth: int | None = None,
    models: Sequence[str] = (),
    per: Literal["failure", "attempt"] = "failure",
    width: float = WIDTH,
) -> "Figure":
    """A picture of a finished run, as a Matplotlib figure that belongs to no window.

    Args:
        run: What `open_run` gives, or the result of a run.
        kind: `signature` has a panel a model, `heatmap` all models beside each other, `tree` the
            categories, and `transitions` what became of each example from one model to another.
        depth: Levels of the taxonomy that are told apart, from 1; None for 2 in a tree, else 1.
        models: Which, in this order; none for all. Transitions need two, unless the run has two.
        per: Whether shares are among the failures or among all answers.
        width: Inches; the letters suit it. 3.5 is a column, 10 a slide.

    Raises:
        InputError: An argument cannot be used, or Matplotlib is not there.
    """
    if kind not in KINDS:
        raise InputError(f"no kind of picture {kind!r}", hint=f"there are: {', '.join(KINDS)}")
    if not NARROWEST <= width <= WIDEST:
        told = f"a width of {width:g} inches cannot be drawn"
        raise InputError(told, hint=f"from {NARROWEST:g} to {WIDEST:g}")
    if depth is not None and depth < 1:
        raise InputError(f"no depth {depth}", hint="1 tells the top categories apart")
    _need_matplotlib()
    from .pictures import Wanted, picture  # noqa: PLC0415 - an extra

    finished = run if isinstance(run, FinishedRun) else read_run(run.folder)
    wanted = Wanted(kind=kind, depth=depth, models=tuple(models), per=per, width=width)
    return picture(finished, wanted)


def write_plot(  # noqa: PLR0913 - those of plot
    run: _Run,
    out: Path,
    kind: Kind = "signature",
    *,
    depth: int | None = None,
    models: Sequence[str] = (),
    per: Literal["failure", "attempt"] = "failure",
    width: float = WIDTH,
) -> None:
    """Writes a picture of a finished run; the same run gives the same bytes.

    Args:
        run: As of `plot`.
        out: The file; its suffix, one of `FORMATS`, says what it is.
        kind: As of `plot`.
        depth: As of `plot`.
        models: As of `plot`.
        per: As of `plot`.
        width: As of `plot`.

    Raises:
        InputError: An argument cannot be used, Matplotlib is not there, or the place
            holds something else than an earlier report or picture.
    """
    if out.suffix.lower() not in FORMATS:
        told = f"no format of pictures {out.suffix!r}"
        raise InputError(told, where=str(out), hint=f"there are: {', '.join(FORMATS)}")
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
        raise InputError("pictures need Matplotlib", hint=hint) from error
