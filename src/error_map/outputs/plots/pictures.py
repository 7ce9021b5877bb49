"""Draws one plot of a finished run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from matplotlib import rc_context
from matplotlib.figure import Figure

from ...analysis import Heatmap, Signature
from ...errors import InputError, closest
from ..summary import FinishedRun
from . import Kind, Per
from .heatmap import heatmap_picture
from .signature import signature_picture
from .style import STYLE
from .transitions import transitions_picture
from .tree import tree_picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotOptions:
    """The arguments of `plot`."""

    kind: Kind
    depth: int | None
    models: tuple[str, ...]
    per: Per
    width: float


def picture(run: FinishedRun, options: PlotOptions) -> Figure:
    """The plot of a run.

    Raises:
        InputError: The run does not have one of the models, or nothing that can be drawn.
    """
    if not run.manifest.attempts_known and options.per == "attempt":
        hint = "its source holds failures only; draw them per failure"
        raise InputError("the passing attempts are unknown", where=run.manifest.exp_id, hint=hint)
    run.check_models(options.models)
    with rc_context(STYLE):
        match options.kind:
            case "signature" | "heatmap":
                return _models(run, options)
            case "tree":
                return _tree(run, options)
            case "transitions":
                return _transitions(run, options)
            case _:
                assert_never(options.kind)


def _models(run: FinishedRun, options: PlotOptions) -> Figure:
    full = run.heatmap(depth=options.depth or 1)
    if full is None or not full.categories:
        raise _nothing(run)
    heat = _restricted(full, options.models)
    signatures = _in_order(run.summary.models, options.models)
    if not heat.categories:
        raise _nothing(run, options.models)
    draw = signature_picture if options.kind == "signature" else heatmap_picture
    return draw(heat, signatures, per=options.per, inches=options.width)


def _in_order(signatures: Sequence[Signature], models: Sequence[str]) -> tuple[Signature, ...]:
    by_name = {signature.model: signature for signature in signatures}
    return tuple(by_name[model] for model in dict.fromkeys(models or by_name))


def _restricted(heat: Heatmap, models: Sequence[str]) -> Heatmap:
    """The rows of some models in their order, without columns in which they have no failures."""
    rows = dict(zip(heat.models, heat.cells, strict=True))
    names = tuple(dict.fromkeys(models or heat.models))
    filled = [
        number
        for number in range(len(heat.categories))
        if any((cell := rows[name][number]) and cell.share.hits for name in names)
    ]
    return replace(
        heat,
        models=names,
        categories=tuple(heat.categories[number] for number in filled),
        cells=tuple(tuple(rows[name][number] for number in filled) for name in names),
    )


def _tree(run: FinishedRun, options: PlotOptions) -> Figure:
    signature = run.summary.overall
    if len(options.models) > 1:
        hint = "name one model, or none for all together"
        raise InputError("a tree shows one model or all together", hint=hint)
    if options.models:
        (signature,) = _in_order(run.summary.models, options.models)
    if signature is None or signature.explained is None:
        raise _nothing(run, options.models)
    return tree_picture(signature, depth=options.depth or 2, per=options.per, inches=options.width)


def _transitions(run: FinishedRun, options: PlotOptions) -> Figure:
    known = [model.model for model in run.summary.models]
    models = options.models or known
    if len(models) != 2:  # noqa: PLR2004 - before and after
        hint = closest("", known)
        raise InputError("transitions need two models", where="models", hint=hint)
    pair = run.compared(*models, depth=options.depth or 1)
    return transitions_picture(pair, run.taxonomy, inches=options.width)


def _nothing(run: FinishedRun, models: Sequence[str] = ()) -> InputError:
    """The error for a plot that would be empty."""
    whose = f" of {', '.join(map(repr, models))}" if models else ""
    message = f"no failure{whose} was studied, so there is nothing to draw"
    hint = f"error-map show {run.manifest.exp_id} shows what the run contains"
    return InputError(message, where=run.manifest.exp_id, hint=hint)
