"""An options file that was found, not named, may not redirect keys, texts or files."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.test_cli import ENVIRONMENT
from tests.llm_server import LlmServer
from tests.support import a_row, write_csv

pytestmark = pytest.mark.slow

REFUSED_LINE = "only a file that --config names may set {}"


@pytest.fixture
def work(data: Path) -> Path:
    """A working folder with one data set."""
    write_csv(data / "sums.csv", [a_row("e1"), a_row("e2", score=1)])
    return data.parent


def typed(
    work: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """`error-map` as a user of the folder types it, with a key in the environment."""
    return subprocess.run(
        [sys.executable, "-m", "error_map", *arguments],
        cwd=work,
        env={**ENVIRONMENT, "OPENAI_API_KEY": "sk-planted-0123456789", **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def options_file(work: Path, text: str) -> None:
    (work / "error-map.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("toml", "option"),
    [
        ('judge = "judge-1"\napi_base = "{base}"\n', "api_base"),
        ('[judge]\nmodel = "judge-1"\napi_base = "{base}"\n', "api_base"),
        ('[litellm_config]\nmodel = "openai/judge-1"\napi_base = "{base}"\n', "litellm_config"),
        ('judge = "judge-1"\ntemplates = "prompts"\n', "templates"),
        ('provider = "rits"\n', "provider"),
        ('[judge]\nprovider = "azure"\n', "provider"),
    ],
)
def test_a_file_that_nobody_named_may_not_say_where_texts_and_keys_go(
    work: Path, server: LlmServer, *, toml: str, option: str
) -> None:
    options_file(work, toml.format(base=server.api_base))

    ended = typed(work)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith(f"error: error-map.toml: {REFUSED_LINE.format(option)}")
    assert "--config error-map.toml" in ended.stderr
    assert server.stats()["calls"] == 0
    assert not (work / "output").exists()


@pytest.mark.parametrize("judge", ["huggingface/https://example.org/x", "oobabooga/HTTP://h:1"])
def test_a_file_that_nobody_named_may_not_hide_an_address_in_the_judges_name(
    work: Path, judge: str
) -> None:
    options_file(work, f'judge = "{judge}"\n')

    ended = typed(work)

    assert ended.returncode == 2
    assert REFUSED_LINE.format("an address as the judge") in ended.stderr


@pytest.mark.parametrize("option", ["data_path", "output_dir"])
def test_a_file_that_nobody_named_stays_in_its_folder(
    work: Path, tmp_path_factory: pytest.TempPathFactory, option: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (work / "link").symlink_to(elsewhere)

    for path in (str(elsewhere), "../elsewhere", "link"):
        options_file(work, f'{option} = "{path}"\n')

        ended = typed(work)

        assert ended.returncode == 2
        assert f"may set {option} outside the working folder" in ended.stderr
    assert list(elsewhere.iterdir()) == []


def test_the_same_file_is_taken_where_it_is_named(work: Path, server: LlmServer) -> None:
    options_file(work, f'judge = "judge-1"\napi_base = "{server.api_base}"\nratio = 1.0\n')

    ended = typed(work, "--config", "error-map.toml")

    assert ended.returncode == 0, ended.stderr
    assert server.stats()["calls"] > 0


def test_the_first_line_says_which_judge_an_unnamed_file_chose_and_its_host(
    work: Path, server: LlmServer
) -> None:
    options_file(work, 'ratio = 1.0\n[judge]\nmodel = "judge-1"\n')

    ended = typed(work, "--quiet", "--api-base", server.api_base)

    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == "· error-map.toml names the judge 'judge-1', at 127.0.0.1\n"


@pytest.mark.parametrize(
    ("judge", "variable", "message"),
    [
        ("gpt-4.1", {}, "at api.openai.com"),
        ("openai/x", {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, "at 127.0.0.1"),
        ("anthropic/x", {}, "at api.anthropic.com"),
        ("mistral/x", {}, "at api.mistral.ai"),
        ("bedrock/x", {}, "at the address that LiteLLM has for 'bedrock'"),
    ],
)
def test_the_host_is_the_one_that_litellm_takes(
    work: Path, *, judge: str, variable: Mapping[str, str], message: str
) -> None:
    options_file(work, f'judge = "{judge}"\ndry_run = true\n')

    ended = typed(work, environment=variable)

    assert (
        ended.stderr.splitlines()[0] == f"· error-map.toml names the judge {judge!r}, {message}"
    ), ended.stderr


def test_a_judge_that_is_not_called_is_not_announced(work: Path) -> None:
    options_file(work, 'judge = "gpt-4.1"\n')

    for flags in (("--inference-type", "offline"), ("--inference-type", "litellm-mock")):
        ended = typed(work, *flags)

        assert ended.returncode == 0, ended.stderr
        assert "names the judge" not in ended.stderr
