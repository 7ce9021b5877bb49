"""Whole runs configured by the environment: Azure by default, and all missing variables at once."""

import pytest

from error_map import run_sync
from error_map.cli import exit_code
from error_map.store import read_manifest
from tests.judged_runs import Place, files_in, truth

pytest.importorskip("litellm")
pytestmark = pytest.mark.slow


def typed(place: Place, *more: str) -> int:
    """The exit code of a run from the command line that names no model."""
    flags = ["--data-path", str(place.data), "--output-dir", str(place.output), "--exp-id", "t"]
    return exit_code([*flags, "--ratio", "1", "--no-hints", *more])


def set_up_azure(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_API_KEY", "az-planted-0123456789")
    monkeypatch.setenv("AZURE_API_BASE", place.server.api_base.removesuffix("/v1"))


def test_litellm_without_a_model_uses_azure_if_its_variables_are_set(
    place: Place, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up_azure(place, monkeypatch)

    code = typed(place, "--inference-type", "litellm")

    message = " ".join(capfd.readouterr().err.split())
    (path,) = {path.partition("?")[0] for path in place.server.stats()["by_path"]}
    assert code == 0
    assert "no judge is named: 'Azure/gpt-4.1' of provider 'azure' is used" in message
    assert path.endswith("/openai/deployments/Azure/gpt-4.1/chat/completions")
    assert {headers["api-key"] for headers in place.server.headers()} == {"az-planted-0123456789"}
    assert read_manifest(place.folder).analyst == "Azure/gpt-4.1"
    assert place.places() == truth()


def test_litellm_without_a_model_uses_azure_from_python_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_azure(place, monkeypatch)

    run_sync(
        inference_type="litellm",
        data_path=place.data,
        output_dir=place.output,
        exp_id="t",
        ratio=1.0,
        hints=False,
    )

    assert place.places() == truth()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ("--inference-type", "litellm"),
            (
                "error: no model is named for inference_type 'litellm' (give judge (--judge), "
                "provider or litellm_config, or set AZURE_API_KEY and AZURE_API_BASE)"
            ),
        ),
        (
            ("--provider", "azure"),
            "error: provider 'azure' needs AZURE_API_KEY and AZURE_API_BASE in the environment",
        ),
        (
            ("--provider", "rits"),
            "error: provider 'rits' needs RITS_API_KEY and RITS_API_BASE in the environment",
        ),
    ],
)
def test_missing_variables_are_named_in_one_line_and_no_file_is_written(
    place: Place, capfd: pytest.CaptureFixture[str], *, flags: tuple[str, ...], message: str
) -> None:
    code = typed(place, *flags, "--quiet")

    assert code == 2
    assert capfd.readouterr().err.splitlines() == [message]
    assert files_in(place.output) == set()
