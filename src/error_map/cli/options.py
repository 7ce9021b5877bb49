"""The root command and its flags."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from cyclopts import Group, Parameter, Token

_DATA = Group.create_ordered("Data")
_ANALYST = Group.create_ordered("Analyst")
_LIMITS = Group.create_ordered("Limits")
_OUTPUT = Group.create_ordered("Output")

Words: TypeAlias = Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())]


def _whole(kind: object, tokens: Sequence[Token]) -> int:
    """The number that is written: cyclopts rounds 1.5 to 2 and says nothing."""
    del kind
    return int(tokens[0].value)


Whole: TypeAlias = Annotated[int | None, Parameter(converter=_whole)]


def analyse(
    *,
    data_path: Annotated[Path | None, Parameter(group=_DATA)] = None,
    datasets: Annotated[Words, Parameter(group=_DATA)] = None,
    models: Annotated[Words, Parameter(group=_DATA)] = None,
    columns: Annotated[str | None, Parameter(group=_DATA)] = None,
    dataset_name: Annotated[str | None, Parameter(group=_DATA)] = None,
    model_name: Annotated[str | None, Parameter(group=_DATA)] = None,
    encoding: Annotated[str | None, Parameter(group=_DATA)] = None,
    strict: Annotated[bool | None, Parameter(group=_DATA, negative=())] = None,
    threshold: Annotated[Words, Parameter(group=_DATA)] = None,
    score_direction: Annotated[Literal["high", "low"] | None, Parameter(group=_DATA)] = None,
    ratio: Annotated[float | None, Parameter(group=_DATA)] = None,
    seed: Annotated[Whole, Parameter(group=_DATA)] = None,
    inference_type: Annotated[
        Literal["offline", "litellm", "litellm-mock"] | None, Parameter(group=_ANALYST)
    ] = None,
    detectors: Annotated[Words, Parameter(group=_ANALYST)] = None,
    no_detector: Annotated[Words, Parameter(group=_ANALYST)] = None,
    judge: Annotated[str | None, Parameter(group=_ANALYST)] = None,
    provider: Annotated[Literal["azure", "rits"] | None, Parameter(group=_ANALYST)] = None,
    max_workers: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    api_base: Annotated[str | None, Parameter(group=_ANALYST)] = None,
    temperature: Annotated[float | None, Parameter(group=_ANALYST)] = None,
    max_tokens: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    timeout: Annotated[float | None, Parameter(group=_ANALYST)] = None,
    templates: Annotated[Path | None, Parameter(group=_ANALYST)] = None,
    send: Annotated[str | None, Parameter(group=_ANALYST)] = None,
    correct_answers_shown: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    max_input_tokens: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    hints: Annotated[bool | None, Parameter(group=_ANALYST)] = None,
    max_num_clusters: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    max_depth: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    proposal_batch: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    placement_batch: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    rebuild: Annotated[bool | None, Parameter(group=_ANALYST, negative=())] = None,
    retry_undiagnosed: Annotated[bool | None, Parameter(group=_ANALYST, negative=())] = None,
    rpm: Annotated[float | None, Parameter(group=_LIMITS)] = None,
    tpm: Annotated[float | None, Parameter(group=_LIMITS)] = None,
    max_cost: Annotated[float | None, Parameter(group=_LIMITS)] = None,
    max_calls: Annotated[Whole, Parameter(group=_LIMITS)] = None,
    max_tokens_total: Annotated[Whole, Parameter(group=_LIMITS)] = None,
    max_lost: Annotated[float | None, Parameter(group=_LIMITS)] = None,
    dry_run: Annotated[bool | None, Parameter(group=_LIMITS, negative=())] = None,
    processes: Annotated[Whole, Parameter(group=_ANALYST)] = None,
    use_correct_predictions: Annotated[bool | None, Parameter(group=_ANALYST)] = None,
    output_dir: Annotated[Path | None, Parameter(group=_OUTPUT)] = None,
    exp_id: Annotated[str | None, Parameter(group=_OUTPUT)] = None,
    rare_freq: Annotated[float | None, Parameter(group=_OUTPUT)] = None,
    cols_to_keep: Annotated[Words, Parameter(group=_OUTPUT)] = None,
    config: Annotated[Path | None, Parameter(group=_OUTPUT)] = None,
    json: Annotated[bool, Parameter(group=_OUTPUT, negative=())] = False,
    quiet: Annotated[bool, Parameter(group=_OUTPUT, negative=())] = False,
) -> None:
    """Analyse the failures in a folder of evaluation results.

    With no judge, provider or inference type the offline analyst runs: no model, no network.

    Parameters
    ----------
    data_path
        Folder of result files (csv, tsv, jsonl, parquet), or one file (default: data).
    datasets
        Datasets to read, space-separated (default: all).
    models
        Models whose failures are studied, space-separated (default: all).
    columns
        The files' own column names: input_text=prompt,output_text=response
    dataset_name
        Make all files one dataset of this name, such as versions of one benchmark's results.
    model_name
        Names of the models, with {model}, {file}, {dataset} or {run}: "{model} ({file})"
    encoding
        Of text files (default: utf-8).
    strict
        Stop at the first invalid row.
    threshold
        Scores on the wrong side are failures: DATASET=X, space-separated.
    score_direction
        low where less is better (default: high).
    ratio
        Share of the failures to study, over 0 up to 1 (default: 0.1).
    seed
        Of the sample and of every draw (default: 42).
    inference_type
        Force the analyst.
    detectors
        Detectors of the offline analyst that run: a,b (default: all; error-map detectors).
    no_detector
        Detectors that are left out.
    judge
        Model that is to be the analyst.
    provider
        Its provider.
    max_workers
        Concurrent calls of an LLM analyst (default: 100).
    api_base
        Address of an OpenAI-compatible server.
    temperature
        Of the model (default: 0).
    max_tokens
        Of one answer (default: 2000).
    timeout
        Seconds that one call may take (default: 120).
    templates
        Folder of prompts that override ours, file by file.
    send
        What of a failure is sent: input,output,reference,correct_answers (default: all).
    correct_answers_shown
        Correct answers beside a failure, 0 to 3 (default: 1).
    max_input_tokens
        Of one failure's texts, shortened in the middle (default: 24000).
    hints
        Offer the offline analyst's findings to the model (default: yes).
    max_num_clusters
        Categories at a node, at the most (default: 25).
    max_depth
        Levels under the top categories (default: 2).
    proposal_batch
        Titles that one proposal is made from (default: 500).
    placement_batch
        Titles that one call places (default: 50).
    rebuild
        Make the taxonomy anew instead of extending that of an earlier run of this name.
    retry_undiagnosed
        Ask again where the recorded answer was invalid.
    rpm
        Calls a minute, at the most.
    tpm
        Tokens a minute, at the most.
    max_cost
        US dollars, at the most.
    max_calls
        Calls, at the most.
    max_tokens_total
        Tokens in and out, at the most.
    max_lost
        Share of failures that may stay undiagnosed in a run that counts as done (default: 0.05).
    dry_run
        Say what the model would be asked and what that costs, and send nothing.
    processes
        Processes of the offline analyst (default: one a core).
    use_correct_predictions
        Show the analyst correct answers of other models (default: yes).
    output_dir
        Folder for the run's files (default: output).
    exp_id
        Name of the run (default: the time).
    rare_freq
        Show top categories under this share as Other (default: 0).
    cols_to_keep
        Extra columns that the final files carry (default: all).
    config
        Options file (default: error-map.toml, if there is one).
    json
        Print the summary as JSON.
    quiet
        Print nothing but errors.
    """
    given = dict(locals())
    from .analyse import analyse_and_print

    options = {name: given[name] for name in given if name not in {"config", "json", "quiet"}}
    analyse_and_print(options, config_file=config, as_json=json, quiet=quiet)
