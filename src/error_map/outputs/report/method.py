"""Method section of a report: facts about the run, its detectors, limits and warnings."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from ..._version import __version__
from ...analysis import Rate
from ...analysts.builtin_detectors import BUILT_IN, builtin_detectors
from ...presentation.coverage import coverage_lines
from ...presentation.formatting import count, percent
from ...store import BaseRateEntry, Manifest
from ..headline import spent
from ..summary import Spending
from .report import HABIT, DetectorLine, Fact

_DIGITS = 16
"""Digits of a fingerprint: 64 bits tell files apart, and the line stays short."""
OFFLINE = "offline/"


def facts(manifest: Manifest, *, redact: bool) -> Iterator[Fact]:
    """How the run was made.

    Args:
        manifest: The run's manifest.
        redact: Leave out file names and notices, which may quote the data.
    """
    yield Fact("Run", manifest.exp_id)
    yield Fact("Analyst", manifest.analyst)
    yield Fact("Completed", manifest.completed_at)
    # What was drawn may differ from the ratio: of each dataset and model at least one failure.
    yield Fact("Sampling ratio", f"{percent(manifest.ratio)}, with seed {manifest.seed}")
    if manifest.rare_freq:
        yield Fact("Shown as Other", f"top categories below {percent(manifest.rare_freq)}")
    if manifest.asked is not None:
        requested = f"{len(manifest.asked):,} of {len(manifest.models):,}"
        yield Fact("Requested models", requested)
    yield Fact(
        "Versions", ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    )
    for number, file in enumerate(manifest.inputs, start=1):
        name = f"file {number}" if redact else PurePath(file.name).name
        digest = f"SHA-256 {file.sha256[:_DIGITS]}…" if file.sha256 else "rows from memory"
        yield Fact("Input", f"{name}, {digest}, {count(file.invalid, 'invalid row')}")
    if manifest.fingerprint:
        yield Fact("Fingerprint of the analyst", f"{manifest.fingerprint[:_DIGITS]}…")
    for name, digest in manifest.prompts.items():
        yield Fact("Prompt", f"{name}, SHA-256 {digest[:_DIGITS]}…")
    for name, rates in manifest.base_rates.items():
        yield Fact(HABIT, f"{name}: {_base_rates(rates)}")
    covered = {name: entry.coverage for name, entry in manifest.datasets.items() if entry.coverage}
    distrust = {name: entry.distrust for name, entry in manifest.datasets.items()}
    yield from (Fact("Coverage", line) for line in coverage_lines(covered, distrust))
    yield from _cost(manifest)
    yield from () if redact else (Fact("Notice", notice) for notice in manifest.notices)


def _base_rates(rates: BaseRateEntry) -> str:
    wrong = f"{rates.wrong_hits:,} of {rates.wrong:,} wrong answers compared"
    right = f"{rates.right_hits:,} of {rates.right:,} right ones"
    shares = (
        f" ({percent(hits / answers)})" if answers else ""
        for hits, answers in ((rates.wrong_hits, rates.wrong), (rates.right_hits, rates.right))
    )
    return f"in {wrong}{next(shares)} and {right}{next(shares)}"


def _cost(manifest: Manifest) -> Iterator[Fact]:
    spending = Spending.of(manifest)
    if spending is None:
        yield Fact("Cost", "none: no model was called and nothing was sent")
    else:
        yield Fact("Cost", spent(spending, manifest.analyst))


def detector_lines(decided: Mapping[str, int], origins: Mapping[str, str]) -> list[DetectorLine]:
    """The detectors on which diagnoses rest, most frequent first.

    Args:
        decided: Failures by the detector on which their diagnosis rests.
        origins: The Python distribution of each detector.
    """
    known = builtin_detectors()
    lines = []
    for name in sorted(decided, key=lambda name: (-decided[name], name)):
        own = known.get(name) if origins.get(name) == BUILT_IN else None
        lines.append(
            DetectorLine(
                name=name,
                finding=own.finding if own else "",
                kind=own.kind if own else "",
                decided=decided[name],
                precision=Rate.counted(own.correct, own.read) if own and own.read else None,
            )
        )
    return lines


def limits(manifest: Manifest, *, sampled: bool) -> Iterator[str]:
    """What the figures do not show.

    Args:
        manifest: The run's manifest.
        sampled: Whether failures were left out by the sampling ratio.
    """
    yield "An interval covers chance alone; it does not cover mistakes of the analyst."
    if manifest.attempts_known:
        yield "Models are compared by their failures per 100 answers."
    yield (
        "A share of the failures says nothing about how often a model fails: the best model can "
        "have the largest share of a cause."
    )
    if sampled:
        yield (
            "Failures were sampled: each represents several, and shares are estimates weighted by "
            "dataset and model."
        )
    if manifest.base_rates:
        yield (
            "A finding that is a way of answering, such as a bare letter, is a cause only where "
            "the wrong answers of a model have it more often than the right ones; elsewhere it is "
            "a fact. The rates over all models are listed below."
        )
    if manifest.analyst.startswith(OFFLINE):
        yield (
            "The offline analyst finds only what its detectors look for. A place is the step where "
            "the answer first departs from correct work, without saying why."
        )
        version = manifest.versions.get("error-map", __version__)
        if version != __version__:
            yield (
                f"How often findings are right is that of version {__version__}; version {version} "
                "made the run."
            )
    else:
        yield (
            "The diagnoses are the judgement of a model. A verified quotation occurs in the "
            "output; whether it proves the diagnosis was not checked."
        )
    yield from manifest.lacks


def warnings(manifest: Manifest) -> Iterator[str]:
    """What a reader must know first."""
    if manifest.mock:
        yield "A mock judge answered: this report says nothing about the models."
    if not manifest.whole:
        yield "The run stopped before its end: only a part of the failures was studied."
    if not manifest.attempts_known:
        yield "The source holds failures only: failure rates are unknown and left out."
