"""The viewer in a real browser, beside an empty page of Streamlit in the same run.

`python -m bench.viewer --run FOLDER EXP` measures a run that is there already.
"""

import argparse
import contextlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from error_map.outputs.index_builder import open_index
from error_map.store import RunFolder, Says, open_run

from .measurement import ROOT, Line, measure, shared

_REPEATS: Final = 7
_SOME: Final = 0.096
"""Of 206,419 failures this leaves about 19,800."""
_AIM: Final = 1.3
_PORT: Final = 8599
_EMPTY: Final = """
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Bar(x=[1, 2, 3], y=[1, 2, 3])))
told = st.expander("table", on_change="rerun", key="table")
if told.open:
    told.dataframe(pd.DataFrame({"a": range(50), "b": range(50)}))
"""
"""One figure, and a table that is there once its expander is open."""
_SETTLED: Final = """([pictures]) =>
  document.querySelector(".stApp[data-test-script-state=notRunning]")
  && document.querySelectorAll(".js-plotly-plot:has(.main-svg)").length >= pictures"""
_CONTENT: Final = "canvas, table"
"""What an open expander holds."""
_PATIENCE_MS: Final = 60_000
_LISTENS_MS: Final = 500
"""A page that is seen does not hear clicks at once."""
_SEARCHED: Final = ("the", "answer is", "photosynthesis")


@dataclass(frozen=True, slots=True)
class Site:
    """A page of Streamlit that is served."""

    address: str
    pictures: int
    """Figures that it shows."""


def lines(run: RunFolder) -> Iterator[Line]:
    """What looking at one run costs."""
    started = time.perf_counter()
    rows = open_index(run).rows
    yield Line(f"viewer, {rows:,} failures: index opened", f"{time.perf_counter() - started:.1f} s")
    yield from _searches(run)
    with _browser() as browser, _served(run) as (ours, server), _empty() as empty:
        yield from _opening(browser, ours, empty)
        yield from _category(browser, ours, empty)
        yield Line("- nodes in the overview", f"{_nodes(browser, ours):,}", "<= 4,000", "153,327")
        yield Line("- the server's memory", f"{_resident_mb(server):.0f} MB", "<= 500 MB")


def _searches(run: RunFolder) -> Iterator[Line]:
    index = open_index(run)
    for text in _SEARCHED:
        started = time.perf_counter()
        found = index.count(Says(text))
        index.page(Says(text))
        told = f"{time.perf_counter() - started:.3f} s, {found:,} found"
        yield Line(f"- search for {text!r}, at the server", told, "<= 0.5 s", "none")


def _opening(browser: Browser, ours: Site, empty: Site) -> Iterator[Line]:
    theirs, own = [], []
    for place in range(_REPEATS + 1):
        pair = (_seconds_to_open(browser, empty), _seconds_to_open(browser, ours))
        if place:  # the first of each warms the server
            theirs.append(pair[0])
            own.append(pair[1])
    yield from _compared("- from opening to the overview shown", own, theirs, reference="11.7 s")


def _compared(
    what: str, own: list[float], theirs: list[float], *, reference: str
) -> Iterator[Line]:
    ratio = statistics.median(own) / statistics.median(theirs)
    told = f"{statistics.median(own):.2f} s, {ratio:.2f} x an empty page"
    yield Line(what, told, f"<= {_AIM} x", reference)


def _seconds_to_open(browser: Browser, site: Site) -> float:
    with _page(browser) as page:
        started = time.perf_counter()
        _open(page, site)
        return time.perf_counter() - started


def _open(page: Page, site: Site) -> None:
    page.goto(site.address, wait_until="commit")
    page.wait_for_function(_SETTLED, arg=[site.pictures])


def _category(browser: Browser, ours: Site, empty: Site) -> Iterator[Line]:
    """A top category, with its failures a page at a time, against an expander with 50 rows."""
    tree = Site(f"{ours.address.replace('/?', '/tree?')}&levels=1", 0)
    own = [_seconds_to_expand(browser, tree) for _ in range(_REPEATS)]
    theirs = [_seconds_to_expand(browser, empty) for _ in range(_REPEATS)]
    what = "- open a category of the tree"
    yield from _compared(what, own[1:], theirs[1:], reference="never settles")


def _seconds_to_expand(browser: Browser, site: Site) -> float:
    with _page(browser) as page:
        _open(page, site)
        fold = page.locator("[data-testid=stExpander] summary").first
        fold.wait_for()
        page.wait_for_timeout(_LISTENS_MS)
        started = time.perf_counter()
        fold.click()
        page.locator("[data-testid=stExpander] details[open]").first.locator(
            _CONTENT
        ).first.wait_for()
        page.wait_for_function(_SETTLED, arg=[site.pictures])
        return time.perf_counter() - started


def _nodes(browser: Browser, site: Site) -> int:
    with _page(browser) as page:
        _open(page, site)
        return int(page.evaluate("document.querySelectorAll('*').length"))


@contextlib.contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor who has not been here before."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    try:
        yield page
    finally:
        context.close()


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def _served(run: RunFolder) -> Iterator[tuple[Site, int]]:
    command = ["-m", "error_map", "view", run.exp_id, "--output-dir", str(run.output_dir)]
    with _server([*command, "--port", str(_PORT), "--no-browser"], _PORT) as process:
        address = f"http://127.0.0.1:{_PORT}/?run={run.exp_id}"
        yield Site(address, 3), process.pid


@contextlib.contextmanager
def _empty() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(_EMPTY, encoding="utf-8")
        options = (
            *("--server.headless", "true", "--server.address", "127.0.0.1"),
            *("--server.port", str(_PORT + 1), "--browser.gatherUsageStats", "false"),
            *("--server.fileWatcherType", "none"),
        )
        with _server(["-m", "streamlit", "run", str(script), *options], _PORT + 1):
            yield Site(f"http://127.0.0.1:{_PORT + 1}/", 1)


@contextlib.contextmanager
def _server(arguments: list[str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _await(port: int) -> None:
    """Returns once something listens there."""
    for _ in range(round(_PATIENCE_MS / 100)):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def _resident_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    told = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(told.split()[1]) / 1024


def both(folder: Path) -> Iterator[Line]:
    """Runs of about 19,800 and of all 206,000 failures of the same results."""
    for name, ratio in (("some", _SOME), ("all", 1.0)):
        yield from lines(_made(folder, name, ratio=ratio))


def _made(folder: Path, name: str, *, ratio: float) -> RunFolder:
    path = shared() / "data/scale/mmlu_pro_full.parquet"
    options = ["--data-path", path, "--ratio", ratio, "--output-dir", folder, "--exp-id", name]
    measure(["-m", "error_map", *options, "--quiet"])
    return open_run(folder, name)


def main() -> None:
    """Prints the table for one run, or for both that are made here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", nargs=2, metavar=("FOLDER", "EXP"))
    asked = parser.parse_args().run
    with tempfile.TemporaryDirectory() as folder:
        for line in lines(open_run(Path(asked[0]), asked[1])) if asked else both(Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
