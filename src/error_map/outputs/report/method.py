"""How a run was made, what it cannot tell, and who looked."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from ..._version import __version__
from ...analysis import Rate
from ...analysts.builtin_detectors import BUILT_IN, builtin_detectors
from ...presentation.formatting import count, percent
from ...store import Manifest
from ..headline import spent
from ..summary import Spending
from .report import DetectorLine, Fact

_DIGITS = 16
"""Of a fingerprint."""
OFFLINE = "offline/"


def facts(manifest: Manifest, *, redact: bool) -> Iterator[Fact]:
    """How the run was made.

    Args:
        manifest: Of the run.
        redact: Leave out what may hold words of the data: file names and notices.
    """
    yield Fact("Run", manifest.exp_id)
    yield Fact("Analyst", manifest.analyst)
    yield Fact("Completed", manifest.completed_at)
    yield Fact("Failures studied", f"{percent(manifest.ratio)} were drawn, seed {manifest.seed}")
    if manifest.rare_freq:
        yield Fact("Shown as Other", f"top categories under {percent(manifest.rare_freq)}")
    if manifest.asked is not None:
        asked = f"{len(manifest.asked):,} of {len(manifest.models):,}"
        yield Fact("Models asked for", asked)
    yield Fact("Versions", ", ".join(f"{name} {one}" for name, one in manifest.versions.items()))
    for number, file in enumerate(manifest.inputs, start=1):
        name = f"file {number}" if redact else PurePath(file.name).name
        digest = f"SHA-256 {file.sha256[:_DIGITS]}…" if file.sha256 else "rows from memory"
        yield Fact("Input", f"{name}, {digest}, {count(file.invalid, 'invalid row')}")
    if manifest.fingerprint:
        yield Fact("Analyst's fingerprint", f"{manifest.fingerprint[:_DIGITS]}…")
    for name, digest in manifest.prompts.items():
        yield Fact("Prompt", f"{name}, SHA-256 {digest[:_DIGITS]}…")
    yield from _cost(manifest)
    yield from () if redact else (Fact("Notice", notice) for notice in manifest.notices)


def _cost(manifest: Manifest) -> Iterator[Fact]:
    spending = Spending.of(manifest)
    if spending is None:
        yield Fact("Cost", "no model was asked: nothing was sent, and nothing cost")
    else:
        yield Fact("Cost", spent(spending, manifest.analyst))


def detector_lines(decided: Mapping[str, int], origins: Mapping[str, str]) -> list[DetectorLine]:
    """The detectors that decided a diagnosis, most often first.

    Args:
        decided: By detector, failures whose diagnosis rests on it.
        origins: By detector, the distribution that brings it.
    """
    known = builtin_detectors()
    lines = []
    for name in sorted(decided, key=lambda one: (-decided[one], one)):
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
    """What the figures cannot tell.

    Args:
        manifest: Of the run.
        sampled: Whether failures were left out by the ratio.
    """
    yield "An interval tells how much chance there is in a figure, not how often the analyst errs."
    yield (
        "A share is among failures: a model that fails less can have a larger share of one cause. "
        "The rate per attempt is the one to compare where two models fail differently often."
    )
    if sampled:
        yield (
            "Failures were sampled: each stands for several, and shares are weighted estimates "
            "by dataset and model."
        )
    if manifest.analyst.startswith(OFFLINE):
        yield (
            "The offline analyst finds what its detectors look for, and says that a failure is "
            "unexplained otherwise. A place tells where a working parts from a right one, not why."
        )
        version = manifest.versions.get("error-map", __version__)
        if version != __version__:
            yield f"Precision is that of version {__version__}; the run was made by {version}."
    else:
        yield (
            "The diagnoses are a model's judgement. A verified quotation stands in the output; "
            "that it proves what is said of it was not checked."
        )
    yield from manifest.lacks


def warnings(manifest: Manifest) -> Iterator[str]:
    """What must be known before anything else is read."""
    if manifest.mock:
        yield "The answers are a mock's: nothing here says anything about the models."
    if not manifest.whole:
        yield "The run was stopped before everything was asked: what follows is a part of it."
    if not manifest.attempts_known:
        yield "The source holds failures only: failure rates are unknown and left out."
