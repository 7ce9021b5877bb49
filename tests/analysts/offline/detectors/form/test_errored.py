"""Error messages in place of an answer, and answers about errors."""

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.errored import DETECTOR


@pytest.mark.parametrize(
    "output",
    [
        "Error code: 429 - Too Many Requests",
        "Error code: 400 - {'error': {'message': 'too long', 'type': 'invalid_request_error'}}",
        "openai.RateLimitError: Error code: 429",
        "litellm.ServiceUnavailableError: the model is overloaded",
        "503 Service Unavailable",
        "Request timed out.",
        '{"error": {"message": "overloaded", "type": "server_error"}}',
        "<html>\n<head><title>502 Bad Gateway</title></head>\n</html>",
        "Traceback (most recent call last):\n  File 'x.py', line 1\nhttpx.ReadTimeout: slow",
        "CUDA out of memory. Tried to allocate 2.00 GiB",
    ],
)
def test_the_error_message_of_a_failed_request_is_no_answer(output: str) -> None:
    detection = DETECTOR.detect(Case(prompt="How many rolls are there?", output=output))

    assert detection is not None
    assert output[slice(*detection.spans[0])] == output


@pytest.mark.parametrize(
    ("prompt", "output"),
    [
        ("What does the code 429 mean?", "Error code 429 means that you have asked too often."),
        ("Which HTTP status is it?", "503 Service Unavailable"),
        ("What does the program print?", "Traceback (most recent call last):\nValueError: rolls"),
        ("Find the error in it.", "Error code: 404 - the name is misspelt."),
        ("How many rolls?", "The margin of error: 4 rolls."),
        ("Name a film.", "Connection error. It is a film of 1998."),
        ("What is the 500th page about?", "500 rolls of bread."),
        ("How many?", '{"error": 0.05, "answer": 54}'),
        ("How many?", "Error: 54"),
    ],
)
def test_an_answer_about_errors_is_an_answer(prompt: str, output: str) -> None:
    assert DETECTOR.detect(Case(prompt=prompt, output=output)) is None
