"""Diagnosis: every failure has exactly one outcome, whatever the analyst returns."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from error_map.records import Diagnosed, Diagnosis, Failure, Outcome, Undiagnosed
from error_map.stages.diagnosis import diagnose
from error_map.store import Batch
from tests.support import a_failure, a_key

pytestmark = pytest.mark.anyio
SLIP = Diagnosis(verdict="error", title="Slip", summary="")


@dataclass
class Answering:
    """An analyst that returns the outcomes that it was created with."""

    outcomes: Sequence[Outcome]
    workers: int = 1
    batch_size: int = 2
    batches: list[Sequence[Failure]] = field(default_factory=list)

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """The outcomes, for any batch."""
        self.batches.append(batch)
        return self.outcomes


async def test_outcomes_are_matched_by_key_and_missing_ones_are_undiagnosed() -> None:
    keys = [a_key(name) for name in ("e1", "e2", "e3")]
    batch = Batch(0, 0, tuple(a_failure(key=key) for key in keys))
    outcomes = [Diagnosed(keys[2], SLIP), Diagnosed(a_key("other"), SLIP), Diagnosed(keys[0], SLIP)]
    analyst = Answering(outcomes)
    done: list[tuple[Batch, Sequence[Outcome]]] = []

    await diagnose([batch], analyst, on_done=lambda *result: done.append(result))

    assert analyst.batches == [batch.failures]
    assert done == [
        (
            batch,
            [
                Diagnosed(keys[0], SLIP),
                Undiagnosed(keys[1], "the analyst gave no answer"),
                Diagnosed(keys[2], SLIP),
            ],
        )
    ]
