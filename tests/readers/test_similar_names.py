"""Names of models that look alike, and the notice about them."""

from pathlib import Path

import pytest

from error_map.readers import Catalog, ReadOptions, file_source
from error_map.readers.similar_names import look_alikes
from tests.support import a_row, write_csv


@pytest.mark.parametrize(
    "names",
    [
        ("gpt-4", "gpt-4 "),
        ("gpt-4", "GPT-4"),
        ("gpt-4o", "gpt-4\u043e"),  # a Cyrillic o
        ("a-b", "a\u2011b"),  # a dash that does not break
        ("llama", "lla\u200bma"),  # a blank without width
    ],
)
def test_names_that_look_alike_are_found(names: tuple[str, str]) -> None:
    assert list(look_alikes(names)) == [tuple(sorted(names))]


def test_different_names_are_not() -> None:
    assert list(look_alikes(["gpt-4", "gpt-4o", "gpt-4-0314", "claude-3", "моя-модель"])) == []


def test_look_alike_models_get_a_notice_and_stay_apart(tmp_path: Path) -> None:
    rows = [a_row("e1", "m"), a_row("e1", "m ")]
    catalog = Catalog([file_source(write_csv(tmp_path / "d.csv", rows), ReadOptions())])

    assert catalog.rows("d")["model"].n_unique() == 2
    assert list(catalog.notices()) == [
        "these models are counted apart, but their names look alike: 'm', 'm '"
    ]
