"""The latest test run of deepeval: metrics, thresholds, tools, conversations, and its folder."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.readers import Found, Sample, choose, log_formats, search
from tests.readers.logs.mutations import damaged, read_or_refused


def a_metric(name: str, score: float | None, **more: object) -> dict[str, object]:
    metric = {"name": name, "threshold": 0.5, "success": bool(score), "evaluationModel": "none"}
    return metric | ({} if score is None else {"score": score, "reason": "compared"}) | more


def a_case(name: str = "sum", **more: object) -> dict[str, object]:
    """A test case as deepeval 4.3.1 writes it."""
    case: dict[str, object] = {
        "name": name,
        "input": "2 + 2?",
        "actualOutput": "5",
        "expectedOutput": "4",
        "tokenCost": 0.01,
        "completionTime": 1.5,
        "tags": ["x"],
        "flaky": False,
        "success": False,
        "metricsData": [a_metric("Exact", 0.0), a_metric("Brief", 0.75)],
        "runDuration": 0.02,
        "order": 0,
    }
    return case | more


def a_run(
    cases: Sequence[object], conversations: Sequence[object] = (), **more: object
) -> dict[str, object]:
    run = {
        "testCases": cases,
        "conversationalTestCases": conversations,
        "metricsScores": [],
        "identifier": "my run",
        "hyperparameters": {"model": "tiny", "temperature": "0"},
        "testPassed": 0,
    }
    return {"testRunData": run | more}


def write_run(folder: Path, run: object) -> Path:
    path = folder / ".deepeval" / ".latest_test_run.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(run), encoding="utf-8")
    return path


def found(place: Path) -> Found:
    return search(place, log_formats())


def samples(place: Path, **wanted: str) -> list[Sample]:
    (log,) = found(place).logs
    chosen = choose(log, {kind: (name,) for kind, name in wanted.items()})  # type: ignore[misc]  # kinds of choices
    return list(log.read(chosen))


def test_a_test_case_is_one_sample(tmp_path: Path) -> None:
    write_run(tmp_path, a_run([a_case()]))

    (log,) = found(tmp_path).logs
    (sample,) = samples(tmp_path)

    assert (log.datasets, log.models, log.rows) == (("my_run",), ("tiny",), 1)
    assert log.choices["metric"] == ("Exact", "Brief", "success")
    assert (sample.dataset, sample.example, sample.model) == ("my_run", "sum", "tiny")
    assert (sample.prompt, sample.output, sample.reference) == ("2 + 2?", "5", "4")
    assert (sample.score, sample.repeat) == (0.0, None)
    assert (sample.latency_s, sample.cost_usd) == (1.5, 0.01)
    assert sample.extras == {"grader_reason": "compared", "tags": "x"}
    assert samples(tmp_path, metric="Brief")[0].score == 0.75
    assert samples(tmp_path, metric="success")[0].score == 0.0


@pytest.mark.parametrize("place", [".", ".deepeval", ".deepeval/.latest_test_run.json", ".."])
def test_the_hidden_folder_is_found(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "project"
    write_run(folder, a_run([a_case()]))

    assert len(samples(folder / place)) == 1


def test_other_hidden_files_are_passed_over(tmp_path: Path) -> None:
    path = write_run(tmp_path, a_run([a_case()]))
    path.rename(path.with_name(".other.json"))

    assert found(tmp_path).logs == ()
    assert found(tmp_path / ".deepeval").logs == ()


def test_a_metric_that_failed_is_errored(tmp_path: Path) -> None:
    failed = a_case(metricsData=[a_metric("Exact", None, error="ValueError: broke\n  at x")])
    write_run(tmp_path, a_run([a_case("first"), failed]))

    _, exact = samples(tmp_path)
    _, brief = samples(tmp_path, metric="Brief")

    assert (exact.score, exact.fault) == (None, "the metric failed: ValueError: broke")
    assert (brief.score, brief.fault) == (None, "no metric 'Brief' in this test case")


def test_thresholds_and_low_scores_are_said(tmp_path: Path) -> None:
    toxic = a_metric("Toxicity", 0.1, success=True)
    write_run(tmp_path, a_run([a_case(metricsData=[a_metric("Exact", 1.0), toxic])]))

    (log,) = found(tmp_path).logs

    exact, toxicity = log.notices
    assert exact == "my_run: deepeval's threshold of Exact is 0.5: --threshold my_run=0.5"
    assert toxicity.endswith("--threshold my_run=0.5 and --score-direction low")


def test_a_run_that_names_nothing_is_named_after_its_folder(tmp_path: Path) -> None:
    write_run(tmp_path / "rag", a_run([a_case()], identifier=None, hyperparameters={}))

    (log,) = found(tmp_path).logs

    assert (log.datasets, log.models) == (("rag",), ("unnamed model",))
    assert "names no model" in log.notices[0]


def test_cases_of_one_name_are_told_apart_or_repeats(tmp_path: Path) -> None:
    cases = [a_case(), a_case(input="3 + 3?"), a_case()]
    write_run(tmp_path, a_run(cases))

    keys = [(one.example, one.repeat) for one in samples(tmp_path)]

    assert keys == [("sum (1)", "0"), ("sum (2)", None), ("sum (1)", "1")]


def test_contexts_are_in_the_prompt_and_tools_in_the_output(tmp_path: Path) -> None:
    called = [{"name": "add", "inputParameters": {"a": 1}, "output": 7}]
    case = a_case(context=["c"], retrievalContext=["r", "s"], toolsCalled=called)
    write_run(tmp_path, a_run([case | {"expectedTools": [{"name": "sub"}]}]))

    (sample,) = samples(tmp_path)

    assert sample.prompt == "2 + 2?\n\n[context]\nc\n\n[retrieval context]\nr\n\ns"
    assert [(turn.role, turn.tool) for turn in sample.turns] == [
        ("assistant", "add"),
        ("tool", "add"),
        ("assistant", ""),
    ]
    assert 'calls add({"a": 1})' in sample.output
    assert sample.output.endswith("[turn 3, assistant]\n5")
    assert sample.extras["expected_tools"] == "sub"


def test_a_conversation_is_a_transcript(tmp_path: Path) -> None:
    turns = [
        {"role": role, "content": text}
        for role, text in (("user", "Hi"), ("assistant", "Hello"), ("user", "Bye"))
    ]
    spoken = {
        "name": "talk",
        "turns": turns,
        "scenario": "greeting",
        "expectedOutcome": "polite",
        "success": True,
        "metricsData": [a_metric("Polite", 1.0)],
    }
    write_run(tmp_path, a_run([], [spoken]))

    (sample,) = samples(tmp_path)

    assert (sample.prompt, sample.reference, sample.score) == ("Hi", "polite", 1.0)
    assert sample.output == "[turn 1, assistant]\nHello\n\n[turn 2, user]\nBye"
    assert sample.extras["scenario"] == "greeting"


def test_a_run_without_test_cases_is_refused(tmp_path: Path) -> None:
    write_run(tmp_path, a_run([]))

    assert "has no test cases" in str(found(tmp_path).refused[0])


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    called = [{"name": "add", "inputParameters": {"a": 1}, "output": 7}]
    spoken = {"name": "t", "turns": [{"role": "user", "content": "Hi"}], "success": True}
    text = json.dumps(a_run([a_case(), a_case(toolsCalled=called)], [spoken]))
    path = write_run(folder, {})
    path.write_bytes(data.draw(damaged(text)))

    assert len(read_or_refused(folder)) <= 3
