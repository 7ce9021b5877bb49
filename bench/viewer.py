"""Measures the viewer in a real browser, next to an almost empty Streamlit page.

`python -m bench.viewer --run FOLDER EXP` measures an existing run.
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
_SAMPLED_SHARE: Final = 0.096
"""Leaves about 19,800 of 206,419 failures."""
_AIM: Final = 1.3
_PORT: Final = 8599
_EMPTY: Final = """
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Bar(x=[1, 2, 3], y=[1, 2, 3])))
table = st.expander("table", on_change="rerun", key="table")
if table.open:
    table.dataframe(pd.DataFrame({"a": range(50), "b": range(50)}))
"""
"""A page with one figure, and with a table in an expander."""
_SETTLED: Final = """([pictures]) =>
  document.querySelector(".stApp[data-test-script-state=notRunning]")
  && document.querySelectorAll(".js-plotly-plot:has(.main-svg)").length >= pictures"""
_CONTENT: Final = "canvas, table"
"""Content of an open expander."""
_TIMEOUT_MS: Final = 60_000
_HYDRATION_MS: Final = 500
"""Time after which a page that is displayed handles clicks."""
_SEARCH_TEXTS: Final = ("the", "answer is", "photosynthesis")


@dataclass(frozen=True, slots=True)
class Site:
    """A Streamlit page that is being served."""

    address: str
    pictures: int
    """Number of its figures."""


def lines(run: RunFolder) -> Iterator[Line]:
    """Times, nodes and memory of the viewer with one run."""
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
    for text in _SEARCH_TEXTS:
        started = time.perf_counter()
        count = index.count(Says(text))
        index.page(Says(text))
        figure = f"{time.perf_counter() - started:.3f} s, {count:,} found"
        yield Line(f"- search for {text!r}, at the server", figure, "<= 0.5 s", "none")


def _opening(browser: Browser, ours: Site, empty: Site) -> Iterator[Line]:
    theirs, own = [], []
    for repeat in range(_REPEATS + 1):
        pair = (_seconds_to_open(browser, empty), _seconds_to_open(browser, ours))
        if repeat:  # the first of each warms the server
            theirs.append(pair[0])
            own.append(pair[1])
    yield from _compared(
        "- from opening to the displayed overview", own, theirs, reference="11.7 s"
    )


def _compared(
    what: str, own: list[float], theirs: list[float], *, reference: str
) -> Iterator[Line]:
    ratio = statistics.median(own) / statistics.median(theirs)
    figure = f"{statistics.median(own):.2f} s, {ratio:.2f} x an empty page"
    yield Line(what, figure, f"<= {_AIM} x", reference)


def _seconds_to_open(browser: Browser, site: Site) -> float:
    with _page(browser) as page:
        started = time.perf_counter()
        _open(page, site)
        return time.perf_counter() - started


def _open(page: Page, site: Site) -> None:
    page.goto(site.address, wait_until="commit")
    page.wait_for_function(_SETTLED, arg=[site.pictures])


def _category(browser: Browser, ours: Site, empty: Site) -> Iterator[Line]:
    """Opening a top category with its first page of failures, and an expander with 50 rows."""
    tree = Site(f"{ours.address.replace('/?', '/tree?')}&levels=1", 0)
    own = [_seconds_to_expand(browser, tree) for _ in range(_REPEATS)]
    theirs = [_seconds_to_expand(browser, empty) for _ in range(_REPEATS)]
    what = "- open a category of the tree"
    yield from _compared(what, own[1:], theirs[1:], reference="never settles")


def _seconds_to_expand(browser: Browser, site: Site) -> float:
    with _page(browser) as page:
        _open(page, site)
        expander = page.locator("[data-testid=stExpander] summary").first
        expander.wait_for()
        page.wait_for_timeout(_HYDRATION_MS)
        started = time.perf_counter()
        expander.click()
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
    """A page in a new browser context, without cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(_TIMEOUT_MS)
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
    """Waits until a server listens on the port."""
    for _ in range(round(_TIMEOUT_MS / 100)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def _resident_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


def both(folder: Path) -> Iterator[Line]:
    """Figures for about 19,800 and for all 206,000 failures of the same results."""
    for name, ratio in (("some", _SAMPLED_SHARE), ("all", 1.0)):
        yield from lines(_analyse(folder, name, ratio=ratio))


def _analyse(folder: Path, name: str, *, ratio: float) -> RunFolder:
    path = shared() / "data/scale/mmlu_pro_full.parquet"
    options = ["--data-path", path, "--ratio", ratio, "--output-dir", folder, "--exp-id", name]
    measure(["-m", "error_map", *options, "--quiet"])
    return open_run(folder, name)


def main() -> None:
    """Prints the table for an existing run, or for two new ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", nargs=2, metavar=("FOLDER", "EXP"))
    run = parser.parse_args().run
    with tempfile.TemporaryDirectory() as folder:
        for line in lines(open_run(Path(run[0]), run[1])) if run else both(Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
