"""Names of datasets from titles of runs."""

from error_map.config import check_name
from error_map.readers.logs.names import dataset_name


def test_long_titles_with_one_beginning_stay_apart() -> None:
    names = {dataset_name(f"{'mmlu:' * 40}subject={topic}", default="d") for topic in "ab"}

    assert len(names) == 2
    assert all(check_name(name, what="a dataset") for name in names)


def test_a_title_without_letters_takes_the_default_and_surrogates_are_replaced() -> None:
    assert dataset_name("...", default="log") == "log"
    assert dataset_name("a\ud800b", default="log") == "a_b"
