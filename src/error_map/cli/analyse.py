"""Runs an analysis from the command line: parses options, draws progress, prints the summary."""

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
    """Runs the root command.

    Args:
        options: Flags as typed; None for those that were not given.
        config_file: The options file named by --config.
        as_json: Print JSON only.
        quiet: Print nothing but errors and JSON.
    """
    file = config_file or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    config = RunConfig.load(parsed(options), file=file, named=file is config_file)
    if file and not config_file and options.get("judge") is None:
        _announce_judge(config, file)
    notes = [f"options are read from {file}"] if file and not config_file else []
    if not config.wants_llm and config.inference_type is None:
        notes.append("no model is named: the offline analyst runs (no model, no network)")
    if config.provider and not (config.judge or config.litellm_config):
        model = DEFAULT_JUDGES[config.provider]
        notes.append(f"no judge is named: {model!r} of provider {config.provider!r} is used")
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


def _announce_judge(config: RunConfig, file: Path) -> None:
    """Says, even under --quiet, who will read the texts if only a file names the judge.

    Files are found in the working folder, and texts must not leave the machine unnoticed.
    """
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
            if stopped.written is None:  # otherwise the summary says what was spent
                drawing.note_spent()
            raise


def estimated(config: RunConfig, notes: Iterable[str], *, quiet: bool) -> Estimate:
    """Estimates a run, with progress and notices on standard error."""
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
    """Prints the summary and the next commands on standard output.

    Args:
        result: Result of the run.
        config: Configuration of the run.
        as_json: Print JSON only.
        quiet: Print nothing but JSON.
        judged: Flags that repeat the run with a judge; empty if they are those of the run.
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
    """Number of failures of a run that studied only a sample of them; 0 if it studied all."""
    summary = result.summary
    left_out = summary.accounting.counts["not_sampled"] and summary.overall
    return summary.overall.failure_rate.hits if left_out and summary.overall else 0


def parsed(options: Mapping[str, object]) -> dict[str, object]:
    """Turns typed flags into options of RunConfig.

    Splits lists at commas, and turns `columns`, `score_map` and `threshold` into mappings.

    Raises:
        InputError: A value is not of the form NAME=VALUE, or a name is repeated.
    """
    values = dict(options)
    columns, thresholds = values.pop("columns", None), values.pop("threshold", None)
    if isinstance(send := values.get("send"), str):
        values["send"] = _parts(send)
    for name in ("detectors", "no_detector", "format", "metric", "filter", "scorer", "split"):
        if isinstance(given := values.get(name), list):
            values[name] = words(given)
    if isinstance(columns, str):
        values["columns"] = _mapping(columns.split(","), flag="--columns")
    if isinstance(scores := values.get("score_map"), str):
        values["score_map"] = _mapping(scores.split(","), flag="--score-map")
    if isinstance(thresholds, list):
        given = _mapping(thresholds, flag="--threshold")
        params = {name: {"success_threshold": value} for name, value in given.items()}
        values["dataset_params"] = params
    return values


def words(given: Iterable[str]) -> tuple[str, ...]:
    """The values of a flag that were separated by spaces or commas."""
    return tuple(part for one in given for part in _parts(one) if part)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _mapping(parts: Iterable[str], *, flag: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for part in parts:
        name, value = _pair(part, flag=flag)
        if name in values:
            raise InputError(f"{name!r} is given twice", where=flag, hint="give it once")
        values[name] = value
    return values


def _pair(text: str, *, flag: str) -> tuple[str, str]:
    # Names of datasets and words for scores may have an equals sign; our columns have none.
    name, equals, value = text.partition("=") if flag == "--columns" else text.rpartition("=")
    if not (equals and name.strip() and value.strip()):
        raise InputError(f"{text!r} is not NAME=VALUE", where=flag)
    return name.strip(), value.strip()
