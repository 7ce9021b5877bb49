"""Finding secrets in configurations and removing them from texts."""

import pytest

from error_map.inference.secrets import scrub, secrets_in_environment, secrets_of


def test_all_texts_of_a_configuration_are_secret_except_allowed_ones() -> None:
    found = secrets_of(
        {
            "model": "openai/gpt-4.1",
            "temperature": 0,
            "seed": 123456,
            "api_key": "sk-0123456789",
            "aws_secret_access_key": "aws-secret",
            "short": "abcde",
        }
    )

    assert found == {"sk-0123456789", "aws-secret"}


def test_nested_values_are_secret_too() -> None:
    found = secrets_of(
        {
            "extra_headers": {"Authorization": "Bearer abc-123456", "model": "a-model"},
            "fallbacks": [{"api_key": "in-a-list"}],
            "vertex_credentials": '{"private_key": "in-a-json-text"}',
            "template": "{not-json",
        }
    )

    assert {"abc-123456", "a-model", "in-a-list", "in-a-json-text", "{not-json"} <= found
    assert "Bearer" not in found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://api.openai.com/v1", set()),
        ("http://127.0.0.1:8000/openai/deployments/v1", set()),
        ("https://someone:passw0rd@host.org/v1", {"someone", "passw0rd"}),
        ("https://host.org/v1?token=abc%2Fdef", {"abc%2Fdef", "abc/def"}),
        ("https://host.org/a1b2c3d4e5/v1", {"a1b2c3d4e5"}),
        ("https://host.org/abcdefghijklmnop/v1", {"abcdefghijklmnop"}),
    ],
)
def test_only_the_tokens_of_an_address_are_secret(address: str, found: set[str]) -> None:
    assert secrets_of({"api_base": address}) == found


def test_variables_named_like_keys_are_secret() -> None:
    environment = {
        "OPENAI_API_KEY": "sk-0123456789",
        "HF_TOKEN": "hf_abcdef",
        "HOME": "/home/someone",
    }

    assert secrets_in_environment(environment) == {"sk-0123456789", "hf_abcdef"}


def test_secrets_are_removed_from_a_text() -> None:
    text = "no abc/def-1 for abc/def-1-long at ?k=abc%2Fdef-1"

    scrubbed = scrub(text, ["abc/def-1", "abc/def-1-long"])

    assert scrubbed == "no <not stored> for <not stored> at ?k=<not stored>"


@pytest.mark.parametrize("secrets", [[], [""], ["a"], ["model"]])
def test_short_words_are_not_removed(secrets: list[str]) -> None:
    assert scrub("a model", secrets) == "a model"
