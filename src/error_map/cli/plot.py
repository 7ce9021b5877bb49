"""`error-map plot`: draws a finished run for papers and slides."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ..outputs.plots import WIDTH, write_plot
from ..outputs.summary import open_run
from ..presentation.sanitize import plain_text
from .flags import Whole


def plot(
    exp: str,
    /,
    *,
    kind: Literal["signature", "heatmap", "tree", "transitions"],
    out: Path,
    output_dir: Path = Path("output"),
    depth: Whole = None,
    models: Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())] = None,
    per: Literal["failure", "attempt"] | None = None,
    width: float = WIDTH,
) -> None:
    """Draw a finished run for a paper or a slide.

    Parameters
    ----------
    exp
        Name of the run; `error-map runs` lists them.
    kind
        Kind of picture.
    out
        File to write: .svg, .pdf or .png.
    output_dir
        Folder of the runs' files.
    depth
        Levels of the taxonomy to show (default: 1; for a tree, 2).
    models
        Models to show, in this order (default: all); transitions take two.
    per
        Shares of the failures, or of all attempts (default: attempts; for a tree, and where only
        failures are known, failures).
    width
        Width in inches: 3.5 for a column, 10 for a slide.
    """
    run = open_run(output_dir, exp)
    write_plot(run, out, kind, depth=depth, models=models or (), per=per, width=width)
    print(plain_text(str(out)))
