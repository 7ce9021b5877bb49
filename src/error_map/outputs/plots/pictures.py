"""From a finished run to one of its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from matplotlib import rc_context
from matplotlib.figure import Figure

from ...analysis import Heatmap, Signature
from ...errors import InputError, closest
from ..summary import FinishedRun
from . import Kind
from .heatmap import heatmap_picture
from .measure import Per
from .signature import signature_picture
from .style import STYLE
from .transitions import transitions_picture
from .tree import tree_picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for; see `plot`."""

    kind: Kind
    depth: int | None
    models: tuple[str, ...]
    per: Per
    width: float


def picture(run: FinishedRun, wanted: Wanted) -> Figure:
    """The picture.

    Raises:
        InputError: The run has not the models that were asked for, or nothing that can be drawn.
    """
    if not run.manifest.attempts_known and wanted.per == "attempt":
        hint = "its source has failures only; draw them per failure"
        raise InputError("what passed is not known", where=run.manifest.exp_id, hint=hint)
    run.refuse_strangers(wanted.models)
    with rc_context(STYLE):
        match wanted.kind:
            case "signature" | "heatmap":
                return _models(run, wanted)
            case "tree":
                return _tree(run, wanted)
            case "transitions":
                return _transitions(run, wanted)
            case _:
                assert_never(wanted.kind)


def _models(run: FinishedRun, wanted: Wanted) -> Figure:
    whole = run.heatmap(depth=wanted.depth or 1)
    if whole is None or not whole.categories:
        raise _nothing(run)
    heat = _chosen(whole, wanted.models)
    signatures = _in_order(run.summary.models, wanted.models)
    if not heat.categories:
        raise _nothing(run, wanted.models)
    draw = signature_picture if wanted.kind == "signature" else heatmap_picture
    return draw(heat, signatures, per=wanted.per, inches=wanted.width)


def _in_order(signatures: Sequence[Signature], models: Sequence[str]) -> tuple[Signature, ...]:
    by_name = {one.model: one for one in signatures}
    return tuple(by_name[model] for model in dict.fromkeys(models or by_name))


def _chosen(heat: Heatmap, models: Sequence[str]) -> Heatmap:
    """The rows of some models, in their order, with the columns in which they have anything."""
    rows = dict(zip(heat.models, heat.cells, strict=True))
    names = tuple(dict.fromkeys(models or heat.models))
    held = [
        number
        for number in range(len(heat.categories))
        if any((cell := rows[name][number]) and cell.share.hits for name in names)
    ]
    return replace(
        heat,
        models=names,
        categories=tuple(heat.categories[number] for number in held),
        cells=tuple(tuple(rows[name][number] for number in held) for name in names),
    )


def _tree(run: FinishedRun, wanted: Wanted) -> Figure:
    shown = run.summary.overall
    if len(wanted.models) > 1:
        hint = "name one model, or none for all together"
        raise InputError("a tree is of one model or of all", hint=hint)
    if wanted.models:
        (shown,) = _in_order(run.summary.models, wanted.models)
    if shown is None or shown.explained is None:
        raise _nothing(run, wanted.models)
    return tree_picture(shown, depth=wanted.depth or 2, per=wanted.per, inches=wanted.width)


def _transitions(run: FinishedRun, wanted: Wanted) -> Figure:
    known = [one.model for one in run.summary.models]
    models = wanted.models or known
    if len(models) != 2:  # noqa: PLR2004 - from one to the other
        hint = closest("", known)
        raise InputError("transitions need two models", where="models", hint=hint)
    found = run.compared(*models, depth=wanted.depth or 1)
    return transitions_picture(found, run.taxonomy, inches=wanted.width)


def _nothing(run: FinishedRun, models: Sequence[str] = ()) -> InputError:
    """What is said where a picture would be empty."""
    whose = f" of {', '.join(map(repr, models))}" if models else ""
    told = f"no failure{whose} was studied, so there is nothing to draw"
    hint = f"error-map show {run.manifest.exp_id} says what there is"
    return InputError(told, where=run.manifest.exp_id, hint=hint)
