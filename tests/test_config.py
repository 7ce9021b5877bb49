"""Options from defaults, file and caller: precedence, refusals, and what is stored."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from error_map.config import RunConfig, check_name
from error_map.errors import ErrorMapError, InputError, closest


def loaded(toml: str = "", path: Path | None = None, **options: object) -> RunConfig:
    if path is None:
        return RunConfig.load(options)
    file = path / "error-map.toml"
    file.write_text(toml, encoding="utf-8")
    return RunConfig.load(options, file=file)


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Azure's two variables."""
    monkeypatch.setenv("AZURE_API_KEY", "az-0123456789")
    monkeypatch.setenv("AZURE_API_BASE", "https://mine.azure.com")


def refusal(toml: str, path: Path, **options: object) -> str:
    with pytest.raises(InputError) as refused:
        loaded(toml, path, **options)
    return str(refused.value)


def test_given_options_go_over_the_files_and_those_over_the_defaults(tmp_path: Path) -> None:
    config = loaded("seed = 7\nratio = 0.5\n", tmp_path, ratio=0.25, models=None)

    assert (config.ratio, config.seed, config.max_workers) == (0.25, 7, 100)


def test_the_defaults_are_those_of_the_reference() -> None:
    config = loaded()

    assert (config.ratio, config.seed, config.max_workers) == (0.1, 42, 100)
    assert (config.data_path, config.output_dir) == (Path("data"), Path("output"))
    assert config.use_correct_predictions
    assert (config.datasets, config.models, config.cols_to_keep) == (None, None, None)


def test_a_run_without_a_name_is_named_by_the_time() -> None:
    names = {loaded().exp_id for _ in range(50)}

    assert all(len(name) == len("2026-01-31_23-59-59-123456") for name in names)
    assert len(names) == 50


def test_tables_of_the_file_and_of_the_caller_are_joined_entry_by_entry(tmp_path: Path) -> None:
    toml = """
        [columns]
        input_text = "prompt"
        output_text = "reply"
        [dataset_params.a]
        success_threshold = 0.5
        score_direction = "low"
        [dataset_params.b]
        success_threshold = 3
    """
    given = {"a": {"success_threshold": 0.75}, "c": {"success_threshold": 1}}

    config = loaded(toml, tmp_path, dataset_params=given, columns={"output_text": "reply"})

    assert config.columns == {"input_text": "prompt", "output_text": "reply"}
    thresholds = {name: one.success_threshold for name, one in config.dataset_params.items()}
    assert thresholds == {"a": 0.75, "b": 3, "c": 1}
    assert config.dataset_params["a"].score_direction == "low"


def test_an_unknown_option_in_the_file_is_refused_with_the_closest(tmp_path: Path) -> None:
    message = refusal("ratoi = 0.5\n", tmp_path)

    assert message.startswith(f"{tmp_path / 'error-map.toml'}: unknown option 'ratoi' ")
    assert "did you mean 'ratio'? there are: 'api_base', 'cols_to_keep', " in message


def test_an_unknown_option_of_a_dataset_is_refused_with_the_closest(tmp_path: Path) -> None:
    message = refusal("[dataset_params.gpqa]\nthreshold = 1\n", tmp_path)

    assert message == (
        "dataset_params.gpqa.threshold: unknown option 'threshold' (did you mean "
        "'success_threshold'? there are: 'score_direction', 'success_threshold')"
    )


def test_an_unknown_argument_is_refused_too() -> None:
    message = r"options: unknown option 'seeed' \(did you mean 'seed'\?"
    with pytest.raises(InputError, match=message):
        RunConfig.load({"seeed": 1})


@pytest.mark.parametrize("toml", ["ratio = \n", "ratio\n", "= 1", "a = 1\na = 2\n"])
def test_a_file_that_is_not_toml_is_refused_by_name(tmp_path: Path, toml: str) -> None:
    assert refusal(toml, tmp_path).startswith(f"{tmp_path / 'error-map.toml'}: not TOML: ")


@pytest.mark.parametrize("toml", ["a = " + "[" * 5_000, f"seed = {'7' * 5_000}"])
def test_a_file_that_cannot_be_parsed_to_its_end_is_refused_by_name(
    tmp_path: Path, toml: str
) -> None:
    assert refusal(toml, tmp_path).startswith(f"{tmp_path / 'error-map.toml'}: not TOML: ")


@pytest.mark.parametrize("name", ["timeout", "max_cost", "rpm", "tpm", "temperature", "max_lost"])
@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_number_without_an_end_is_refused_at_the_start(name: str, value: float) -> None:
    with pytest.raises(InputError, match=f"{name}: input should be a finite number"):
        RunConfig.load({name: value})


@pytest.mark.parametrize(("name", "most"), [("max_workers", 10_000), ("processes", 1_000)])
def test_more_at_once_than_any_machine_bears_is_refused(name: str, most: int) -> None:
    assert getattr(RunConfig.load({name: most}), name) == most
    with pytest.raises(InputError, match=f"{name}: input should be less than or equal to {most}"):
        RunConfig.load({name: most + 1})


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "error-map.toml"
    file.write_bytes("judge = 'é'\n".encode("latin-1"))

    with pytest.raises(InputError, match=r"error-map\.toml: not TOML: .*can't decode byte 0xe9"):
        RunConfig.load({}, file=file)


def test_a_file_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: no such configuration file"):
        RunConfig.load({}, file=tmp_path / "none.toml")


@pytest.mark.parametrize("ratio", [0, -0.1, 1.01, 10, float("nan"), float("inf"), "most"])
def test_a_ratio_outside_its_range_is_refused(ratio: object) -> None:
    with pytest.raises(InputError, match=rf"^ratio: input should be .*, not '?{ratio}\b"):
        RunConfig.load({"ratio": ratio})


def test_a_ratio_in_percent_is_refused_with_a_hint() -> None:
    with pytest.raises(InputError, match=r"not 100 \(1 is all of them\)$"):
        RunConfig.load({"ratio": 100})


@pytest.mark.parametrize("ratio", [1e-9, 0.1, 1, 1.0, "0.5"])
def test_a_ratio_over_0_up_to_1_is_taken(ratio: object) -> None:
    assert loaded(ratio=ratio).ratio == float(str(ratio))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("rare_freq", 1),
        ("rare_freq", -0.1),
        ("max_workers", 0),
        ("processes", 0),
        ("seed", "x"),
        ("score_direction", "up"),
        ("inference_type", "magic"),
        ("provider", "acme"),
        ("models", "a"),
        ("dataset_params", {"d": {"success_threshold": float("nan")}}),
        ("dataset_params", {"d": 5}),
        ("columns", {"input_text": 1}),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_the_options_name(
    option: str, value: object
) -> None:
    with pytest.raises(InputError) as refused:
        RunConfig.load({option: value})

    assert refused.value.where.startswith(option)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("name", ["t", "run-1_b.2", "x" * 100, "Größe", "実験" * 31])
def test_a_name_of_letters_digits_and_marks_is_taken(name: str) -> None:
    assert loaded(exp_id=name).exp_id == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "...", "a/b", "../a", "/a", "a\\b", "a b", "a\n", "a:b", "x" * 101, "験" * 64],
)
def test_a_name_that_could_leave_the_folder_or_not_be_a_file_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot name an experiment"):
        loaded(exp_id=name)


def test_the_longest_name_still_names_files(tmp_path: Path) -> None:
    name = check_name("験" * 63, what="an experiment")

    (tmp_path / f"exp_name=construct_taxonomy_recursively__exp_id={name}.json").touch()


def test_a_very_long_name_is_cut_in_the_message() -> None:
    with pytest.raises(InputError) as refused:
        check_name("x" * 10_000, what="a dataset")

    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("options", "llm"),
    [
        ({}, False),
        ({"judge": "m"}, True),
        ({"provider": "azure"}, True),
        ({"litellm_config": {"model": "m"}}, True),
        ({"litellm_config": {}}, False),
        ({"judge": "m", "inference_type": "offline"}, False),
        ({"inference_type": "litellm-mock"}, True),
    ],
)
def test_a_named_model_makes_an_llm_the_analyst(
    options: Mapping[str, object], *, llm: bool
) -> None:
    assert RunConfig.load(options).wants_llm is llm


@pytest.mark.usefixtures("azure")
@pytest.mark.parametrize("missing", ["AZURE_API_KEY", "AZURE_API_BASE"])
def test_an_llm_without_a_name_is_refused_with_both_ways_out(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv(missing, " ")

    with pytest.raises(
        InputError, match="no model is named for inference_type 'litellm'"
    ) as caught:
        _ = loaded(inference_type="litellm").wants_llm

    assert "give judge (--judge), provider or litellm_config" in caught.value.hint
    assert "set AZURE_API_KEY and AZURE_API_BASE" in caught.value.hint


@pytest.mark.usefixtures("azure")
def test_an_llm_without_a_name_is_azures_where_azure_is_set_up() -> None:
    config = loaded(inference_type="litellm")

    assert (config.provider, config.judge, config.wants_llm) == ("azure", None, True)


@pytest.mark.usefixtures("azure")
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"inference_type": "offline"},
        {"inference_type": "litellm-mock"},
        {"inference_type": "litellm", "judge": "openai/m"},
        {"inference_type": "litellm", "provider": "rits"},
        {"inference_type": "litellm", "litellm_config": {"model": "m"}},
        {"inference_type": "litellm", "api_base": "http://127.0.0.1:1/v1"},
    ],
)
def test_azures_variables_change_nothing_if_a_model_is_named(
    options: Mapping[str, object],
) -> None:
    assert RunConfig.load(options).provider == options.get("provider")


def test_nothing_secret_is_stored_or_shown() -> None:
    secret = {"model": "m", "temperature": 0, "api_key": "sk-1", "headers": {"x": "sk-2"}}

    config = loaded(litellm_config=secret)

    stored = config.storable()["litellm_config"]
    assert stored == {
        "model": "m",
        "temperature": 0,
        "api_key": "<not stored>",
        "headers": "<not stored>",
    }
    assert "sk-" not in json.dumps(config.storable()) + repr(config)


def test_a_secret_is_not_in_the_message_that_refuses_it() -> None:
    with pytest.raises(InputError) as refused:
        RunConfig.load({"litellm_config": "sk-1"})

    assert "sk-1" not in str(refused.value)


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("x", [], "there are none"),
        ("GSM8K", ["gsm8k"], "did you mean 'gsm8k'? there are: 'gsm8k'"),
        ("q", ["b", "a", "b"], "there are: 'a', 'b'"),
        ("n5", [f"n{n:02}" for n in range(22)], "'n19' and 2 more"),
    ],
)
def test_a_hint_lists_a_screenful_of_what_exists(word: str, known: list[str], hint: str) -> None:
    assert closest(word, known).endswith(hint)


def test_a_name_that_is_known_to_mean_something_else_is_not_proposed() -> None:
    assert closest("output_text", ["input_text", "output"], settled={"input_text"}).startswith(
        "did you mean 'output'?"
    )


def test_an_error_says_where_what_and_the_way_out() -> None:
    assert str(InputError("no column 'x'", where="a.csv:1", hint="there are none")) == (
        "a.csv:1: no column 'x' (there are none)"
    )
    assert str(ErrorMapError("it broke")) == "it broke"
