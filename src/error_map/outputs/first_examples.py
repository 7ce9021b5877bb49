"""One real failure for each of the most frequent causes, shown before any figure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ..presentation.charts import causes
from ..presentation.exemplars import Chosen, chosen
from .report import EXAMPLES
from .report.instances import read_instances
from .report.rows import damage_reported
from .summary import FinishedRun
from .terminal import Example

MAX_EXAMPLES: Final = 3
"""Examples below the headline: more would push the accounting off a screen of 24 lines."""


def first_examples(run: FinishedRun) -> tuple[Example, ...]:
    """The report's first example for each of the most frequent causes; none for a mock judge.

    Args:
        run: A finished run.

    Raises:
        StoreError: The failures file is damaged or missing.
    """
    if run.manifest.mock:
        return ()
    selected = list(_selected(run))
    instances = read_instances(run.folder.failures, selected, redact=False, origins={})
    rows = (instances[group.examples[0]] for group in selected)
    return tuple(
        Example(
            dataset=row.dataset,
            example=row.example,
            model=row.model,
            sentence=(row.texts.summary if row.texts else "") or row.title,
            turns=row.texts.turns if row.texts else (),
        )
        for row in rows
    )


def _selected(run: FinishedRun) -> Iterator[Chosen]:
    """For each top category, the first example of its most frequent subcategory."""
    overall = run.summary.overall
    tops = [rate.category.id for rate in causes(overall)][:MAX_EXAMPLES] if overall else []
    if not tops:
        return
    failures, seed = run.folder.failures, run.manifest.seed
    with damage_reported(failures):
        groups = chosen(failures, run.display_path, seed=seed, examples=EXAMPLES)
    for top in tops:
        for group in groups:
            if group.examples and run.taxonomy.path(group.category)[0].id == top:
                yield replace(group, examples=group.examples[:1], others=())
                break
