"""HTML report in a real browser: no foreign script runs, no request is sent, no layout breaks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Page

from error_map.outputs.report import ReportOptions
from error_map.store import RunFolder, write_whole
from tests.report_runs import SHOWN, hostile_run, report_text, small_run
from tests.support import a_row, analysed, write_csv

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECTIONS: Final = (
    *("summary", "accounting", "tree", "models", "comparison", "failures", "method", "checked"),
)
CONTRAST: Final = """() => {
  const light = (c) => {
    const [r, g, b] = c.match(/[0-9.]+/g).slice(0, 3).map((v) => {
      const s = v / 255;
      return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one) => {
    const style = getComputedStyle(one);
    const pair = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  };
  const table = document.querySelector("table.heat tbody tr");
  return Array.from({ length: 10 }, (_, shade) => {
    const cell = table.insertCell();
    cell.className = `cell c${shade}`;
    return ratio(cell);
  });
}"""


@dataclass
class Opened:
    """A page and what happened on it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def opened(
    browser: Browser,
    path: Path,
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    scripts: bool = True,
) -> Opened:
    """A file in the browser, every request, message and dialog noted."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    context.set_default_timeout(10_000)
    one = Opened(context.new_page())
    one.page.on("request", lambda request: one.requests.append(request.url))
    one.page.on("console", lambda message: one.complaints.append(message.text))
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.page.on("dialog", lambda dialog: one.complaints.append(dialog.message))
    one.page.goto(path.as_uri())
    return one


@dataclass(frozen=True)
class Pages:
    """Reports on disk."""

    small: Path
    hostile: Path
    redacted: Path
    many: Path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Made before the browser starts."""

    def folder(name: str) -> tuple[Path, Path]:
        base = tmp_path_factory.mktemp(name)
        (base / "data").mkdir()
        return base / "data", base / "output"

    def page(run: RunFolder, name: str, options: ReportOptions | None = None) -> Path:
        path = run.output_dir / name
        write_whole(path, report_text(run, "html", options))
        return path

    small, hostile = small_run(*folder("small")), hostile_run(*folder("hostile"))
    many_data, many_output = folder("many")
    rows = [a_row(f"e{n}", f"model-{n % 3}", output=f"The answer is {n}.") for n in range(90)]
    write_csv(many_data / "sums.csv", rows)
    return Pages(
        small=page(small, "r.html"),
        hostile=page(hostile, "r.html"),
        redacted=page(hostile, "redacted.html", ReportOptions(redact=True)),
        many=page(analysed(many_data, many_output).folder, "r.html"),
    )


@pytest.fixture
def chrome(pages: Pages, browser: Browser) -> Iterator[Browser]:
    """The browser, after the pages were made."""
    assert pages.small.exists()
    yield browser
    for context in browser.contexts:
        context.close()


@pytest.mark.parametrize("name", ["hostile", "redacted", "small", "many"])
def test_nothing_runs_and_nothing_is_asked_for(chrome: Browser, pages: Pages, name: str) -> None:
    path: Path = getattr(pages, name)

    one = opened(chrome, path)

    assert one.page.evaluate("window.ran") is None
    assert one.requests == [path.as_uri()]
    assert one.complaints == []


def test_hostile_text_does_not_break_the_page(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.hostile).page

    sections = page.eval_on_selector_all("main > section", "all => all.map(one => one.id)")
    assert tuple(sections) == SECTIONS
    assert page.locator("body > main").count() == page.locator("h1").count() == 1
    assert page.locator("main details.failure").count() == 4
    assert page.locator("img, iframe, object, embed, link, base").count() == 0
    assert page.locator("script").count() == 1


def test_hostile_text_is_seen_and_its_invisible_characters_too(
    chrome: Browser, pages: Pages
) -> None:
    page = opened(chrome, pages.hostile).page

    for place in (
        "h1",
        ".signature h4",
        "#tree summary .label",
        ".failure summary b",
        ".failure .who",
    ):
        assert SHOWN in (page.locator(place).first.text_content() or "")
    for place in ("pre", ".failure .summary", ".failure table td", ".about"):
        shown = " ".join(page.locator(place).all_text_contents())
        assert "\\x1b[31mred\\x00\\u202egnp.exe" in shown
    text = page.content()
    assert [one for one in "\x00\x1b\u202e\u2066" if one in text] == []


def test_a_page_with_lines_of_five_megabytes_is_small_and_says_what_it_left_out(
    chrome: Browser, pages: Pages
) -> None:
    page = opened(chrome, pages.hostile).page

    assert pages.hostile.stat().st_size < 500_000
    assert "characters left out" in page.locator("#failures").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_script_that_got_in_would_not_run(chrome: Browser, pages: Pages, tmp_path: Path) -> None:
    planted = tmp_path / "planted.html"
    text = pages.small.read_text(encoding="utf-8")
    attack = "<script>window.ran = 1</script><img src=http://127.0.0.1:9/ onerror='window.ran = 1'>"
    planted.write_text(text.replace("<main>", f"<main>{attack}"), encoding="utf-8")

    one = opened(chrome, planted)

    assert one.page.evaluate("window.ran") is None
    assert len(one.complaints) >= 2
    assert all("Content Security Policy" in said for said in one.complaints)


def test_evidence_is_marked_where_it_stands(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.small).page

    assert page.locator("details.failure mark").first.text_content() == "12 * 3 = 38"


def test_failures_are_searched_and_filtered(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.many).page
    shown = page.locator("#shown")

    page.fill("#q", '"answer is 17"')
    assert shown.text_content() == "1 of 90 shown"
    page.select_option("#by-model", "model-0")
    assert shown.text_content() == "0 of 90 shown"
    assert page.locator("#nothing").is_visible()
    page.fill("#q", "")
    assert shown.text_content() == "30 of 90 shown"
    assert page.locator("details.failure:visible").count() == 30


def test_failures_and_categories_are_folded_and_unfolded(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.many).page
    unfolded = page.locator("#failures details[open]")

    page.click("#failures button[data-open]")
    assert unfolded.count() == 90
    page.click("#failures button[data-fold]:not([data-open])")
    assert unfolded.count() == 0


def test_a_table_is_sorted_by_the_keyboard(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.many).page
    head = page.locator("#models table.sortable").first.locator("th").first

    head.locator("button").focus()
    page.keyboard.press("Enter")
    names = page.locator("#models table.sortable").first.locator("tbody th")

    assert head.get_attribute("aria-sort") == "ascending"
    assert names.all_text_contents() == ["model-0", "model-1", "model-2"]
    page.keyboard.press("Enter")
    assert names.all_text_contents() == ["model-2", "model-1", "model-0"]


def test_an_address_of_a_failure_unfolds_it(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.many).page
    folded = page.locator("details.failure:not([open])").first
    identifier = folded.get_attribute("id")

    page.evaluate("id => { location.hash = id; }", identifier)

    page.wait_for_selector(f"#{identifier}[open]")


def test_the_heatmap_shows_shares_of_the_failures_on_demand(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.small, scripts=False).page

    assert not page.locator(".heat-share").is_visible()
    page.check("#heat-share")
    assert page.locator(".heat-share").is_visible()
    assert not page.locator(".heat-rate").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_shade_of_the_heatmap_is_readable(
    chrome: Browser, pages: Pages, scheme: Literal["light", "dark"]
) -> None:
    page = opened(chrome, pages.small, scheme=scheme).page

    assert min(page.evaluate(CONTRAST)) >= 4.5


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["small", "hostile", "redacted"])
def test_a_page_is_no_wider_than_the_window(
    chrome: Browser, pages: Pages, *, name: str, width: int
) -> None:
    page = opened(chrome, getattr(pages, name), width=width).page

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_everything_is_there_and_no_control_that_does_nothing(
    chrome: Browser, pages: Pages
) -> None:
    page = opened(chrome, pages.many, scripts=False).page

    assert page.locator("details.failure").count() == 90
    assert page.locator("button:visible, input[type=search]:visible").count() == 0


def test_tables_have_heads_with_scope_and_pictures_have_words(
    chrome: Browser, pages: Pages
) -> None:
    page = opened(chrome, pages.small).page

    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("table:not(:has(thead))").count() == 0
    assert page.locator("svg:not([aria-hidden=true]):not([aria-label])").count() == 0
    assert page.locator("svg.flow").get_attribute("aria-label")


def test_a_printed_report_has_its_examples_and_no_controls(chrome: Browser, pages: Pages) -> None:
    page = opened(chrome, pages.small, scheme="dark").page

    page.emulate_media(media="print")

    assert page.locator("nav").is_hidden()
    assert page.locator("#failures form").is_hidden()
    assert page.locator(".heat-rate").is_visible()
    assert page.locator("details.failure[open] pre").first.is_visible()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
