"""Truncated texts of many failures at once, and how many models passed and failed each example."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ..analysis import FAILED, PASSED
from ..errors import StoreError
from ..records import RecordKey
from ..store import EXAMPLE_KEY, ROW_NUMBER, RunFolder

_TEXTS: Final = ("input_text", "output_text", "answer", "correct_answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Prompt, output, extracted answer and reference, each truncated."""

    prompt: str
    output: str
    answer: str
    """The extracted final answer; empty for none."""
    reference: str


@dataclass(frozen=True, slots=True)
class ModelsOf:
    """How many models passed and failed an example; with repeats, a model may do both."""

    passed: int
    failed: int


def read_texts(folder: RunFolder, numbers: Sequence[int], *, most: int) -> dict[int, Texts]:
    """The truncated texts of some failures, by number.

    Args:
        folder: Folder of the run.
        numbers: Rows of the failures file, from 0.
        most: Maximum characters of each text.

    Raises:
        StoreError: The file is missing or damaged.
    """
    clipped = [pl.col(name).cast(pl.String).str.slice(0, most).fill_null("") for name in _TEXTS]
    try:
        texts = (
            pl.scan_parquet(folder.failures, glob=False, row_index_name=ROW_NUMBER)
            .filter(pl.col(ROW_NUMBER).is_in(numbers))
            .select(ROW_NUMBER, *clipped)
            .collect(engine="streaming")
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        raise StoreError(f"the run is damaged: {error}", where=str(folder.failures)) from error
    return {
        number: Texts(prompt=prompt, output=output, answer=answer, reference=reference)
        for number, prompt, output, answer, reference in texts.iter_rows()
    }


class ModelCounts:
    """Counts how many models passed and failed each example of a run."""

    def __init__(self, folder: RunFolder) -> None:
        model, state = pl.col("model"), pl.col("state")
        # Models, not attempts: with repeats one model may be on both sides.
        failed = state.is_in(sorted(FAILED))
        try:
            self._counts = (
                pl.scan_parquet(folder.records, glob=False)
                .group_by(EXAMPLE_KEY)
                .agg(
                    passed=model.filter(state == PASSED).n_unique(),
                    failed=model.filter(failed).n_unique(),
                )
                .collect(engine="streaming")
            )
        except (pl.exceptions.PolarsError, OSError) as error:
            raise StoreError(f"the run is damaged: {error}", where=str(folder.records)) from error

    def of(self, keys: Iterable[RecordKey]) -> dict[tuple[str, str], ModelsOf]:
        """The counts of the examples of some failures, by dataset and example id."""
        examples = sorted({(key.dataset, key.example) for key in keys})
        schema = dict.fromkeys(EXAMPLE_KEY, pl.String)
        requested = pl.DataFrame(examples, schema=schema, orient="row")
        counts = requested.join(self._counts, on=EXAMPLE_KEY)
        return {(row[0], row[1]): ModelsOf(row[2], row[3]) for row in counts.iter_rows()}
