"""Measures the HTML report: time to build it, its size, time to open it in a browser."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from .measurement import Line, cheapest, measure, shared

_REPEATS: Final = 3
_SWITCHES: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


def lines(folder: Path) -> Iterator[Line]:
    """The report of a tenth of the whole MMLU-Pro, offline: about 20,000 failures.

    Args:
        folder: A temporary folder.
    """
    path = shared() / "data/scale/mmlu_pro_full.parquet"
    options = ("--ratio", "0.1", "--inference-type", "offline", "--exp-id", "report", "--quiet")
    measure(["-m", "error_map", "--data-path", path, "--output-dir", folder, *options])
    yield from report_lines(folder, "report", "report of 20,000 failures")


def report_lines(folder: Path, run: str, name: str) -> Iterator[Line]:
    """Seconds to build, size, and seconds to open, of one run's report.

    Args:
        folder: The folder of the run.
        run: The name of the run.
        name: The name in the table.
    """
    command = ["-m", "error_map", "report", run, "--output-dir", folder]
    cost = cheapest([measure(command) for _ in range(_REPEATS)])
    yield Line(f"{name}: built", cost.summary, "<= 10 s")
    page = folder / f"report__exp_id={run}.html"
    yield Line(f"{name}: size", f"{page.stat().st_size / 1e6:.2f} MB", "<= 2 MB and instances")
    yield Line(f"{name}: opened in Chromium", opening(page), "<= 1.5 s")


def opening(page: Path) -> str:
    """Median seconds until a page on disk is loaded and painted."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return "left out: there is no chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(_SWITCHES))
        seconds = sorted(_opened(browser, page) for _ in range(_REPEATS))
        browser.close()
    return f"{seconds[_REPEATS // 2]:.2f} s"


def _opened(browser: Browser, page: Path) -> float:
    tab = browser.new_page()
    started = time.perf_counter()
    tab.goto(page.as_uri(), wait_until="load")
    tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seconds = time.perf_counter() - started
    tab.close()
    return seconds
