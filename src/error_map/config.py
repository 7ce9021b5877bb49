"""RunConfig, the options of a run: defaults < error-map.toml < flags or keyword arguments."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from .clock import time_stamp
from .errors import InputError, closest
from .options import Decimal, Direction, InferenceType, Provider, SentField

DEFAULT_SEED: Final = 42
MAX_PROCESSES: Final = 1_000
"""Several times the cores of the largest machines for rent. Bounds memory, as every process loads
all detectors."""
MAX_CALLS: Final = 10_000
"""Concurrent calls: each holds a connection, and systems grant a process some thousands of them."""
NOT_STORED: Final = "<not stored>"
STORED: Final = ("model", "temperature", "max_tokens", "seed", "timeout")
"""Arguments of `litellm_config` that are stored, and the host of `api_base`. An allow-list, as any
other argument may hold a secret."""
_ONLY_IF_NAMED: Final = ("api_base", "litellm_config", "provider", "templates")
"""Options that send keys or texts elsewhere, or change the prompts."""
_PATHS: Final = ("data_path", "output_dir", "scores")
_MODEL_OPTIONS: Final = ("judge", "provider", "litellm_config")
_AZURE_VARIABLES: Final = ("AZURE_API_KEY", "AZURE_API_BASE")
_MAX_NAME_CHARS: Final = 100
_NAME: Final = re.compile(rf"[\w.-]{{1,{_MAX_NAME_CHARS}}}")
_MAX_NAME_BYTES: Final = 190
"""File systems allow 255 bytes per file name; ours add up to 53 to a run's name, and
temporary ones some more."""


def check_name(name: str, *, what: str) -> str:
    """Returns the name if it can be part of a file name.

    Raises:
        InputError: It has characters other than letters, digits, `.`, `_` and `-`, is empty, has
            dots only, or is longer than 100 characters or 190 bytes.

    Example:
        >>> check_name("gpqa.v2", what="dataset")
        'gpqa.v2'
    """
    if _NAME.fullmatch(name) and name.strip(".") and len(name.encode()) <= _MAX_NAME_BYTES:
        return name
    label = name if len(name) <= _MAX_NAME_CHARS else f"{name[:_MAX_NAME_CHARS]}…"
    raise InputError(
        f"{label!r} cannot name {what}", hint="up to 100 letters, digits, dots, dashes, underscores"
    )


class DatasetParams(BaseModel):
    """The rule by which the answers of one dataset fail; see `options.DatasetOptions`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    success_threshold: float | None = Field(default=None, allow_inf_nan=False)
    score_direction: Direction | None = None


class RunConfig(BaseModel):
    """The validated options of a run, frozen; `options.Options` says what each of them does."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    exp_id: str
    data_path: Path = Path("data")
    output_dir: Path = Path("output")
    datasets: tuple[str, ...] | None = None
    dataset_params: Mapping[str, DatasetParams] = Field(default_factory=dict)
    models: tuple[str, ...] | None = None
    ratio: Annotated[float, Field(gt=0, le=1)] = 0.1  # the reference's, which saves 9 in 10 calls
    seed: int = DEFAULT_SEED
    use_correct_predictions: bool = True
    rare_freq: Annotated[float, Field(ge=0, lt=1)] = 0.0
    cols_to_keep: tuple[str, ...] | None = None
    score_direction: Direction = "high"
    columns: Mapping[str, str] = Field(default_factory=dict)
    dataset_name: str | None = None
    model_name: str | None = None
    encoding: str = "utf-8"
    sheet: str | None = None
    format: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
    filter: tuple[str, ...] = ()
    scorer: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    scores: Path | None = None
    question_only: bool = False
    strict: bool = False
    score_map: Mapping[str, float] = Field(default_factory=dict)
    decimal: Decimal = "."
    percent: bool = False
    processes: Annotated[int, Field(ge=1, le=MAX_PROCESSES)] | None = None
    detectors: tuple[str, ...] | None = None
    no_detector: tuple[str, ...] = ()
    inference_type: InferenceType | None = None
    litellm_config: Mapping[str, object] | None = Field(default=None, repr=False)
    judge: str | None = None
    provider: Provider | None = None
    api_base: str | None = Field(default=None, repr=False)
    temperature: Annotated[float, Field(ge=0)] = 0.0
    max_tokens: Annotated[int, Field(ge=1)] = 2_000
    timeout: Annotated[float, Field(gt=0)] = 120.0
    max_workers: Annotated[int, Field(ge=1, le=MAX_CALLS)] = 100  # the reference's
    rpm: Annotated[float, Field(gt=0)] | None = None
    tpm: Annotated[float, Field(gt=0)] | None = None
    max_cost: Annotated[float, Field(gt=0)] | None = None
    max_calls: Annotated[int, Field(ge=1)] | None = None
    max_tokens_total: Annotated[int, Field(ge=1)] | None = None
    templates: Path | None = None
    send: tuple[SentField, ...] = ("input", "output", "reference", "correct_answers")
    correct_answers_shown: Annotated[int, Field(ge=0, le=3)] = 1  # selection keeps three
    max_input_tokens: Annotated[int, Field(ge=200)] = 24_000
    hints: bool = True
    max_num_clusters: Annotated[int, Field(ge=2)] = 25
    max_depth: Annotated[int, Field(ge=0)] = 2
    proposal_batch: Annotated[int, Field(ge=2)] = 500
    placement_batch: Annotated[int, Field(ge=1)] = 50
    rebuild: bool = False
    dry_run: bool = False
    retry_undiagnosed: bool = False
    max_lost: Annotated[float, Field(ge=0, le=1)] = 0.05

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
        """Merges the defaults, a file and the given options, each over the one before.

        With `inference_type` `litellm` and no model, the provider is Azure if its two variables
        are set in the environment.

        Args:
            options: By field name; None means "not given".
            file: An `error-map.toml`; its tables are merged entry by entry.
            named: Whether the caller named the file. A file that was only found in the working
                folder may not redirect anything.

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
        """Whether detectors examine the failures, for a diagnosis or for hints to the judge."""
        return self.hints or not self.wants_llm

    @property
    def wants_llm(self) -> bool:
        """Whether the LLM analyst runs.

        Raises:
            InputError: The LLM analyst is requested and no model is named.
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
        """The configuration as plain values, without secrets."""
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
    """The options of a file with its table `[judge]` flattened; `model` in it is the judge."""
    judge = options.get("judge")
    if not isinstance(judge, Mapping):
        return dict(options)
    own = {"judge" if name == "model" else str(name): value for name, value in judge.items()}
    return {**{name: value for name, value in options.items() if name != "judge"}, **own}


def _refuse_redirection(options: Mapping[str, object], file: Path) -> None:
    """Refuses redirecting options in a file that was found, not named.

    Anyone who can write to the folder could have put it there.

    Raises:
        InputError: It sends keys or texts elsewhere, changes the prompts, or leaves its folder.
    """
    faults = [name for name in _ONLY_IF_NAMED if name in options]
    if "://" in str(options.get("judge")):  # LiteLLM takes such a name as the address
        faults.append("an address as the judge")
    home = file.parent.resolve()
    faults += [
        f"{name} outside the working folder"
        for name in _PATHS
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
    """Adds the provider `azure` if a model is requested and only Azure is set up.

    Not if an address is given: it is another server's, to which Azure's key must not be sent.
    """
    named = any(options.get(name) for name in (*_MODEL_OPTIONS, "api_base"))
    is_set_up = all(environment.get(name, "").strip() for name in _AZURE_VARIABLES)
    if options.get("inference_type") == "litellm" and not named and is_set_up:
        return {**options, "provider": "azure"}
    return options


def _over(low: Mapping[str, object], high: Mapping[str, object]) -> dict[str, object]:
    """The options of both; those of `high` win, in tables entry by entry."""
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
    """The first error of pydantic as ours, without the value if it may be secret."""
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    place = ".".join(path)
    if first["type"] == "extra_forbidden":
        known = (
            DatasetParams.model_fields if path[0] == "dataset_params" else RunConfig.model_fields
        )
        return InputError(
            f"unknown option {path[-1]!r}", where=place, hint=closest(path[-1], known)
        )
    is_secret = path[:1] == ["litellm_config"]
    value = "" if is_secret else f", not {first['input']!r}"
    is_percentage = place == "ratio" and first["type"] == "less_than_equal"
    hint = "1 is all of them" if is_percentage else ""
    return InputError(f"{first['msg'].lower()}{value}", where=place, hint=hint)
