"""Takes screenshots of the viewer on the run of `error-map demo`, in Chromium."""

import io
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from error_map import run_sync
from error_map.cli.demo import bundled_results

FOLDER: Final = Path(__file__).parent / "assets"
_COLOURS: Final = 255
# Bounds a hang of the browser or the viewer.
_TIMEOUT_MS: Final = 120_000
_ANIMATION_MS: Final = 2_000
"""Time until animated flows are fully visible, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A page of the viewer to take a screenshot of."""

    name: str
    place: str
    size: ViewportSize
    figures: int
    """Number of figures that must be drawn before the screenshot."""
    dark: bool = False


SHOTS: Final = (
    Shot("viewer-overview", "", {"width": 1280, "height": 1100}, 3),
    Shot("viewer-models", "models", {"width": 1280, "height": 2080}, 2, dark=True),
)


def main() -> None:
    """Writes all screenshots into the folder of assets."""
    with tempfile.TemporaryDirectory() as folder:
        run_sync(data_path=bundled_results(), output_dir=folder, exp_id="demo", ratio=1.0)
        with _viewer(folder) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            for shot in SHOTS:
                _small(_taken(browser, address, shot), FOLDER / f"{shot.name}.png")
            browser.close()


@contextmanager
def _viewer(folder: str) -> Iterator[str]:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "error_map", "view", folder, "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stdout.readline().partition("?")[0] if process.stdout else ""
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def _taken(browser: Browser, address: str, shot: Shot) -> bytes:
    scheme: Literal["dark", "light"] = "dark" if shot.dark else "light"
    page = browser.new_page(viewport=shot.size, color_scheme=scheme)
    page.set_default_timeout(_TIMEOUT_MS)
    page.goto(f"{address}{shot.place}?run=demo")
    page.wait_for_selector(".stApp[data-test-script-state=notRunning]")
    drawn = "document.querySelectorAll('.js-plotly-plot:has(.main-svg)').length"
    page.wait_for_function(f"{drawn} >= {shot.figures}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(_ANIMATION_MS)
    return page.screenshot(animations="disabled")


def _small(png: bytes, file: Path) -> None:
    """Writes a picture with a palette of few colours, which makes the file small."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()
