"""Predictions of OpenCompass, joined with the details of their evaluation."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from error_map.errors import InputError
from tests.readers.logs.found import samples, the_log

RUN = "20261101_120000"


def an_answer(number: int, prediction: object = "It is 4.", **more: object) -> dict[str, object]:
    asked = [{"role": "HUMAN", "prompt": f"{number} + 2?"}]
    return {"origin_prompt": asked, "prediction": prediction, "gold": "4"} | more


def a_detail(*, pred: object = "4", answer: object = "4", correct: object = True) -> object:
    return {"example_abbr": "sums_0", "pred": pred, "answer": answer, "correct": correct}


def a_run(
    folder: Path,
    answers: Sequence[Mapping[str, object]],
    results: Mapping[str, object] | None,
    *,
    name: str = "sums",
) -> Path:
    run = folder / "outputs" / RUN
    if results is not None:
        write(run / "results" / "tiny" / "sums.json", results)
    numbered = {str(number): answer for number, answer in enumerate(answers)}
    return write(run / "predictions" / "tiny" / f"{name}.json", numbered)


def write(path: Path, value: Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=4), encoding="utf-8")
    return path


def test_details_say_which_answers_are_correct(tmp_path: Path) -> None:
    details = [a_detail(pred=["4"], answer=["4"], correct=[True]), a_detail(correct=False)]
    answers = [an_answer(2, res_length=5, all_input_length=9), an_answer(3)]
    a_run(tmp_path, answers, {"accuracy": 50.0, "details": details})

    right, wrong = samples(tmp_path)

    assert (right.score, wrong.score) == (1.0, 0.0)
    assert (right.dataset, right.example, right.model) == ("sums", "0", "tiny")
    assert (right.prompt, right.output, right.reference) == ("2 + 2?", "It is 4.", "4")
    assert (right.extras, right.repeat) == ({"extracted_answer": "4"}, None)
    assert (right.tokens_in, right.tokens_out) == (9, 5)
    assert the_log(tmp_path).written == RUN


def test_answers_of_several_runs_are_repeats_of_their_examples(tmp_path: Path) -> None:
    """They are listed run after run, and the details example after example."""
    details = [a_detail(correct=[True, False]), a_detail(correct=[False, False])]
    a_run(tmp_path, [an_answer(number) for number in range(4)], {"details": details})

    found = [(one.example, one.repeat, one.score) for one in samples(tmp_path)]

    assert found == [("0", "0", 1.0), ("1", "0", 0.0), ("0", "1", 0.0), ("1", "1", 0.0)]


def test_details_may_be_an_object_by_number(tmp_path: Path) -> None:
    details = {"type": "GEN", "0": {"references": "4", "is_correct": True}, "1": {"prompt": "?"}}
    a_run(tmp_path, [an_answer(0), an_answer(1)], {"details": details})

    scored, unscored = samples(tmp_path)

    assert scored.score == 1.0
    assert (unscored.score, unscored.fault) == (None, "the details have no score for it")


@pytest.mark.parametrize(
    ("results", "fault"),
    [
        (None, "no results: evaluate with --mode eval"),
        ({"accuracy": 50.0}, "no details in the results: evaluate with --dump-eval-details True"),
        ({"error": "different length"}, "the evaluation failed: different length"),
    ],
)
def test_without_details_no_answer_has_a_score(
    results: dict[str, object] | None, fault: str, tmp_path: Path
) -> None:
    a_run(tmp_path, [an_answer(0)], results)

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.fault) == (None, fault)
    assert not the_log(tmp_path).is_scored


def test_parts_of_a_run_that_did_not_end_are_one_log(tmp_path: Path) -> None:
    details = [a_detail(), a_detail(), a_detail(correct=False)]
    a_run(tmp_path, [an_answer(0), an_answer(1)], {"details": details}, name="sums_0")
    a_run(tmp_path, [an_answer(2)], None, name="sums_1")

    log = the_log(tmp_path)

    assert (log.datasets, len(log.files)) == (("sums",), 3)
    assert [(one.example, one.score) for one in samples(tmp_path)] == [
        ("0", 1.0),
        ("1", 1.0),
        ("2", 0.0),
    ]


def test_a_label_chosen_by_perplexity_is_put_into_words(tmp_path: Path) -> None:
    labels = {
        f"label: {label}": {"testing input": f"Which is prime?\nAnswer: {text}", "PPL": figure}
        for label, text, figure in (("A", "four", 2.5), ("B", "five", 1.25))
    }
    answer = {"in-context examples": "", **labels, "prediction": "B", "gold": "B"}
    a_run(tmp_path, [answer], {"details": {"type": "PPL", "0": {"correct": True}}})

    (sample,) = samples(tmp_path)

    assert sample.prompt == "Which is prime?\nAnswer: \n\n(A) four\n(B) five"
    assert sample.output == "The answer is (B)\n\nPerplexities: (A) 2.5, (B) 1.25"
    assert (sample.composed, sample.reference) == (((0, len(sample.output)),), "B")


def test_details_of_other_predictions_are_refused(tmp_path: Path) -> None:
    a_run(tmp_path, [an_answer(0), an_answer(1)], {"details": [a_detail()]})

    with pytest.raises(InputError, match="details of 1 examples, 1 answers each, and 2 answers"):
        samples(tmp_path)


def test_a_missing_answer_is_refused_by_its_number(tmp_path: Path) -> None:
    path = a_run(tmp_path, [an_answer(0)], None)
    write(path, {"0": an_answer(0), "2": an_answer(2)})

    with pytest.raises(InputError, match="no answer 1"):
        samples(tmp_path)
