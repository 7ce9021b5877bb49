"""One real failure for each of the most frequent causes, to be seen before any figure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ..presentation.exemplars import Chosen, chosen
from .report import EXAMPLES
from .report.instances import read_instances
from .report.rows import damage_reported
from .report.sentences import causes
from .summary import FinishedRun
from .terminal import Example

MOST: Final = 3


def first_examples(run: FinishedRun) -> tuple[Example, ...]:
    """The report's first example of the most frequent causes; none of a mock's.

    Args:
        run: Finished.

    Raises:
        StoreError: The failures file is damaged or gone.
    """
    if run.manifest.mock:
        return ()
    picked = list(_picked(run))
    found = read_instances(run.folder.failures, picked, redact=False, origins={})
    rows = (found[one.examples[0]] for one in picked)
    return tuple(
        Example(
            dataset=row.dataset,
            example=row.example,
            model=row.model,
            sentence=(row.texts.summary if row.texts else "") or row.title,
        )
        for row in rows
    )


def _picked(run: FinishedRun) -> Iterator[Chosen]:
    """For each cause the first example of the most frequent kind of it."""
    overall = run.summary.overall
    tops = [one.category.id for one in causes(overall)][:MOST] if overall else []
    if not tops:
        return
    failures, seed = run.folder.failures, run.manifest.seed
    with damage_reported(failures):
        groups = chosen(failures, run.display_path, seed=seed, examples=EXAMPLES)
    for top in tops:
        for one in groups:
            if one.examples and run.taxonomy.path(one.category)[0].id == top:
                yield replace(one, examples=one.examples[:1], others=())
                break
