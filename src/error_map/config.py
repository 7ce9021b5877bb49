"""RunConfig: defaults < error-map.toml < flags or keyword arguments; frozen."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from .errors import InputError, closest

InferenceType: TypeAlias = Literal["offline", "litellm", "litellm-mock"]
Provider: TypeAlias = Literal["azure", "rits"]
Direction: TypeAlias = Literal["high", "low"]
SentField: TypeAlias = Literal["input", "output", "reference", "correct_answers"]

DEFAULT_SEED: Final = 42
MOST_PROCESSES: Final = 1_000
"""Of the offline analyst: several times the cores of the largest machines that are rented."""
MOST_CALLS: Final = 10_000
"""Calls at once: each takes a connection, and a process may hold some thousands."""
NOT_STORED: Final = "<not stored>"
STORED: Final = ("model", "temperature", "max_tokens", "seed", "timeout")
"""What of `litellm_config` may be written down, and the host of `api_base`; nothing else."""
_ONLY_IF_NAMED: Final = ("api_base", "litellm_config", "provider", "templates")
"""Options that send keys or texts elsewhere, or fill the prompts."""
_OUR_PLACES: Final = ("data_path", "output_dir")
_MODEL_OPTIONS: Final = ("judge", "provider", "litellm_config")
_AZURE_VARIABLES: Final = ("AZURE_API_KEY", "AZURE_API_BASE")
_NAME: Final = re.compile(r"[\w.-]{1,100}")
_NAME_BYTES: Final = 190
"""What a file system's 255 leave beside our longest file name."""


def check_name(name: str, *, what: str) -> str:
    """The name, if it can stand in a file's name.

    Raises:
        InputError: It holds anything but letters, digits, `.`, `_` and `-`, is empty or dots
            only, or is longer than 100 characters or 190 bytes.

    Example:
        >>> check_name("gpqa.v2", what="dataset")
        'gpqa.v2'
    """
    if _NAME.fullmatch(name) and name.strip(".") and len(name.encode()) <= _NAME_BYTES:
        return name
    shown = name if len(name) <= 100 else f"{name[:100]}…"  # noqa: PLR2004 - the limit itself
    raise InputError(
        f"{shown!r} cannot name {what}", hint="up to 100 letters, digits, dots, dashes, underscores"
    )


class DatasetParams(BaseModel):
    """What the caller says of one dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    success_threshold: float | None = Field(default=None, allow_inf_nan=False)
    """Scores on the wrong side of this are failures."""
    score_direction: Direction | None = None


class RunConfig(BaseModel):
    """Everything that decides what a run does; made once."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    exp_id: str
    data_path: Path = Path("data")
    output_dir: Path = Path("output")
    datasets: tuple[str, ...] | None = None
    """Datasets to read; None for all."""
    dataset_params: Mapping[str, DatasetParams] = Field(default_factory=dict)
    models: tuple[str, ...] | None = None
    """Models whose failures are studied; None for all."""
    ratio: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Share of the failures to study, in (0, 1]."""
    seed: int = DEFAULT_SEED
    use_correct_predictions: bool = True
    """Show the analyst correct answers of other models."""
    rare_freq: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Categories under this share of the failures are folded into "Other" where shown."""
    cols_to_keep: tuple[str, ...] | None = None
    """Extra columns that the final files carry; None for all."""
    score_direction: Direction = "high"
    columns: Mapping[str, str] = Field(default_factory=dict)
    """Canonical column name to the files' own name."""
    dataset_name: str | None = None
    """Dataset of all rows; None where files and rows name their own."""
    model_name: str | None = None
    """Template of the models' names, such as `{model} ({file})`; None for those in the data."""
    encoding: str = "utf-8"
    strict: bool = False
    """Stop at the first invalid row."""
    processes: Annotated[int, Field(ge=1, le=MOST_PROCESSES)] | None = None
    """Processes of the offline analyst; None for one a core."""
    detectors: tuple[str, ...] | None = None
    """Detectors of the offline analyst that run; None for all."""
    no_detector: tuple[str, ...] = ()
    """Detectors that are left out."""
    inference_type: InferenceType | None = None
    litellm_config: Mapping[str, Any] | None = Field(default=None, repr=False)
    judge: str | None = None
    provider: Provider | None = None
    api_base: str | None = Field(default=None, repr=False)
    """Address of an OpenAI-compatible server."""
    temperature: Annotated[float, Field(ge=0)] = 0.0
    max_tokens: Annotated[int, Field(ge=1)] = 2_000
    """Of one answer."""
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds that one call may take."""
    max_workers: Annotated[int, Field(ge=1, le=MOST_CALLS)] = 100
    """Concurrent calls."""
    rpm: Annotated[float, Field(gt=0)] | None = None
    """Calls a minute, at the most."""
    tpm: Annotated[float, Field(gt=0)] | None = None
    """Tokens a minute, at the most."""
    max_cost: Annotated[float, Field(gt=0)] | None = None
    """US dollars, at the most."""
    max_calls: Annotated[int, Field(ge=1)] | None = None
    max_tokens_total: Annotated[int, Field(ge=1)] | None = None
    """Tokens in and out, at the most."""
    templates: Path | None = None
    """Folder of prompts that override ours."""
    send: tuple[SentField, ...] = ("input", "output", "reference", "correct_answers")
    """What of a failure is sent to the model."""
    correct_answers_shown: Annotated[int, Field(ge=0, le=3)] = 1
    max_input_tokens: Annotated[int, Field(ge=200)] = 24_000
    """Of one failure's texts, which are shortened in the middle."""
    hints: bool = True
    """Offer the offline analyst's findings to the model."""
    max_num_clusters: Annotated[int, Field(ge=2)] = 25
    """Categories at a node, at the most."""
    max_depth: Annotated[int, Field(ge=0)] = 2
    """Levels under the top categories."""
    proposal_batch: Annotated[int, Field(ge=2)] = 500
    """Titles that one proposal is made from."""
    placement_batch: Annotated[int, Field(ge=1)] = 50
    """Titles that one call places."""
    rebuild: bool = False
    """Make the taxonomy anew instead of extending that of an earlier run of this name."""
    dry_run: bool = False
    """Say what the model would be asked and what that costs, and send nothing."""
    retry_undiagnosed: bool = False
    """Ask again where the recorded answer was invalid."""
    max_lost: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Share of the studied failures that may stay undiagnosed before the run counts as failed."""

    @field_validator("datasets", "models", "detectors")
    @classmethod
    def _none_named_means_all(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return value or None

    @field_validator("exp_id")
    @classmethod
    def _exp_id_names_files(cls, value: str) -> str:
        return check_name(value, what="an experiment")

    @field_validator("dataset_name")
    @classmethod
    def _dataset_name_names_a_dataset(cls, value: str | None) -> str | None:
        return None if value is None else check_name(value, what="a dataset")

    @classmethod
    def load(
        cls, options: Mapping[str, object], *, file: Path | None = None, named: bool = True
    ) -> Self:
        """The configuration from given options over those of a file over the defaults.

        Args:
            options: By field name; None stands for "not given".
            file: An `error-map.toml`; of its tables, entries that are not given stay.
            named: The caller names the file; if not, it was only found in the working folder and
                may not redirect anything.

        With `inference_type` `litellm` and no model, the provider is Azure if its two variables
        are set in the environment.

        Raises:
            InputError: An option is unknown, its value cannot be used, or only a named file may
                set it.
        """
        from_file = _with_judge(_read_toml(file)) if file else {}
        _refuse_unknown(from_file, where=str(file), known=cls.model_fields)
        if file and not named:
            _refuse_redirection(from_file, file)
        _refuse_unknown(options, where="options", known=cls.model_fields)
        given = {name: value for name, value in options.items() if value is not None}
        merged = _with_azure({"exp_id": time_stamp(), **_over(from_file, given)}, os.environ)
        try:
            return cls.model_validate(merged)
        except ValidationError as error:
            raise _explained(error) from None  # the original shows values, and some are secret

    @property
    def examines(self) -> bool:
        """Whether detectors look at the failures: for a diagnosis, or for hints to a model."""
        return self.hints or not self.wants_llm

    @property
    def wants_llm(self) -> bool:
        """Whether an LLM is to be the analyst.

        Raises:
            InputError: An LLM is asked for and none is named.
        """
        named = bool(self.judge or self.provider or self.litellm_config)
        if self.inference_type == "litellm" and not named:
            raise InputError(
                "no model is named for inference_type 'litellm'",
                hint="give judge (--judge), provider or litellm_config"
                + ("" if self.api_base else f", or set {' and '.join(_AZURE_VARIABLES)}"),
            )
        return named if self.inference_type is None else self.inference_type != "offline"

    def storable(self) -> dict[str, object]:
        """The configuration as plain values without anything secret."""
        values = self.model_dump(mode="json", exclude={"litellm_config", "api_base"})
        values["api_base"] = self.api_base and _storable("api_base", self.api_base)
        secret = self.litellm_config
        values["litellm_config"] = secret and {
            name: _storable(name, value) for name, value in secret.items()
        }
        return values


def _storable(name: str, value: object) -> object:
    if name == "api_base":
        return host_of(str(value)) or NOT_STORED
    return value if name in STORED else NOT_STORED


def host_of(address: str) -> str | None:
    """The host of an address; None if it is not an address with a host.

    Example:
        >>> host_of("https://user:key@api.example.org/v1"), host_of("127.0.0.1/v1")
        ('api.example.org', None)
    """
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def time_stamp() -> str:
    """The present in UTC, as it can stand in a file's name; to the microsecond, to be unique."""
    return datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S-%f")  # noqa: TID251 - the edge itself


def moment() -> str:
    """The present in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - the edge itself


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_toml(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError as error:
        raise InputError("no such configuration file", where=str(file)) from error
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", where=str(file)) from error
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits
        raise InputError(f"not TOML: {error}", where=str(file)) from error


def _with_judge(options: Mapping[str, object]) -> dict[str, object]:
    """The options of a file with its table `[judge]` laid out: `model` is the judge."""
    judge = options.get("judge")
    if not isinstance(judge, Mapping):
        return dict(options)
    own = {"judge" if name == "model" else str(name): value for name, value in judge.items()}
    return {**{name: value for name, value in options.items() if name != "judge"}, **own}


def _refuse_redirection(options: Mapping[str, object], file: Path) -> None:
    """Refuses what a file that nobody named may not set: whoever shares a folder can put it there.

    Raises:
        InputError: It sends keys or texts elsewhere, fills the prompts, or leaves its folder.
    """
    faults = [name for name in _ONLY_IF_NAMED if name in options]
    if "://" in str(options.get("judge")):  # LiteLLM takes such a name as the address
        faults.append("an address as the judge")
    home = file.parent.resolve()
    faults += [
        f"{name} outside the working folder"
        for name in _OUR_PLACES
        if name in options and not _is_under(home, str(options[name]))
    ]
    if faults:
        message = f"only a file that --config names may set {faults[0]}"
        hint = f"if you trust this file, add --config {file}"
        raise InputError(message, where=str(file), hint=hint)


def _is_under(folder: Path, path: str) -> bool:
    try:
        return (folder / path).resolve().is_relative_to(folder)
    except (ValueError, OSError, RuntimeError):  # a NUL, or links in a circle
        return False


def _with_azure(
    options: Mapping[str, object], environment: Mapping[str, str]
) -> Mapping[str, object]:
    """The options, with the provider `azure` where a model is wanted and only Azure is set up.

    An address that is given is another server's: Azure's key is not sent there.
    """
    named = any(options.get(name) for name in (*_MODEL_OPTIONS, "api_base"))
    is_set_up = all(environment.get(name, "").strip() for name in _AZURE_VARIABLES)
    if options.get("inference_type") == "litellm" and not named and is_set_up:
        return {**options, "provider": "azure"}
    return options


def _over(low: Mapping[str, object], high: Mapping[str, object]) -> dict[str, object]:
    """The options of both, those of `high` where both have one; tables entry by entry."""
    merged = dict(low)
    for name, value in high.items():
        under = merged.get(name)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            merged[name] = _over(under, value)
        else:
            merged[name] = value
    return merged


def _refuse_unknown(
    given: Mapping[str, object], *, where: str, known: Mapping[str, object]
) -> None:
    for name in given:
        if name not in known:
            hint = closest(name, known)
            raise InputError(f"unknown option {name!r}", where=where, hint=hint)


def _explained(error: ValidationError) -> InputError:
    """The first fault that pydantic found, without the value where it may be secret."""
    fault = error.errors(include_url=False)[0]
    path = [str(part) for part in fault["loc"]]
    place = ".".join(path)
    if fault["type"] == "extra_forbidden":
        known = (
            DatasetParams.model_fields if path[0] == "dataset_params" else RunConfig.model_fields
        )
        return InputError(
            f"unknown option {path[-1]!r}", where=place, hint=closest(path[-1], known)
        )
    secret = path[:1] == ["litellm_config"]
    found = "" if secret else f", not {fault['input']!r}"
    too_much = place == "ratio" and fault["type"] == "less_than_equal"
    hint = "1 is all of them" if too_much else ""
    return InputError(f"{fault['msg'].lower()}{found}", where=place, hint=hint)
