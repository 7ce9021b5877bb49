"""Takes the picture of the demo's report that docs/report.md shows."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from error_map import run_sync
from error_map.cli.demo import bundled_results
from error_map.outputs.report import ReportOptions, rendered, report_of
from error_map.outputs.summary import read_run
from error_map.store import write_whole

PICTURE: Final = Path(__file__).parent / "assets/report.png"
_WIDTH, _HEIGHT = 1040, 640


def page(folder: Path) -> Path:
    """The report of the demo, in a folder."""
    run = run_sync(data_path=bundled_results(), output_dir=folder, exp_id="demo", ratio=1.0)
    path = run.folder.report(".html")
    write_whole(path, rendered(report_of(read_run(run.folder), ReportOptions()), "html"))
    return path


def take() -> None:
    """Writes the picture: the top of the page, as a window shows it.

    Raises:
        FileNotFoundError: There is no Chromium.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory() as folder:
        made = page(Path(folder))
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
            tab.goto(made.as_uri())
            tab.screenshot(path=PICTURE)
            browser.close()


if __name__ == "__main__":
    take()
