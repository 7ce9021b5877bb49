"""Draws the pictures of docs/plots.md: the four kinds of plot, for the run of `error-map demo`."""

import tempfile
from pathlib import Path
from typing import Final

from error_map import run_sync
from error_map.cli.demo import bundled_results
from error_map.outputs.plots import KINDS, write_plot

PICTURES: Final = Path(__file__).parent / "assets/plots"
_PAIR: Final = ("smollm2-135m/few-shot", "smollm2-135m/step-by-step")


def draw(folder: Path) -> None:
    """Writes one SVG file per kind of plot into a folder."""
    with tempfile.TemporaryDirectory() as place:
        run = run_sync(data_path=bundled_results(), output_dir=place, exp_id="demo", ratio=1.0)
        for kind in KINDS:
            models = _PAIR if kind == "transitions" else ()
            write_plot(run, folder / f"{kind}.svg", kind, models=models, width=9)


if __name__ == "__main__":
    draw(PICTURES)
