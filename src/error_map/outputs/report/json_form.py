"""The report as JSON for programs, with the keys that docs/report.md documents."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final, TypeAlias

from ...analysis import CategoryRate, Heatmap, Rate, Signature, Transitions
from ...presentation.charts import end_label
from ...presentation.excerpt import Excerpt
from .report import SCHEMA_VERSION, Check, Instance, Report, Texts

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
Json: TypeAlias = Mapping[str, object]


def json_form(report: Report) -> str:
    """The report as one strict JSON object, without NaN and unpaired surrogates."""
    value = json.dumps(_report(report), ensure_ascii=False, allow_nan=False, indent=1)
    return _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", value) + "\n"


def _report(report: Report) -> Json:
    heat, pair = report.heatmap, report.comparison
    known = report.attempts_known
    return {
        "schema_version": SCHEMA_VERSION,
        "title": str(report.title),
        "exp_id": report.exp_id,
        "analyst": report.analyst,
        "mock": report.mock,
        "completed_at": report.completed_at,
        "redacted": report.redacted,
        "attempts_known": known,
        "warnings": list(report.warnings),
        "summary": [{"about": one.about, "text": str(one)} for one in report.sentences],
        "accounting": _accounting(report),
        "datasets": [asdict(one) for one in report.datasets],
        "overall": report.overall and _signature(report.overall, known=known),
        "models": [_signature(one, known=known) for one in report.models],
        "categories": [_category(one, described=report.described) for one in report.tree],
        "heatmap": heat and _heat(heat, known=known),
        "comparison": pair and _comparison(pair, report.names),
        "benchmark": [asdict(one) for one in report.faults],
        "traps": report.traps and asdict(report.traps),
        "failures": {
            "studied": report.studied,
            "carried": len(report.instances),
            "instances": [_instance(one) for one in report.instances],
        },
        "method": [asdict(one) for one in report.method],
        "detectors": [asdict(one) for one in report.detectors],
        "limits": list(report.limits),
        "checks": [_check(check) for check in report.checks],
    }


def _check(check: Check) -> Json:
    return {"what": check.what, "told": check.result, "holds": check.holds}


def _accounting(report: Report) -> Json:
    rows: dict[str, int] = {one.state: one.rows for one in report.accounting}
    return {**rows, "rows": report.rows}


def _rates(one: CategoryRate, *, known: bool) -> Json:
    rates: dict[str, object] = {"share": asdict(one.share)}
    return {**rates, "per_attempt": asdict(one.per_attempt) if known else None}


def _signature(one: Signature, *, known: bool) -> Json:
    return {
        "model": one.model,
        "failures": one.failure_rate.hits,
        "failure_rate": asdict(one.failure_rate) if known else None,
        "explained": one.explained and asdict(one.explained),
        "place_known": one.located and asdict(one.located),
        "nothing_known": one.nothing_known and asdict(one.nothing_known),
        "categories": [
            {"id": rate.category.id, "depth": rate.depth, **_rates(rate, known=known)}
            for rate in one.categories
        ],
    }


def _category(one: CategoryRate, *, described: bool) -> Json:
    return {
        "id": one.category.id,
        "name": one.category.name,
        "description": one.category.description if described else "",
        "depth": one.depth,
        "share": asdict(one.share),
    }


def _heat(heat: Heatmap, *, known: bool) -> Json:
    return {
        "models": list(heat.models),
        "categories": [one.id for one in heat.categories],
        "cells": [[cell and _rates(cell, known=known) for cell in row] for row in heat.cells],
    }


def _comparison(pair: Transitions, names: Mapping[str, str]) -> Json:
    return {
        "before": pair.before,
        "after": pair.after,
        "attempts": pair.examples,
        "unpaired": pair.unpaired,
        "mcnemar_p": pair.p_value,
        **{
            name: asdict(Rate.counted(number, pair.examples)) if pair.examples else None
            for name, number in pair.counts.items()
            if name != "passed"
        },
        "flows": [
            {
                "before": flow.before,
                "before_name": end_label(flow.before, names),
                "after": flow.after,
                "after_name": end_label(flow.after, names),
                "change": pair.transition(flow),
                "attempts": flow.examples,
            }
            for flow in pair.flows
        ],
    }


def _instance(one: Instance) -> Json:
    texts = one.texts
    return {
        "row": one.number,
        "dataset": one.dataset,
        "example_id": one.example or None,
        "model": one.model,
        "repeat": one.repeat,
        "score": one.score,
        "threshold": one.threshold,
        "state": one.state,
        "category": one.category,
        "chosen": one.chosen,
        "verdict": one.verdict or None,
        "error_title": one.title,
        "detector": one.detector or None,
        "confidence": one.confidence,
        "benchmark_fault": one.fault or None,
        "texts": texts and _texts(texts),
    }


def _texts(texts: Texts) -> Json:
    peer = texts.correct
    return {
        "prompt": _excerpt(texts.prompt),
        "output": _excerpt(texts.output),
        "reference": texts.reference and _excerpt(texts.reference),
        "answer": texts.answer,
        "correct": peer and {"model": peer[0], "output": _excerpt(peer[1])},
        "error_summary": texts.summary,
        "criteria": [asdict(one) for one in texts.criteria],
        "evidence_turns": list(texts.turns),
        "unmarked_quotes": [asdict(one) for one in texts.quotes],
        "kept": dict(texts.kept),
        "reason": texts.reason,
    }


def _excerpt(text: Excerpt) -> Json:
    return {
        "text": str(text),
        "chars": text.chars,
        "left_out": text.left_out,
        "evidence": [piece.text for piece in text.pieces if piece.marked],
    }
