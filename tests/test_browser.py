"""Tests of the browser that page tests use."""

import pytest
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_browser_runs_scripts(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p id=a></p><script>a.textContent = 1 + 1</script>")

    assert page.text_content("#a") == "2"
