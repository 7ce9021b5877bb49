"""The options of a run: one declaration, from which flags, help and Python signatures derive.

Each option has its type for callers and an `Option` that says what it does. The command line makes
its flags of them (`cli/flags.py`), `run`, `run_sync` and `ErrorMap` take them as keyword
arguments, and `RunConfig` validates them. Nothing heavy is imported: `--help` reads this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, TypedDict

InferenceType: TypeAlias = Literal["offline", "litellm", "litellm-mock"]
Provider: TypeAlias = Literal["azure", "rits"]
Direction: TypeAlias = Literal["high", "low"]
Decimal: TypeAlias = Literal[".", ","]
SentField: TypeAlias = Literal["input", "output", "reference", "correct_answers"]
Group: TypeAlias = Literal["Data", "Analyst", "Limits", "Output"]
"""Sections of the command line's help."""


@dataclass(frozen=True, slots=True)
class Option:
    """What an option does, and where the command line's help shows it."""

    help: str
    """A sentence without its full stop."""
    group: Group
    default: str = ""
    """The value if it is not given, in words; empty for flags and limits that are off."""
    takes_no: bool = False
    """Whether the command line has a `--no-` form, as the option is on by default."""


class DatasetOptions(TypedDict, total=False):
    """The rule by which the answers of one dataset fail."""

    success_threshold: float | None
    """Scores on the wrong side of this are failures."""
    score_direction: Direction | None


class ReferenceOptions(TypedDict, total=False):
    """The options that the reference implementation has too; None for the default."""

    data_path: Annotated[
        Path | str | None,
        Option("Folder of result files or logs of evaluation tools, or one file", "Data", "data"),
    ]
    datasets: Annotated[
        Sequence[str] | None, Option("Datasets to read, separated by spaces", "Data", "all")
    ]
    models: Annotated[
        Sequence[str] | None,
        Option("Models whose failures are studied, separated by spaces", "Data", "all"),
    ]
    dataset_params: Annotated[
        Mapping[str, DatasetOptions] | None,
        Option("Scores on the wrong side are failures: DATASET=X, separated by spaces", "Data"),
    ]
    ratio: Annotated[
        float | None, Option("Share of the failures to study, above 0 and up to 1", "Data", "0.1")
    ]
    seed: Annotated[int | None, Option("Seed of the sample and of all other draws", "Data", "42")]
    inference_type: Annotated[
        InferenceType | None,
        Option("Analyst to use, whatever else is given", "Analyst", "litellm if a model is named"),
    ]
    judge: Annotated[str | None, Option("Model that diagnoses the failures", "Analyst")]
    provider: Annotated[Provider | None, Option("Provider of the judge", "Analyst")]
    litellm_config: Annotated[
        Mapping[str, object] | None,
        Option("Arguments for LiteLLM, instead of judge and provider", "Analyst"),
    ]
    max_workers: Annotated[int | None, Option("Concurrent calls of the judge", "Analyst", "100")]
    use_correct_predictions: Annotated[
        bool | None,
        Option("Show the analyst correct answers of other models", "Analyst", "yes", takes_no=True),
    ]
    output_dir: Annotated[
        Path | str | None, Option("Folder for the run's files", "Output", "output")
    ]
    exp_id: Annotated[str | None, Option("Name of the run", "Output", "the current time")]
    rare_freq: Annotated[
        float | None, Option("Show top categories below this share as Other", "Output", "0")
    ]
    cols_to_keep: Annotated[
        Sequence[str] | None, Option("Extra columns to copy to the final files", "Output", "all")
    ]


class OwnOptions(TypedDict, total=False):
    """All other options; None for the default."""

    columns: Annotated[
        Mapping[str, str] | None,
        Option("Column names in your files: input_text=prompt,output_text=response", "Data"),
    ]
    dataset_name: Annotated[
        str | None,
        Option("Read all files as one dataset of this name, such as runs of a benchmark", "Data"),
    ]
    model_name: Annotated[
        str | None,
        Option(
            'Template for model names of {model}, {file}, {dataset}, {run}: "{model} ({file})"',
            "Data",
        ),
    ]
    encoding: Annotated[str | None, Option("Encoding of text files", "Data", "utf-8")]
    sheet: Annotated[
        str | None, Option("Name of the sheet of Excel files (the first, if none is named)", "Data")
    ]
    format: Annotated[
        Sequence[str] | None,
        Option("Logs to look for, where not all are meant: lm-eval,inspect", "Data"),
    ]
    metric: Annotated[
        Sequence[str] | None, Option("Metric of logs, the first one that a log has: a,b", "Data")
    ]
    filter: Annotated[
        Sequence[str] | None, Option("Filter of logs, the first one that a log has: a,b", "Data")
    ]
    scorer: Annotated[
        Sequence[str] | None, Option("Scorer of logs, the first one that a log has: a,b", "Data")
    ]
    split: Annotated[
        Sequence[str] | None, Option("Split of logs, the first one that a log has: a,b", "Data")
    ]
    scores: Annotated[
        Path | str | None,
        Option("File of scores by example_id, for logs that have none", "Data"),
    ]
    question_only: Annotated[
        bool | None, Option("Leave out the worked examples before the question", "Data")
    ]
    strict: Annotated[bool | None, Option("Stop at the first invalid row", "Data")]
    score_direction: Annotated[
        Direction | None, Option("Whether high or low scores are good", "Data", "high")
    ]
    score_map: Annotated[
        Mapping[str, float] | None,
        Option("Scores that are words in your files: C=1,I=0,P=0.5", "Data"),
    ]
    decimal: Annotated[
        Decimal | None, Option("Decimal mark of the scores, . or a comma", "Data", ".")
    ]
    percent: Annotated[bool | None, Option("Scores are percentages: 85 and 85 % are 0.85", "Data")]
    detectors: Annotated[
        Sequence[str] | None,
        Option("Detectors to run: a,b; error-map detectors lists them", "Analyst", "all"),
    ]
    no_detector: Annotated[Sequence[str] | None, Option("Detectors to leave out: a,b", "Analyst")]
    processes: Annotated[
        int | None, Option("Processes of the offline analyst", "Analyst", "one per core")
    ]
    api_base: Annotated[str | None, Option("Address of an OpenAI-compatible server", "Analyst")]
    temperature: Annotated[float | None, Option("Temperature of the judge", "Analyst", "0")]
    max_tokens: Annotated[int | None, Option("Maximum tokens per reply", "Analyst", "2000")]
    timeout: Annotated[float | None, Option("Seconds that one call may take", "Analyst", "120")]
    templates: Annotated[
        Path | str | None, Option("Folder of prompts that replace the built-in ones", "Analyst")
    ]
    send: Annotated[
        Sequence[SentField] | None,
        Option(
            "Parts of a failure to send: input,output,reference,correct_answers", "Analyst", "all"
        ),
    ]
    correct_answers_shown: Annotated[
        int | None, Option("Correct answers to show per failure, 0 to 3", "Analyst", "1")
    ]
    max_input_tokens: Annotated[
        int | None,
        Option("Maximum tokens of a failure's texts; the middle is cut", "Analyst", "24000"),
    ]
    hints: Annotated[
        bool | None,
        Option("Show the judge what the detectors find", "Analyst", "yes", takes_no=True),
    ]
    max_num_clusters: Annotated[
        int | None, Option("Maximum categories per node of the taxonomy", "Analyst", "25")
    ]
    max_depth: Annotated[int | None, Option("Levels below the top categories", "Analyst", "2")]
    proposal_batch: Annotated[
        int | None, Option("Titles per request for categories", "Analyst", "500")
    ]
    placement_batch: Annotated[
        int | None, Option("Titles per request for their places", "Analyst", "50")
    ]
    rebuild: Annotated[
        bool | None,
        Option("Make a new taxonomy instead of extending an earlier run of this name", "Analyst"),
    ]
    retry_undiagnosed: Annotated[
        bool | None, Option("Repeat requests whose recorded reply was invalid", "Analyst")
    ]
    rpm: Annotated[float | None, Option("Maximum calls per minute", "Limits")]
    tpm: Annotated[float | None, Option("Maximum tokens per minute", "Limits")]
    max_cost: Annotated[float | None, Option("Maximum cost of the run in US dollars", "Limits")]
    max_calls: Annotated[int | None, Option("Maximum calls of the run", "Limits")]
    max_tokens_total: Annotated[
        int | None, Option("Maximum tokens of the run, in and out", "Limits")
    ]
    max_lost: Annotated[
        float | None,
        Option(
            "Share of undiagnosed failures above which the run counts as failed", "Limits", "0.05"
        ),
    ]
    dry_run: Annotated[bool | None, Option("Estimate calls and cost, and send nothing", "Limits")]


class Options(ReferenceOptions, OwnOptions, total=False):
    """Every option of a run; None for the default."""
