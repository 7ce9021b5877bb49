"""The pages Categories and Failures in a real browser, with hostile texts and on phones."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from error_map.app.tables.failure_table import COLUMN_WIDTHS_PX, encode_key
from error_map.importers.run_folder import open_results
from error_map.outputs.index_builder import open_index
from error_map.store import Index, RunFolder, Says, Under, Where
from tests.support import a_row, analysed, write_csv
from tests.viewing import NARROW, PATIENCE_MS, SETTLED, opened, viewer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
expect.set_options(timeout=PATIENCE_MS)

HOSTILE: Final = (
    "<script>document.title='harm'</script><img src=x onerror=\"document.title='harm'\">"
    "</mark></div> \x1b[31m \u202edlrow $x^2$ **b** :smile: :red[r] [l](javascript:alert(1)) =1+1 "
    "\0"
)
DISPLAYED: Final = (
    "\\x1b[31m \\u202edlrow $x^2$ **b** :smile: :red[r] [l](javascript:alert(1)) =1+1 \\x00"
)
CHECK_BOX_PX: Final = 36
"""The column of check boxes before the others."""
LONG: Final = "y" * 5_000_000 + " 2 + 2 = 5 needle"
OUTPUTS: Final = (
    f"{HOSTILE}. So we add.\n2 + 2 = 5. {HOSTILE} The answer is 5.",
    HOSTILE,
    "I cannot help with that.",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of 120 failures with hostile names and texts."""
    root = tmp_path_factory.mktemp("harm")
    (root / "data").mkdir()
    rows = [
        a_row(
            f"{HOSTILE}{n}",
            f"{HOSTILE}m{k}",
            output=OUTPUTS[(n + k) % 3] if n or k else LONG,
            input_text=HOSTILE,
            correct_answer=f"{HOSTILE} #### 4",
            **{"k<b>$x$": HOSTILE},
        )
        for n in range(40)
        for k in range(3)
    ]
    write_csv(root / "data" / "d.csv", rows)
    return analysed(root / "data", root / "output").folder


@pytest.fixture(scope="module")
def index(folder: RunFolder) -> Index:
    return open_index(folder)


@pytest.fixture(scope="module")
def address(index: Index, folder: RunFolder) -> Iterator[str]:
    del index  # built before the viewer starts
    with viewer(folder.output_dir) as base:
        yield base.rstrip("/")


@pytest.fixture
def page(address: str, browser: Browser) -> Iterator[Page]:
    """The page Failures; checks for errors, attacks and too many elements after the test."""
    seen = opened(browser, f"{address}/failures")
    yield seen.page
    assert seen.troubles == []
    expect(seen.page).not_to_have_title("harm")
    assert seen.page.evaluate("document.querySelectorAll('*').length") <= 4_000
    seen.page.context.close()


def press_until(page: Page, key: str, locator: Locator, *, text: str) -> None:
    """Presses a key until it has an effect: shortcuts work a moment after a page is visible."""
    for _ in range(20):
        page.keyboard.press(key)
        try:
            expect(locator).to_have_text(text, timeout=4_000)
        except AssertionError:
            continue
        return
    pytest.fail(f"{key} has no effect")


def first_key(index: Index, where: Where) -> str:
    """The first failure that meets a condition, encoded for an address."""
    return quote(encode_key(index.page(where, limit=1)[0].key))


def test_the_tree_opens_category_by_category_down_to_its_failures(page: Page, address: str) -> None:
    page.goto(f"{address}/tree")
    expect(page.get_by_role("heading", name="Failure categories")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)

    page.locator("summary", has_text="Computation Error").click()
    page.locator("summary", has_text="Calculation with a wrong result").click()

    expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
    expect(page).to_have_url(re.compile("open-"))
    page.reload()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
    page.get_by_text("Search and filter").last.click()
    expect(page.get_by_role("heading", name="Failures")).to_be_visible()
    expect(page.get_by_role("button", name="category is Computation Error")).to_be_visible()


def test_hostile_text_is_displayed_and_not_interpreted(
    page: Page, address: str, index: Index
) -> None:
    page.goto(f"{address}/failures?failure={first_key(index, Says('add'))}")

    output = page.locator(".em-text").first
    expect(output).to_contain_text(DISPLAYED)
    expect(output.locator("mark").first).to_have_text("2 + 2 = 5")
    expect(page.get_by_test_id("stCaptionContainer").first).to_contain_text(DISPLAYED)
    assert page.locator(".em-text img, .em-text script, .em-table img").count() == 0


def test_a_long_output_shows_its_evidence_and_can_be_read_in_parts(
    page: Page, address: str, index: Index
) -> None:
    page.goto(f"{address}/failures?failure={first_key(index, Says('needle'))}")

    output = page.locator(".em-text").first
    expect(output.locator("mark").first).to_have_text("2 + 2 = 5")
    expect(output).to_contain_text("characters omitted")
    page.get_by_text("Show all, in parts").click()
    part = page.get_by_label("Part (of 101)")
    part.fill("101")
    part.press("Enter")
    expect(output).to_contain_text("needle")
    expect(output).to_contain_text("5,000,000 characters omitted")


def test_a_failures_address_shows_it_in_another_browser_with_its_filter(
    page: Page, address: str, browser: Browser, *, index: Index
) -> None:
    page.goto(f"{address}/failures?search=2&category=computation_error&order=-score")
    failures = page.get_by_text("of 120 failures")
    expect(failures).to_be_visible()
    page.goto(f"{page.url}&failure={first_key(index, Under('computation_error'))}")
    place = page.get_by_text(re.compile(r"^\d+ of \d+$"))
    expect(place).to_be_visible()
    expect(place).to_have_text("40 of 40")

    page.wait_for_selector(SETTLED)
    press_until(page, "ArrowLeft", place, text="39 of 40")

    other = browser.new_context().new_page()
    other.goto(page.url)
    there = other.get_by_text(re.compile(r"^\d+ of \d+$"))
    expect(there).to_have_text(place.inner_text())
    other.get_by_role("button", name="Back to the list").click()
    expect(other.get_by_role("button", name="category is Computation Error")).to_be_visible()
    other.context.close()


def test_selecting_a_row_opens_its_failure(page: Page) -> None:
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    expect(page.get_by_text("1 to 50 of 120")).to_be_visible()

    table.click(position={"x": 120, "y": 55})

    expect(page.get_by_role("button", name="Previous")).to_be_visible()
    expect(page).to_have_url(re.compile("failure="))
    page.get_by_role("button", name="Back to the list").click()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("51 to 100 of 120")).to_be_visible()
    expect(page).to_have_url(re.compile("page=2"))


def test_filters_are_added_and_removed(page: Page) -> None:
    page.get_by_text("Add a filter").click()
    words = page.get_by_label("Words or")
    words.fill("cannot help")
    words.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()

    line = page.get_by_role("button", name="text contains cannot help")
    expect(line).to_be_visible()
    expect(page.get_by_text("40 of 120 failures")).to_be_visible()
    line.click()
    expect(line).to_have_count(0)
    expect(page.get_by_text("120 of 120 failures")).to_be_visible()


def test_the_csv_contains_the_filtered_failures_and_no_formula(page: Page, address: str) -> None:
    page.goto(f"{address}/failures?search=needle")
    expect(page.get_by_text("of 120 failures")).to_be_visible()

    with page.expect_download() as started:
        page.get_by_role("button", name="Download CSV").click()

    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "5,needle" not in text


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_do_not_scroll_sideways(
    page: Page, address: str, index: Index, *, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/tree", "/failures", f"/failures?failure={first_key(index, Says('add'))}"):
        page.goto(address + path)
        expect(page.locator("h1")).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)

        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        main = "document.querySelector('[data-testid=stMain]')"
        assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth"), path


def test_a_phone_shows_the_diagnosis_before_the_texts(
    page: Page, address: str, index: Index
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{address}/failures?failure={first_key(index, Says('add'))}")

    heights = [
        box["y"]
        for name in ("Diagnosis", "Output", "Reference", "Findings", "Prompt")
        if (box := page.get_by_role("heading", name=name, exact=True).bounding_box())
    ]

    assert len(heights) == 5
    assert heights == sorted(heights)


def test_the_main_columns_fit_a_small_screen(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    expect(page.locator(".em-cards")).to_be_hidden()

    box = table.bounding_box()

    assert box
    assert box["width"] >= sum(COLUMN_WIDTHS_PX.values()) + CHECK_BOX_PX


def test_a_phone_lists_failures_as_cards_that_wrap(page: Page) -> None:
    page.set_viewport_size(NARROW)
    expect(page.get_by_test_id("stDataFrame")).to_be_hidden()
    cards = page.locator(".em-cards a")
    expect(cards).to_have_count(50)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    cards.first.click()

    expect(page.get_by_role("heading", name="Diagnosis", exact=True)).to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(cards).to_have_count(50)


def test_output_and_reference_are_side_by_side_before_the_prompt(
    page: Page, address: str, index: Index
) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{address}/failures?failure={first_key(index, Says('add'))}")

    expect(page.get_by_role("heading", name="Other models on the same example")).to_be_visible()
    page.wait_for_selector(SETTLED)

    headings = page.evaluate(
        "[...document.querySelectorAll('h3')]"
        ".map(one => [one.innerText, one.getBoundingClientRect().top])"
    )

    tops = {name.strip(): top for name, top in headings}
    assert tops["Output"] == tops["Reference"] < tops["Prompt"]


def test_the_question_at_the_end_of_a_long_prompt_is_visible(
    data: Path, output: Path, browser: Browser
) -> None:
    examples = "Q: What is it? A: That.\n" * 200
    write_csv(data / "d.csv", [a_row("e1", input_text=f"{examples}How many eggs?")])
    (line,) = open_index(analysed(data, output).folder).page()

    with viewer(output) as base:
        page = opened(browser, f"{base}failures?failure={quote(encode_key(line.key))}").page
        box = page.locator(".em-end")
        expect(box).to_contain_text("How many eggs?")

        hidden = box.evaluate(
            "box => box.firstElementChild.getBoundingClientRect().bottom"
            " - box.getBoundingClientRect().bottom"
        )

        assert box.evaluate("box => box.scrollHeight > box.clientHeight")
        assert hidden <= 0
        page.context.close()


def test_an_imported_tree_with_hostile_names_is_shown(tmp_path: Path, browser: Browser) -> None:
    leaf = {"name": HOSTILE, "info": {"model": HOSTILE, "example_id": HOSTILE, "dataset": HOSTILE}}
    tree = {
        "name": HOSTILE,
        "children": [{"name": HOSTILE, "info": HOSTILE, "children": [leaf] * 60}],
    }
    path = tmp_path / "tree.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    open_results(path, tmp_path / "into")

    with viewer(tmp_path / "into") as base:
        page = opened(browser, f"{base}tree").page
        page.locator("summary").first.click()

        expect(page.get_by_text("1 to 50 of 60")).to_be_visible()
        expect(page).not_to_have_title("harm")
        page.context.close()
