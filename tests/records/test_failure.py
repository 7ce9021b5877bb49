"""FailureRow, and the meanings that belong to types of the flow."""

from typing import get_args

import pytest

from error_map.records import (
    BENCHMARK_FAULTS,
    STATES,
    BenchmarkFault,
    Criterion,
    Evidence,
    FailureRow,
    Finding,
    State,
)
from tests.support import a_key


def a_criterion(*, verified: bool | None) -> Criterion:
    return Criterion(
        criterion="Adds both numbers",
        present_in_wrong=False,
        quality="incorrect",
        evidence="2 + 2 = 5",
        comment="",
        verified=verified,
    )


def a_finding(quote: str, start: int) -> Finding:
    evidence = Evidence(quote, start, start + len(quote))
    return Finding(
        detector="d", kind="cause", title="", summary="", evidence=(evidence,), confidence=1.0
    )


def test_every_state_and_every_kind_of_benchmark_fault_has_a_meaning() -> None:
    assert get_args(State) == STATES
    assert set(get_args(BenchmarkFault)) == BENCHMARK_FAULTS.keys()


@pytest.mark.parametrize(
    ("criteria", "findings", "verified"),
    [
        ((), (), None),
        ((a_criterion(verified=None),), (), None),
        ((a_criterion(verified=True),), (), True),
        ((a_criterion(verified=False),), (a_finding("2 + 2 = 5", 4),), False),
        ((), (a_finding("2 + 2 = 5", 4),), True),
        ((), (a_finding("2 + 2 = 5", 5),), False),
    ],
)
def test_quotes_are_verified_if_each_is_in_the_output_where_it_should_be(
    criteria: tuple[Criterion, ...], findings: tuple[Finding, ...], *, verified: bool | None
) -> None:
    row = FailureRow(
        number=0, key=a_key(), output="So, 2 + 2 = 5.", criteria=criteria, findings=findings
    )

    assert row.quotes_verified is verified
