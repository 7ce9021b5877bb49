"""Whole runs with judges that reply as real ones do: one test per kind of reply, over HTTP."""

import json
import math
from contextlib import suppress
from typing import Final

import polars as pl
import pytest

from error_map import ModelError
from error_map.progress import silent
from error_map.store import read_manifest
from error_map.store.ledger import FILE_NAME
from tests.judged_runs import FAILURES, QUESTIONS, Place, path_of, planted, truth
from tests.support import a_row, write_csv

pytest.importorskip("litellm")
pytestmark = pytest.mark.slow

FEW: Final = 4
"""Failures where the number does not matter: one call each, and three for the taxonomy."""
FEW_PLACES: Final = {number: path_of(number)[:1] for number in range(FEW)}
"""Too few titles for a further division."""


@pytest.fixture
def place(place: Place) -> Place:
    """A few planted failures only."""
    write_csv(place.data / "d.csv", planted(range(FEW)))
    return place


def many(place: Place) -> None:
    write_csv(place.data / "d.csv", planted(range(FAILURES)))


def lost(place: Place) -> list[str]:
    """The reasons of those that are undiagnosed."""
    states = place.states().values()
    return [state.removeprefix("undiagnosed: ") for state in states if state.startswith("undiag")]


def questions(place: Place) -> list[list[str]]:
    """The messages of each question about a failure, in order."""
    return [
        [str(message["content"]) for message in body["messages"]]
        for body in place.server.bodies()
        if "wrong answer:" in str(body["messages"])
    ]


def limits(place: Place) -> list[int]:
    """The limit of tokens of each question, in order."""
    return [body["max_tokens"] for body in place.server.bodies()]


def asks_nothing_again(place: Place, **options: object) -> bool:
    """Whether the same command is served by the ledger alone, and writes the same."""
    before = place.contract()
    place.server.reset()
    with suppress(ModelError):  # as the first time
        place.run(progress=silent, **options)
    return place.calls() == 0 and place.contract() == before


# ---- forms that are read


@pytest.mark.parametrize(
    "reply",
    [
        "line_break",
        "trailing_comma",
        "python",
        "null",
        "quality",
        "wrapped",
        "listed",
        "as_text",
        "draft",
        "think",
        "lone_think",
        "surrogate",
    ],
)
def test_an_answer_in_another_form_needs_no_second_call(place: Place, reply: str) -> None:
    many(place)
    place.server.configure(reply=reply)

    place.run()

    assert place.places() == truth()
    assert place.calls() == QUESTIONS
    assert asks_nothing_again(place)


def test_latex_with_single_backslashes_is_evidence(place: Place) -> None:
    title = r"Arithmetic: sign: \(\frac{1}{2} \times \alpha\)"
    write_csv(place.data / "d.csv", [a_row("e0", "a", output=f"So [[gold:Arithmetic|{title}]].")])
    place.server.configure(reply="latex", stage="diagnosis")

    place.run()

    (row,) = pl.read_parquet(place.folder.failures).to_dicts()
    (criterion,) = json.loads(row["criteria"])
    assert row["error_title"] == title
    assert criterion["evidence"] == f"[[gold:Arithmetic|{title}]]"
    assert criterion["verified"] is True
    assert len(questions(place)) == 1


def test_a_lone_surrogate_is_a_replacement_character_in_all_files(place: Place) -> None:
    place.server.configure(reply="surrogate")

    place.run()

    frame = pl.read_parquet(place.folder.failures)
    (criterion, *_) = json.loads(frame["criteria"][0])
    assert criterion["comment"] == "\ufffd \ufffd"
    assert "\ufffd" in place.folder.final_csv.read_text(encoding="utf-8")
    assert "\ufffd" in place.folder.final_json.read_text(encoding="utf-8")


def test_a_lone_surrogate_in_an_error_is_a_replacement_character_in_the_reason(
    place: Place,
) -> None:
    place.server.configure(
        status=400, message="not \ud83d this", stage="diagnosis", times=1, every=2
    )

    place.run(max_workers=1, max_lost=1)

    assert lost(place) == ["CallFailed: HTTP 400: not \ufffd this"]


# ---- repairs and modes


def test_a_syntax_error_has_its_position_and_is_not_a_missing_field(
    place: Place,
) -> None:
    place.server.configure(reply="bad", stage="diagnosis", times=2)

    place.run(max_workers=1, max_lost=1)

    fault = "the answer is not valid JSON: line 1, column 14: it ends before it is complete"
    assert lost(place) == [f"AnswerInvalid: {fault}"]
    assert fault in questions(place)[1][-1]
    assert "field required" not in questions(place)[1][-1]


def test_a_server_that_ignores_the_schema_gets_it_in_the_repair_then_in_the_prompt(
    place: Place,
) -> None:
    many(place)
    place.server.configure(ignore=["json_schema", "json_object"])

    place.run(max_workers=1)

    by_format = place.server.stats()["by_format"]
    assert place.places() == truth()
    assert by_format == {"json_schema": 5, "json_object": QUESTIONS - 2}
    assert '"properties"' in questions(place)[1][-1]
    assert asks_nothing_again(place)


def test_a_refused_less_strict_mode_falls_back_to_text(place: Place) -> None:
    many(place)
    place.server.configure(ignore=["json_schema"], refuse=["json_object"])

    place.run(max_workers=1)

    by_format = place.server.stats()["by_format"]
    assert place.places() == truth()
    assert (by_format["json_object"], by_format["text"]) == (1, QUESTIONS - 2)


def test_a_mode_with_one_success_is_kept(place: Place) -> None:
    many(place)
    place.server.configure(reply="own_form", stage="diagnosis", every=2, times=8)

    place.run(max_workers=1)

    assert set(place.server.stats()["by_format"]) == {"json_schema"}
    assert place.places() == truth()


# ---- no answer


def test_filtered_content_is_undiagnosed_without_a_repair(place: Place) -> None:
    place.server.configure(reply="filtered", stage="diagnosis", times=1)

    place.run(max_workers=1, max_lost=1)

    assert lost(place) == ["AnswerWithheld: the provider filtered the content"]
    assert len(questions(place)) == FEW
    assert asks_nothing_again(place, max_workers=1, max_lost=1)


def test_a_refusal_is_the_reason_and_is_not_repaired(place: Place) -> None:
    place.server.configure(reply="refused", stage="diagnosis", times=1)

    place.run(max_workers=1, max_lost=1)

    refusal = "I cannot help \ufffd with that."
    assert lost(place) == [f"AnswerWithheld: the model refused to answer: {refusal}"]
    assert len(questions(place)) == FEW
    assert asks_nothing_again(place, max_workers=1, max_lost=1)


def test_a_refusal_is_requested_again_with_retry_undiagnosed(place: Place) -> None:
    place.server.configure(reply="refused", stage="diagnosis", times=1)
    place.run(max_workers=1, max_lost=1)

    place.run(retry_undiagnosed=True)

    assert place.places() == FEW_PLACES


def test_reasoning_without_an_answer_is_repaired(place: Place) -> None:
    place.server.configure(reply="thought", stage="diagnosis", times=1)

    place.run(max_workers=1)

    first, second = questions(place)[:2]
    assert place.places() == FEW_PLACES
    assert "Give the answer alone, without thinking" in second[-1]
    assert second[-1].startswith(first[-1])
    assert (len(first), len(second)) == (2, 2)


def test_reasoning_without_an_answer_after_the_repair_names_the_limit(place: Place) -> None:
    place.server.configure(reply="thought", stage="diagnosis", times=2)

    place.run(max_workers=1, max_lost=1)

    fault = "AnswerInvalid: the model thought and wrote no answer; --max-tokens 2,000 counts both"
    assert lost(place) == [fault]


@pytest.mark.parametrize("reply", ["thought_only", "thinking"])
def test_tokens_spent_on_reasoning_are_reported(place: Place, reply: str) -> None:
    place.server.configure(reply=reply, stage="diagnosis", times=3)

    place.run(max_workers=1, max_lost=1)

    cut = "the model was still thinking when it was cut at 8,000 tokens, 4 times --max-tokens"
    assert lost(place) == [f"AnswerCut: {cut}: the model thought and wrote no answer"]
    assert limits(place)[:3] == [2_000, 8_000, 8_000]
    assert "Give the answer alone" in questions(place)[2][-1]


# ---- the limit of tokens


def test_a_cut_answer_is_requested_once_more_with_four_times_the_tokens(place: Place) -> None:
    many(place)
    place.server.configure(cut_under=300)

    place.run(max_tokens=100)

    stats = place.server.stats()
    assert place.places() == truth()
    assert stats["calls"] == 2 * QUESTIONS
    assert sorted(limits(place)) == [100] * QUESTIONS + [400] * QUESTIONS
    assert sum(stage.calls for stage in read_manifest(place.folder).cost.values()) == 2 * QUESTIONS
    assert asks_nothing_again(place, max_tokens=100)


def test_answers_with_the_higher_limit_serve_a_run_that_starts_with_it(
    place: Place,
) -> None:
    place.server.configure(cut_under=300)
    place.run(max_tokens=100)
    place.server.reset()

    place.run(max_tokens=400)

    assert place.calls() == 0


def test_answers_cut_twice_end_with_the_flag_and_its_value(place: Place) -> None:
    place.server.configure(cut_under=10_000, stage="diagnosis")

    error = place.stopped()

    notice = "4 answers were cut at --max-tokens 2,000, then at 8,000 tokens: raise it"
    assert error.exit_code == 4
    assert notice in str(error)
    assert notice in read_manifest(place.folder).notices
    assert set(limits(place)) == {2_000, 8_000}
    assert asks_nothing_again(place)


def test_a_ceiling_counts_second_replies_too(place: Place) -> None:
    place.server.configure(cut_under=300)

    error = place.stopped(max_tokens=100, max_calls=5, max_workers=1)

    assert error.exit_code == 3
    assert place.calls() == 5


def test_a_refused_higher_limit_leads_to_a_request_for_a_briefer_answer(place: Place) -> None:
    place.server.configure(reply="truncated", stage="diagnosis", times=1, most_tokens=2_000)

    place.run(max_workers=1)

    assert place.places() == FEW_PLACES
    assert limits(place)[:3] == [2_000, 8_000, 2_000]
    assert questions(place)[2][-1].endswith("Be briefer.")


def test_a_refused_higher_limit_does_not_end_a_resumed_run(place: Place) -> None:
    place.server.configure(reply="truncated", stage="diagnosis", most_tokens=2_000)
    place.stopped(max_workers=1)
    place.server.configure(reply="")

    place.run(max_workers=1, max_lost=1)

    cut = "AnswerCut: the answer was cut at --max-tokens 2,000: the answer is not valid JSON: "
    assert [reason[: len(cut)] for reason in lost(place)] == [cut] * FEW
    assert (
        "4 answers were cut at --max-tokens 2,000: raise it" in read_manifest(place.folder).notices
    )


def test_a_known_reasoning_model_starts_with_four_times_the_tokens(
    place: Place,
) -> None:
    place.run(judge="o3-mini")
    place.run(judge="o3-mini", max_tokens=3_000)

    limits = [body.get("max_completion_tokens") for body in place.server.bodies()]
    calls = len(limits) // 2
    assert limits == [8_000] * calls + [3_000] * calls


# ---- what the provider counts


@pytest.mark.parametrize("count", [10**30, -5, "12", 1e30, 1.5, math.nan, math.inf, "many", [3]])
def test_an_impossible_token_count_counts_as_not_reported(place: Place, count: object) -> None:
    place.server.configure(usage={"prompt_tokens": count, "completion_tokens": count})

    place.run(judge="gpt-4.1-mini")

    stages = read_manifest(place.folder).cost.values()
    counted = 12 * sum(stage.calls for stage in stages) if count == "12" else 0
    assert place.places() == FEW_PLACES
    assert sum(stage.tokens_in for stage in stages) == counted
    assert [stage.cost is None for stage in stages] == [count != "12"] * 3
    assert (place.output / FILE_NAME).exists()
    assert asks_nothing_again(place, judge="gpt-4.1-mini")


def test_cached_tokens_never_exceed_the_prompt_tokens(place: Place) -> None:
    place.server.configure(cached_tokens=10**7)

    place.run()

    for stage in read_manifest(place.folder).cost.values():
        assert 0 < stage.tokens_cached <= stage.tokens_in


# ---- a judge that is of no use


# Calls that are cancelled before they began leave litellm's coroutines behind.
@pytest.mark.filterwarnings("ignore:.*acompletion:pytest.PytestUnraisableExceptionWarning")
def test_a_judge_without_a_valid_answer_ends_the_run_early(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(place.data / "d.csv", planted(range(200)))
    place.server.configure(reply="bad")

    assert place.typed() == 4

    shown = capsys.readouterr()
    assert "none of the first 20 answers can be used; the last: " in shown.err
    assert "resume with the same command and --retry-undiagnosed" in shown.err
    paid = int(shown.out.partition(" calls to judge-1")[0].split()[-1])
    assert 40 <= paid <= place.calls() <= 40 + 2 * 30  # with those in flight, of 400

    place.server.reset()
    assert place.typed("--retry-undiagnosed") == 0
    assert lost(place) == []


def test_the_run_ends_with_the_most_frequent_reason_of_lost_answers(place: Place) -> None:
    place.server.configure(reply="bad", stage="diagnosis")

    stopped = place.stopped(max_workers=1)

    assert stopped.message == "4 of 4 failures are undiagnosed"
    assert "most often as 'AnswerInvalid: " in stopped.hint


def test_a_ceiling_on_unreported_tokens_stops_the_run(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.server.configure(reply="no_usage")

    assert place.typed("--max-tokens-total", "3000") == 3

    shown = capsys.readouterr()
    assert "a ceiling on tokens cannot be enforced: the server of 'judge-1' reports no" in shown.err
    assert "1 call to judge-1: tokens not reported, price unknown" in shown.out
