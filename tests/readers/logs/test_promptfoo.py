"""Results of promptfoo: tests, prompts, providers and repeats; failed is not errored."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers import Sample, choose, log_formats, search
from tests.readers.logs.mutations import damaged, read_or_refused
from tests.support import shared_path

pytestmark = pytest.mark.slow


def a_row(test: int, column: int = 0, *, score: float = 1.0, **more: object) -> dict[str, object]:
    """A row as promptfoo 0.123 writes it."""
    number = str(test)
    assertion = {"type": "contains", "value": "{{expected}}", "metric": "found"}
    row: dict[str, object] = {
        "cost": 0,
        "gradingResult": {
            "pass": score == 1,
            "score": score,
            "reason": "All assertions passed" if score == 1 else "Expected output to contain",
            "componentResults": [
                {
                    "pass": score == 1,
                    "assertion": assertion,
                    "metadata": {"renderedAssertionValue": number},
                }
            ],
        },
        "id": f"row-{test}-{column}",
        "latencyMs": 1500,
        "namedScores": {"found": score},
        "prompt": {"raw": f"Say {number}.", "label": "Say {{n}}."},
        "promptId": "p0",
        "promptIdx": column,
        "provider": {"id": "echo", "label": f"model-{column}"},
        "response": {
            "output": f"It is {number}.",
            "finishReason": "stop",
            "tokenUsage": {"prompt": 3, "completion": 4, "total": 7},
        },
        "score": score,
        "success": score == 1,
        "testCase": {"vars": {"n": number}, "assert": [assertion]},
        "testIdx": test,
        "vars": {"n": number, "expected": number},
        "metadata": {"topic": "numbers", "_promptfooFileMetadata": {}},
        "failureReason": 0 if score == 1 else 1,
    }
    return row | more


def a_file(rows: Sequence[object], *, version: int = 3, description: str = "Say: a / b") -> str:
    whole = {
        "evalId": "eval-1",
        "results": {
            "version": version,
            "timestamp": "2026-12-01T13:03:41.585Z",
            "prompts": [],
            "results": rows,
            "stats": {},
        },
        "config": {"description": description},
        "metadata": {"promptfooVersion": "0.123.1"},
    }
    return json.dumps(whole, indent=2)


def samples(folder: Path, metric: str = "score") -> list[Sample]:
    (log,) = search(folder, log_formats()).logs
    return list(log.read(choose(log, {"metric": (metric,)})))


def test_a_row_is_one_sample(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(a_file([a_row(0), a_row(1, score=0.25)]))

    (log,) = search(tmp_path, log_formats()).logs
    first, second = samples(tmp_path)

    assert (log.version, log.written) == ("0.123.1", "2026-12-01T13:03:41.585Z")
    assert (log.datasets, log.models, log.rows) == (("Say_a_b",), ("model-0",), 2)
    assert log.choices["metric"] == ("score", "success", "found")
    assert (first.example, first.model, first.dataset) == ("0", "model-0", "Say_a_b")
    assert (first.prompt, first.output, first.reference) == ("Say 0.", "It is 0.", "0")
    assert (first.stop_reason, first.tokens_in, first.tokens_out) == ("stop", 3, 4)
    assert (first.latency_s, first.cost_usd) == (1.5, None)
    assert (first.score, second.score) == (1.0, 0.25)
    assert second.extras["grader_reason"] == "Expected output to contain"
    assert first.extras["topic"] == "numbers"


def test_json_lines_have_the_same_samples(tmp_path: Path) -> None:
    rows = [a_row(0), a_row(1, score=0)]
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "results.json").write_text(a_file(rows, description=""))
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "results.jsonl").write_text("\n".join(map(json.dumps, rows)))

    assert samples(tmp_path / "one") == samples(tmp_path / "two")


def test_an_evaluation_in_both_forms_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(a_file([a_row(0)]))
    (tmp_path / "results.jsonl").write_text(json.dumps(a_row(0)))

    found = search(tmp_path, log_formats())

    assert [log.path.name for log in found.logs] == ["results.json"]
    assert {path.name for path in found.files} == {"results.json", "results.jsonl"}


def test_a_failed_assertion_is_a_failure_and_a_failed_provider_is_none(tmp_path: Path) -> None:
    failed = a_row(0, score=0, error="Expected output to contain")
    errored = a_row(1, score=0, error="API error: 500\n  at /home", failureReason=2)
    (tmp_path / "a.json").write_text(a_file([failed, errored]))

    first, second = samples(tmp_path)

    assert (first.score, first.fault) == (0.0, "")
    assert (second.score, second.fault) == (None, "the tool failed: API error: 500")


def test_metrics_are_scores_by_name(tmp_path: Path) -> None:
    rows = [a_row(0, score=0.5, success=True), a_row(1, namedScores={})]
    (tmp_path / "a.json").write_text(a_file(rows))

    assert [one.score for one in samples(tmp_path, "success")] == [1.0, 1.0]
    named = samples(tmp_path, "found")
    assert [one.score for one in named] == [0.5, None]
    assert named[1].fault == "no metric 'found' in this row"


def test_repeats_of_a_test_are_repeats(tmp_path: Path) -> None:
    again = a_row(0) | {"testIdx": 1}
    (tmp_path / "a.json").write_text(a_file([again, a_row(0), a_row(2)]))

    keys = [(one.example, one.repeat) for one in samples(tmp_path)]

    assert keys == [("0", "1"), ("0", "0"), ("2", None)]


def test_several_prompts_are_several_examples(tmp_path: Path) -> None:
    rows = [a_row(0, n, promptId=f"p{n % 2}", provider=f"m{n // 2}") for n in range(4)]
    (tmp_path / "a.json").write_text(a_file(rows))

    keys = [(one.model, one.example) for one in samples(tmp_path)]

    assert keys == [
        ("m0", "0, prompt 1"),
        ("m0", "0, prompt 2"),
        ("m1", "0, prompt 1"),
        ("m1", "0, prompt 2"),
    ]


def test_two_providers_of_one_name_stay_apart(tmp_path: Path) -> None:
    rows = [a_row(0, n, provider={"id": "echo", "label": ""}) for n in range(2)]
    (tmp_path / "a.json").write_text(a_file(rows))

    assert [one.model for one in samples(tmp_path)] == ["echo", "echo (2)"]


def test_a_chat_is_a_prompt_with_roles_and_an_object_is_json(tmp_path: Path) -> None:
    chat = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    row = a_row(0, prompt={"raw": json.dumps(chat)}, response={"output": {"a": [1]}})
    (tmp_path / "a.json").write_text(a_file([row]))

    (sample,) = samples(tmp_path)

    assert sample.prompt == "[system]\nBe brief.\n\n[user]\nHi"
    assert sample.prompt[sample.question_start :] == "Hi"
    assert sample.output == '{"a": [1]}'


@pytest.mark.parametrize(
    ("case", "reference"),
    [
        (("equals", "4", {"expected": "5"}), "4"),
        (("llm-rubric", "is polite", {"expected": "5"}), "5"),
        (("javascript", "output > 1", {"q": "5"}), None),
        (("contains", "{{missing}}", {}), None),
    ],
)
def test_references_are_right_answers(
    tmp_path: Path, case: tuple[str, str, dict[str, str]], reference: str | None
) -> None:
    kind, value, variables = case
    graded = {"componentResults": [{"assertion": {"type": kind, "value": value}}]}
    (tmp_path / "a.json").write_text(a_file([a_row(0, gradingResult=graded, vars=variables)]))

    (sample,) = samples(tmp_path)

    assert sample.reference == reference


def test_what_promptfoo_passes_unchecked_is_said(tmp_path: Path) -> None:
    unchecked = a_row(0, gradingResult={"reason": "No assertions"}, testCase={"vars": {}})
    (tmp_path / "a.json").write_text(a_file([unchecked, a_row(1, score=0.5)]))

    (log,) = search(tmp_path, log_formats()).logs

    unchecked_notice, partial_notice = log.notices
    assert unchecked_notice.startswith("Say_a_b: 1 of 2 rows have no assertion; promptfoo passes")
    assert partial_notice.startswith("Say_a_b: 1 of 2 scores are neither 0 nor 1; with --metric")


def test_the_answer_of_a_cache_has_no_latency(tmp_path: Path) -> None:
    row = a_row(0, response={"output": "4", "cached": True, "tokenUsage": {"cached": 7}})
    (tmp_path / "a.json").write_text(a_file([row]))

    (sample,) = samples(tmp_path)

    assert (sample.latency_s, sample.tokens_in, sample.tokens_out) == (None, None, None)


def test_the_table_is_refused_with_the_way_out(tmp_path: Path) -> None:
    header = "q,[echo] Say {{q}},Status,Score,Named Scores,Grader Reason,Comment"
    (tmp_path / "results.csv").write_text(f"{header}\nx,y,PASS,1.00,,,\n")

    found = search(tmp_path, log_formats())

    assert found.logs == ()
    assert "promptfoo's table has no prompts" in str(found.refused[0])
    assert "--output results.jsonl" in str(found.refused[0])


def test_another_layout_is_refused_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(a_file([a_row(0)], version=4))

    (refused,) = search(tmp_path, log_formats()).refused

    assert "layout 4; layout 3 can be read" in str(refused)


def test_long_texts_of_a_judge_do_not_hide_a_row(tmp_path: Path) -> None:
    graded = {"reason": "x" * 40_000, "componentResults": []}
    (tmp_path / "a.jsonl").write_text(json.dumps(a_row(0, gradingResult=graded)))

    (sample,) = samples(tmp_path)

    assert len(sample.extras["grader_reason"] or "") == 200


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    rows = [a_row(0), a_row(1)]
    text = a_file(rows) if name == "a.json" else "\n".join(map(json.dumps, rows))
    (tmp_path / name).write_text(text[:-30])

    (refused,) = search(tmp_path, log_formats()).refused

    assert "no valid JSON" in str(refused)
    assert str(tmp_path / name) in str(refused)


@pytest.mark.parametrize("form", ["json", "jsonl"])
@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, form: str, data: st.DataObject
) -> None:
    rows = [a_row(0), a_row(1, score=0.5)]
    text = a_file(rows) if form == "json" else "\n".join(map(json.dumps, rows))
    folder = tmp_path_factory.mktemp("damaged")
    (folder / f"results.{form}").write_bytes(data.draw(damaged(text)))

    assert len(read_or_refused(folder, {"metric": "score"})) <= 2


def test_scores_of_real_results_are_those_of_their_statistics() -> None:
    for path in sorted(shared_path("native/promptfoo").rglob("*.json")):
        whole = json.loads(path.read_text(encoding="utf-8"))
        said = whole["results"]["stats"]
        (log,) = search(path, log_formats()).logs

        read = list(log.read({"metric": "success"}))

        passed = [one.score for one in read if one.score is not None]
        assert passed.count(1.0) == said["successes"]
        assert passed.count(0.0) == said["failures"]
        assert len(read) - len(passed) == said["errors"]
        scores = {row["id"]: row["score"] for row in whole["results"]["results"]}
        rows = zip(log.read({"metric": "score"}), scores.values(), strict=True)
        assert all(one.score in {None, score} for one, score in rows)
        keys = {(one.example, one.model, one.repeat) for one in read}
        assert len(keys) == len(read)


def test_real_json_lines_have_the_samples_of_the_json_file() -> None:
    folder = shared_path("native/promptfoo") / "made"
    logs = [search(folder / f"results.{form}", log_formats()).logs[0] for form in ("json", "jsonl")]

    first, second = (
        [(one.example, one.model, one.score, one.output) for one in log.read({"metric": "score"})]
        for log in logs
    )

    assert sorted(first, key=str) == sorted(second, key=str)


def test_a_metric_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(a_file([a_row(0)]))

    with pytest.raises(InputError, match="no metric 'brevity'"):
        samples(tmp_path, "brevity")
