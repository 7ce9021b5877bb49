"""Draws the README's picture: the summary of `error-map demo`, as a terminal shows it."""

import io
import re
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console

from error_map import RunResult, run_sync
from error_map.cli.demo import bundled_results
from error_map.outputs.first_examples import first_examples
from error_map.outputs.summary import read_run
from error_map.outputs.terminal import DEFAULT_WIDTH, rendered

PICTURE: Final = Path(__file__).parent / "assets/summary.svg"
_WEB_FONTS: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def drawn() -> str:
    """The picture as SVG; fonts are the viewer's own, nothing is fetched."""
    console = Console(record=True, width=DEFAULT_WIDTH, file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        result = _demo(folder)
        examples = first_examples(read_run(result.folder))
        console.print(rendered(result.summary, examples))
    svg = console.export_svg(title="error-map demo", unique_id="summary")
    plain = _WEB_FONTS.sub("", svg).replace("Fira Code", "DejaVu Sans Mono")
    return "\n".join(line.rstrip() for line in plain.splitlines()) + "\n"


def _demo(folder: str) -> RunResult:
    return run_sync(data_path=bundled_results(), output_dir=folder, exp_id="demo", ratio=1.0)


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
