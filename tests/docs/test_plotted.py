"""The pictures of the page on plots."""

from pathlib import Path

import pytest

from docs.plotted import PICTURES, draw
from error_map.outputs.plots import KINDS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plots")
    draw(folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_the_pictures_of_the_page_are_what_the_demo_gives(anew: Path, kind: str) -> None:
    """If the difference is meant, `make picture` draws them."""
    name = f"{kind}.svg"

    assert (anew / name).read_text("utf-8") == (PICTURES / name).read_text("utf-8")
