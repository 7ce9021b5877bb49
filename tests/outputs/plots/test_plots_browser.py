"""Plots and notebook views with hostile names, opened in a real browser."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from error_map.outputs.plots import KINDS, Kind, write_plot
from error_map.outputs.summary import FinishedRun
from tests.pictured import category, finished, hostile_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
THEMES: Final = {"light": ("#ffffff", "#111111"), "dark": ("#111111", "#dddddd")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    return hostile_run(tmp_path_factory.mktemp("hostile"))


def a_page(browser: Browser, theme: str = "light", *, wide: int = 900) -> tuple[Page, list[str]]:
    """An empty page, and the addresses that it asks for."""
    page = browser.new_page(viewport={"width": wide, "height": 800})
    back, ink = THEMES[theme]
    page.set_content(f'<body style="background:{back};color:{ink}"><div id="out"></div>')
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return page, asked


def show(page: Page, html: str) -> None:
    """Puts a fragment into the page the way a notebook does."""
    page.evaluate("html => { document.getElementById('out').innerHTML = html }", html)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_picture_runs(
    hostile: FinishedRun, tmp_path: Path, *, browser: Browser, kind: Kind
) -> None:
    file = tmp_path / "x.svg"
    models = [one.model for one in hostile.summary.models][:2]
    write_plot(hostile, file, kind, models=models if kind == "transitions" else ())
    page, asked = a_page(browser)

    page.goto(file.as_uri())

    assert page.evaluate("document.documentElement.nodeName") == "svg"
    assert page.locator("script, img, a, image, foreignObject").count() == 0
    assert page.evaluate("document.querySelector('title').textContent") == f"ErrorMap t: {kind}"
    assert asked == [file.as_uri()]


def test_nothing_of_a_fragment_runs_or_hides(hostile: FinishedRun, browser: Browser) -> None:
    page, asked = a_page(browser)
    page.evaluate("document.title = 'still'")

    show(page, hostile._repr_html_())

    assert page.title() == "still"
    assert asked == []
    assert page.locator("#out script, #out img, #out a, #out svg").count() == 0
    told = page.inner_text("#out")
    assert "<script>document.title='run'</script>" in told
    assert "\\u202etxt.exe" in told
    assert not set("\u202e\u2066\x00\x1b") & set(told)
    assert page.locator("#out th[scope=row]").count() == len(hostile.summary.models)


def test_no_dollar_and_no_backslash_can_begin_a_formula(
    hostile: FinishedRun, browser: Browser
) -> None:
    page, _ = a_page(browser)

    show(page, hostile._repr_html_())

    alone = page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.getElementById('out'), 4), found = [];
          while (walker.nextNode()) {
            const text = walker.currentNode.data;
            if (/[$\\\\]/.test(text)) found.push(text);
          }
          return found;
        }"""
    )
    assert alone
    assert set(alone) == {"$", "\\"}


@pytest.mark.parametrize("theme", THEMES)
def test_a_fragment_has_the_colours_of_its_page(
    tmp_path: Path, *, browser: Browser, theme: str
) -> None:
    run = finished(
        tmp_path,
        {"a": ["c0.0", "c1", "passed"]},
        [category("Sums", 0, ["Slip"])] * 1 + [category("Forms", 1)],
    )
    page, _ = a_page(browser, theme)
    show(page, run._repr_html_())

    ink = page.evaluate("getComputedStyle(document.body).color")
    inks = page.evaluate(
        "[...document.querySelectorAll('#out *')].map(one => getComputedStyle(one).color)"
    )
    assert set(inks) == {ink}


def test_a_branch_is_folded_until_it_is_opened(tmp_path: Path, browser: Browser) -> None:
    run = finished(tmp_path, {"a": ["c0.0", "passed"]}, [category("Sums", 0, ["Slip"])])
    page, _ = a_page(browser)
    show(page, run._repr_html_())
    slip = page.locator("details details").get_by_text("Slip")

    assert not slip.is_visible()
    page.locator("summary", has_text="Sums").last.press("Enter")

    assert slip.is_visible()


def test_a_fragment_fits_a_notebook_of_600_pixels(tmp_path: Path, browser: Browser) -> None:
    run = finished(tmp_path, {"a-model/of-some-name": ["c0", "passed"]}, [category("Sums", 0)])
    page, _ = a_page(browser, wide=600)

    show(page, run._repr_html_())

    assert page.evaluate("document.documentElement.scrollWidth") <= 600
