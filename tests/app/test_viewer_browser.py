"""The pages Overview, Models and Open in a real browser, also with hostile names and on phones."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from error_map.cli.demo import bundled_results
from tests.support import a_row, analysed, write_csv
from tests.viewing import NARROW, PATIENCE_MS, SETTLED, opened, viewer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_NODES: Final = 4_000
SHARES: Final = "Share of the failures"
"""The measure of the heatmap that is not the default."""
ATTACK: Final = (
    "<script>window.ran=1</script><img src=x onerror='window.ran=1'>"
    "<svg onload=window.ran=1><a href='javascript:window.ran=1'>x</a>"
    "[x](javascript:window.ran=1) ![x](http://127.0.0.1:9/x) $\\frac{1}{2}$ :material/bug_report: "
    ":smile: %{y} </table></div><style>*{display:none}</style>\u202etxt\x1b[31m\x00=1+1"
)


def hostile(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The taxonomy with attacks in its names and descriptions."""
    return [
        one
        | {"name": f"{ATTACK} {one['name']}", "description": ATTACK}
        | {"children": hostile(one.get("children", []))}
        for one in tree
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the bundled results, `demo`, and one with attacks in every field, `hostile`."""
    root = tmp_path_factory.mktemp("viewed")
    (root / "data").mkdir()
    rows = [
        a_row(
            f"{ATTACK}{number}",
            f"{ATTACK}{model}",
            output=f"{ATTACK} 2 + 2 = 5" if number % 2 else "",
            input_text=ATTACK,
            correct_answer=ATTACK,
            topic=ATTACK,
        )
        for number in range(6)
        for model in "ab"
    ]
    write_csv(root / "data" / "d.csv", rows)
    taxonomy = analysed(root / "data", root / "output", exp_id="hostile").folder.taxonomy
    tree = yaml.safe_load(taxonomy.read_text(encoding="utf-8"))
    taxonomy.write_text(
        yaml.safe_dump(tree | {"categories": hostile(tree["categories"])}), encoding="utf-8"
    )
    analysed(bundled_results(), root / "output", exp_id="demo")
    return root / "output"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Address of the viewer of these runs."""
    with viewer(folder) as served:
        yield served


def wait_for_figures(page: Page, figures: int) -> None:
    """Waits until this many figures are drawn."""
    locator = page.locator(".js-plotly-plot:has(.main-svg)")
    expect(locator).to_have_count(figures, timeout=PATIENCE_MS)


def nodes(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_the_overview_of_the_demo_is_complete(address: str, browser: Browser) -> None:
    seen = opened(browser, address)
    wait_for_figures(seen.page, 3)

    expect(seen.page.locator("h1")).to_have_text("Why models fail: demo")
    expect(seen.page).to_have_url(re.compile(r"[?&]run=demo"))
    assert seen.page.locator("[aria-label*='Failure rates with intervals']").count()
    assert seen.page.locator("table th[scope=col]").count() > 10
    assert nodes(seen.page) <= MOST_NODES
    assert seen.troubles == []


def test_an_address_restores_the_view_for_another_visitor(address: str, browser: Browser) -> None:
    first = opened(browser, f"{address}?run=demo").page
    wait_for_figures(first, 3)
    first.get_by_role("radio", name="Tiles").click()
    first.get_by_role("radio", name=SHARES).click()
    expect(first).to_have_url(
        re.compile("picture=Tiles.*numbers=Share|numbers=Share.*picture=Tiles")
    )

    second = opened(browser, first.url).page

    wait_for_figures(second, 3)
    expect(second.get_by_role("radio", name="Tiles")).to_be_checked()
    expect(second.get_by_role("radio", name=SHARES)).to_be_checked()
    assert second.locator(".js-plotly-plot .treemaplayer .slice").count()


def test_a_number_of_the_table_links_to_its_failures(address: str, browser: Browser) -> None:
    page = opened(browser, f"{address}?run=demo").page
    cell = page.locator(".em-links td a").first

    cell.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/failures\?.*run=demo"))


def test_pages_are_reached_by_keyboard_and_keep_the_run(address: str, browser: Browser) -> None:
    page = opened(browser, f"{address}?run=demo").page

    page.get_by_role("link", name="Models").focus()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Compare models")
    expect(page).to_have_url(re.compile(r"/models\?.*run=demo"))
    wait_for_figures(page, 2)


def test_a_transition_lists_its_examples_with_links(address: str, browser: Browser) -> None:
    page = opened(browser, f"{address}models?run=demo").page
    table = page.get_by_test_id("stDataFrame").last
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()

    table.click(position={"x": 16, "y": 55})

    expect(page.get_by_text(re.compile(r"All \d+ failures of")).first).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download CSV").click()
    assert started.value.suggested_filename.startswith("moved-demo-")
    page.locator(".em-transition td a").first.click()
    expect(page.get_by_role("heading", name="Diagnosis", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["", "models"])
def test_names_of_a_hostile_run_are_displayed_and_not_interpreted(
    path: str, address: str, browser: Browser
) -> None:
    seen = opened(browser, f"{address}{path}?run=hostile")
    wait_for_figures(seen.page, 2 if path else 3)

    text = seen.page.inner_text("body")
    assert "<script>window.ran=1</script>" in text
    assert "\\u202etxt" in text
    assert not {"\u202e", "\x1b"} & set(text)
    assert seen.page.evaluate("window.ran") is None
    assert seen.page.locator(".block-container a[href^=javascript]").count() == 0
    assert seen.page.locator("h1").is_visible()
    assert nodes(seen.page) <= MOST_NODES
    assert seen.troubles == []


@pytest.mark.parametrize("path", ["", "models", "open"])
@pytest.mark.parametrize("run", ["demo", "hostile"])
def test_pages_fit_a_phone_without_sideways_scrolling(
    address: str, browser: Browser, *, path: str, run: str
) -> None:
    page = opened(browser, f"{address}{path}?run={run}", size=NARROW).page

    wait_for_figures(page, {"": 3, "models": 2, "open": 0}[path])

    assert not too_wide(page)


def test_text_of_figures_is_legible_in_both_themes(address: str, browser: Browser) -> None:
    for dark, colour in ((False, "rgb(47, 45, 43)"), (True, "rgb(237, 235, 232)")):
        page = opened(browser, f"{address}?run=demo", dark=dark).page
        wait_for_figures(page, 3)

        expect(page.locator(".js-plotly-plot .ytick text").first).to_have_css("fill", colour)


def test_the_form_opens_a_folder(address: str, browser: Browser, folder: Path) -> None:
    page = opened(browser, f"{address}open").page

    page.get_by_label("Folder on the machine").fill(str(folder))
    page.get_by_label("Folder on the machine").press("Enter")

    expect(page.locator("h1")).to_contain_text("Why models fail", timeout=PATIENCE_MS)


def test_the_form_refuses_a_folder_outside(address: str, browser: Browser, folder: Path) -> None:
    page = opened(browser, f"{address}open").page

    page.get_by_label("Folder on the machine").fill(str(folder.parent))
    page.get_by_label("Folder on the machine").press("Enter")

    expect(page.get_by_text("is not served here")).to_be_visible(timeout=PATIENCE_MS)


def test_an_upload_of_the_references_tree_is_shown(
    address: str, browser: Browser, tmp_path: Path
) -> None:
    leaf = {
        "id": "1",
        "name": "Wrong sum",
        "info": {
            "model": "m",
            "dataset": "d",
            "example_id": "e1",
            "input_text": "2 + 2?",
            "output_text": "5",
            "score": 0.0,
            "judge_model": "j",
            "judge_response": "{}",
            "error_summary": "It adds wrongly.",
            "error_title": "Wrong sum",
        },
        "children": [],
        "parent": "c",
    }
    category = {
        "id": "c",
        "name": "Arithmetic",
        "info": "Sums.",
        "children": [leaf],
        "parent": "root",
    }
    root = {"id": "root", "name": "LLM Errors", "info": "", "children": [category], "parent": ""}
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(root), encoding="utf-8")
    page = opened(browser, f"{address}open").page
    assert "2,048 MB" in page.inner_text(".block-container")

    page.locator("input[type=file]").set_input_files(file)

    expect(page.locator("h1")).to_contain_text("Why models fail: theirs", timeout=PATIENCE_MS)
    page.wait_for_selector(SETTLED)
    wait_for_figures(page, 2)
    assert "Arithmetic" in page.inner_text(".em-links")
    expect(page).to_have_url(re.compile("folder=.*run="))
