"""A run from the command line: options parsed, progress drawn, the summary printed."""

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import anyio

from ..analysts.endpoint import MOCK, judge_address
from ..analysts.estimate import Estimate
from ..config import RunConfig
from ..errors import ErrorMapError, InputError
from ..inference.providers import DEFAULT_JUDGES
from ..outputs.first_examples import first_examples
from ..outputs.summary import read_run
from ..outputs.terminal import (
    estimate_json,
    interrupted_lines,
    print_estimate,
    print_summary,
    summary_json,
)
from ..pipeline import RunResult, estimate_config, run_config
from ..presentation.sanitize import plain_text
from .next_steps import next_steps
from .progress_bar import Drawing

DEFAULT_FILE: Final = Path("error-map.toml")


def analyse_and_print(
    options: Mapping[str, object], *, config_file: Path | None, as_json: bool, quiet: bool
) -> None:
    """Does what the root command was asked for."""
    file = config_file or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    config = RunConfig.load(parsed(options), file=file, named=file is config_file)
    if file and not config_file and options.get("judge") is None:
        _tell_judge(config, file)
    notes = [f"options are read from {file}"] if file and not config_file else []
    if not config.wants_llm and config.inference_type is None:
        notes.append("no model is named: the offline analyst runs (no model, no network)")
    if config.provider and not (config.judge or config.litellm_config):
        model = DEFAULT_JUDGES[config.provider]
        notes.append(f"no judge is named: {model!r} of provider {config.provider!r} is asked")
    if config.dry_run:
        _print_estimate(estimated(config, notes, quiet=quiet), as_json=as_json, quiet=quiet)
        return
    try:
        result = run_and_draw(config, notes, quiet=quiet)
    except ErrorMapError as stopped:
        if isinstance(stopped.written, RunResult):
            print_result(stopped.written, config, as_json=as_json, quiet=quiet)
        raise
    print_result(result, config, as_json=as_json, quiet=quiet)


def _tell_judge(config: RunConfig, file: Path) -> None:
    """Says first, also under --quiet, who will read the texts where only a file says so."""
    if config.judge and config.wants_llm and config.inference_type != MOCK:
        with Drawing(quiet=False) as drawing:
            drawing.note(f"{file} names the judge {config.judge!r}, at {judge_address(config)}")


def run_and_draw(config: RunConfig, notes: Iterable[str], *, quiet: bool) -> RunResult:
    """Runs with progress and notices on standard error."""
    with Drawing(quiet=quiet) as drawing:
        for note in notes:
            drawing.note(note)
        try:
            return anyio.run(partial(run_config, config, progress=drawing))
        except KeyboardInterrupt:
            for line in interrupted_lines(drawing.accounted):
                drawing.note(line)
            drawing.note_spent()
            raise
        except ErrorMapError as stopped:
            if stopped.written is None:  # else the summary has it
                drawing.note_spent()
            raise


def estimated(config: RunConfig, notes: Iterable[str], *, quiet: bool) -> Estimate:
    """What a run would ask and what that costs, with progress and notices on standard error."""
    with Drawing(quiet=quiet) as drawing:
        for note in notes:
            drawing.note(note)
        return anyio.run(partial(estimate_config, config, progress=drawing))


def _print_estimate(estimate: Estimate, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        print(estimate_json(estimate))
    elif not quiet:
        print_estimate(estimate, sys.stdout)


def print_result(
    result: RunResult, config: RunConfig, *, as_json: bool, quiet: bool, judged: str = ""
) -> None:
    """Prints the summary on standard output, as it was asked for, and what to type next.

    Args:
        result: Of the run.
        config: Of the run.
        as_json: Print JSON alone.
        quiet: Print nothing but JSON.
        judged: Flags that have a model read the same; empty for those of the run.
    """
    if as_json:
        print(summary_json(result.summary))
    elif not quiet:
        print_summary(result.summary, sys.stdout, first_examples(read_run(result.folder)))
        folder = result.folder.output_dir
        print(plain_text(f"files: {folder}/*__exp_id={result.exp_id}.*\n"))
        was_judged = config.wants_llm and config.inference_type != MOCK
        left = None if was_judged or not result.error_records else judged
        steps = next_steps(result.exp_id, folder, left, unsampled=_unsampled(result))
        print(plain_text("\n".join(steps)))


def _unsampled(result: RunResult) -> int:
    """All failures of a run that studied only a share of them; else 0."""
    summary = result.summary
    left_out = summary.accounting.counts["not_sampled"] and summary.overall
    return summary.overall.failure_rate.hits if left_out and summary.overall else 0


def parsed(options: Mapping[str, object]) -> dict[str, object]:
    """Options as RunConfig takes them: lists apart, `columns` and `threshold` as mappings.

    Raises:
        InputError: One of them is not of the form NAME=VALUE, or names what another names.
    """
    values = dict(options)
    columns, thresholds = values.pop("columns", None), values.pop("threshold", None)
    if isinstance(send := values.get("send"), str):
        values["send"] = _parts(send)
    for name in ("detectors", "no_detector"):
        if isinstance(given := values.get(name), list):
            values[name] = words(given)
    if isinstance(columns, str):
        values["columns"] = _mapping(columns.split(","), flag="--columns")
    if isinstance(thresholds, list):
        given = _mapping(thresholds, flag="--threshold")
        params = {name: {"success_threshold": value} for name, value in given.items()}
        values["dataset_params"] = params
    return values


def words(given: Iterable[str]) -> tuple[str, ...]:
    """What was typed apart by spaces or commas."""
    return tuple(part for one in given for part in _parts(one) if part)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _mapping(parts: Iterable[str], *, flag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        name, value = _pair(part, flag=flag)
        if name in found:
            raise InputError(f"{name!r} is there twice", where=flag, hint="give it once")
        found[name] = value
    return found


def _pair(text: str, *, flag: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=") if flag == "--threshold" else text.partition("=")
    if not (equals and name.strip() and value.strip()):
        raise InputError(f"{text!r} is not NAME=VALUE", where=flag)
    return name.strip(), value.strip()
