"""Runs of tau2-bench: conversations as transcripts, rewards, and simulations that never ran."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.readers import log_formats, search
from tests.readers.logs.found import samples, the_log

INFO = {
    "git_commit": "c0dd233",
    "num_trials": 2,
    "max_steps": 200,
    "max_errors": 10,
    "user_info": {"implementation": "user_simulator", "llm": "user-model"},
    "agent_info": {"implementation": "llm_agent", "llm": "agent-model"},
    "environment_info": {"domain_name": "airline", "policy": "# Policy"},
}
TASK = {
    "id": "7",
    "description": {"purpose": "Refuses a refund."},
    "user_scenario": {
        "persona": None,
        "instructions": {
            "task_instructions": "Insist.",
            "domain": "airline",
            "reason_for_call": "You want a refund.",
            "known_info": "You are Emma.",
            "unknown_info": None,
        },
    },
    "evaluation_criteria": {
        "actions": [
            {"action_id": "7_0", "requestor": "user", "name": "tap", "arguments": {}},
            {"action_id": "7_1", "name": "refund", "arguments": {"id": "R1"}, "info": None},
        ],
        "communicate_info": ["$30"],
        "nl_assertions": None,
    },
}
CALL = {"id": "c1", "name": "refund", "arguments": {"id": "R1"}, "requestor": "assistant"}
USAGE = {"prompt_tokens": 10, "completion_tokens": 4}
MESSAGES: list[dict[str, object]] = [
    {"role": "user", "content": "Refund, please.", "usage": USAGE},
    {"role": "assistant", "content": None, "tool_calls": [CALL], "usage": USAGE},
    {"role": "tool", "id": "c1", "content": "no such id", "error": True},
    {"role": "assistant", "content": "I cannot.", "usage": USAGE},
]


def a_simulation(number: int = 0, **more: object) -> dict[str, object]:
    return {
        "id": f"s{number}",
        "task_id": "7",
        "timestamp": "2026-11-01T10:00:00",
        "start_time": "2026-11-01T10:00:00",
        "end_time": "2026-11-01T10:00:09",
        "duration": 9.5,
        "termination_reason": "user_stop",
        "agent_cost": 0.02,
        "reward_info": {"reward": 0.0, "reward_breakdown": {"DB": 0.0}},
        "messages": MESSAGES,
        "trial": number,
    } | more


def a_run(
    folder: Path, simulations: Sequence[Mapping[str, object]], *, apart: bool = False
) -> Path:
    run: dict[str, object] = {"timestamp": "2026-11-01T09:00:00", "info": INFO, "tasks": [TASK]}
    if apart:
        keys = ("id", "task_id", "trial")
        run["simulation_index"] = [{key: one[key] for key in keys} for one in simulations]
        for one in simulations:
            write(folder / "simulations" / f"{one['id']}.json", one)
    else:
        run["simulations"] = simulations
    return write(folder / "results.json", run)


def write(path: Path, value: Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    return path


def test_a_simulation_is_a_sample_with_its_transcript(tmp_path: Path) -> None:
    a_run(tmp_path, [a_simulation()])

    (sample,) = samples(tmp_path)

    assert (sample.dataset, sample.example, sample.model) == ("airline", "7", "agent-model")
    assert (sample.score, sample.repeat, sample.stop_reason) == (0.0, "0", "user_stop")
    assert sample.prompt == (
        "[policy]\n# Policy\n\n[hidden instructions of the simulated user]\n"
        "You want a refund.\n\nYou are Emma.\n\nInsist."
    )
    assert sample.prompt[sample.question_start :].startswith("You want a refund.")
    assert sample.output == (
        "[turn 1, user]\nRefund, please.\n\n"
        '[turn 2, assistant]\ncalls refund({"id": "R1"})\n\n'
        "[turn 3, tool refund]\nerror: no such id\n\n"
        "[turn 4, assistant]\nI cannot."
    )
    assert json.loads(sample.reference or "") == {
        "actions": [
            {"name": "tap", "arguments": {}, "requestor": "user"},
            {"name": "refund", "arguments": {"id": "R1"}},
        ],
        "communicate_info": ["$30"],
    }
    assert (sample.tokens_in, sample.tokens_out) == (20, 8)
    assert (sample.latency_s, sample.cost_usd) == (9.5, 0.02)
    assert sample.extras == {
        "task_purpose": "Refuses a refund.",
        "reward_breakdown": '{"DB": 0.0}',
    }


def test_trials_of_a_task_are_repeats(tmp_path: Path) -> None:
    a_run(tmp_path, [a_simulation(0), a_simulation(1)])

    assert [sample.repeat for sample in samples(tmp_path)] == ["0", "1"]


@pytest.mark.parametrize("reason", ["max_steps", "too_many_errors", "agent_error", "timeout"])
def test_what_cut_a_scored_simulation_off_is_its_stop_reason(reason: str, tmp_path: Path) -> None:
    a_run(tmp_path, [a_simulation(termination_reason=reason)])

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.stop_reason) == (0.0, reason)


@pytest.mark.parametrize("reward", [None, {"reward": 0.0}])
def test_a_simulation_that_never_ran_is_errored(reward: object, tmp_path: Path) -> None:
    """tau2-bench leaves them out of its metrics too."""
    broken = a_simulation(
        termination_reason="infrastructure_error",
        messages=[],
        reward_info=reward,
        info={"error": "connection lost"},
    )
    a_run(tmp_path, [broken])

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.fault) == (None, "infrastructure error: connection lost")


def test_a_simulation_without_reward_has_no_score(tmp_path: Path) -> None:
    a_run(tmp_path, [a_simulation(reward_info=None)])

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.fault) == (None, "no reward: the simulation was not evaluated")


def test_simulations_in_files_of_their_own_belong_to_the_run_above(tmp_path: Path) -> None:
    a_run(tmp_path, [a_simulation(0), a_simulation(1)], apart=True)

    whole, single = the_log(tmp_path), the_log(tmp_path / "simulations" / "s1.json")

    assert whole.files == single.files
    assert (len(whole.files), whole.rows) == (3, 2)
    assert [sample.repeat for sample in samples(tmp_path)] == ["0", "1"]


def test_a_simulation_that_the_run_lists_has_to_be_there(tmp_path: Path) -> None:
    a_run(tmp_path, [a_simulation(0), a_simulation(1)], apart=True)
    (tmp_path / "simulations" / "s0.json").unlink()

    found = search(tmp_path, log_formats())

    assert "the run lists simulation 's0'" in str(found.refused[0])


def test_a_simulation_without_its_run_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "s1.json", a_simulation(1))

    found = search(tmp_path, log_formats())

    assert "without the results.json of its run" in str(found.refused[0])


def test_the_pieces_of_a_voice_call_are_joined_to_utterances(tmp_path: Path) -> None:
    def chunk(text: str, utterance: str | None = None) -> dict[str, object]:
        return {"content": text, "utterance_ids": utterance and [utterance]}

    ticks = [
        {"tick_id": 0, "user_chunk": chunk("Refund, "), "agent_chunk": chunk("")},
        {"tick_id": 1, "user_chunk": chunk("please.")},
        {"tick_id": 1, "agent_chunk": chunk("Of ", "u1")},
        {"tick_id": 2, "user_chunk": chunk("Hm?"), "agent_chunk": chunk("course.", "u1")},
        {"tick_id": 3, "agent_tool_calls": [CALL], "agent_tool_results": [MESSAGES[2]]},
        {"tick_id": 4, "agent_chunk": chunk("QUJD" * 200)},
    ]
    a_run(tmp_path, [a_simulation(messages=None, ticks=ticks)])

    (sample,) = samples(tmp_path)

    assert [(turn.role, turn.text or turn.tool) for turn in sample.turns] == [
        ("user", "Refund, please."),
        ("assistant", "Of course."),
        ("user", "Hm?"),
        ("assistant", "refund"),
        ("tool", "refund"),
    ]


def test_what_a_review_says_is_kept_as_columns(tmp_path: Path) -> None:
    error = {
        "source": "agent",
        "severity": "critical",
        "error_tags": ["policy_violation"],
        "reasoning": "It refused too early.",
    }
    review = {"summary": "One error.", "has_errors": True, "errors": [error]}
    a_run(tmp_path, [a_simulation(review=review)])

    (sample,) = samples(tmp_path)

    assert sample.extras["review_summary"] == "One error."
    reviewed = sample.extras["review_errors"]
    assert reviewed == "agent, critical: policy_violation: It refused too early."


def test_a_solo_task_has_a_ticket_instead_of_a_user(tmp_path: Path) -> None:
    run = a_run(tmp_path, [a_simulation(policy="# Own policy")])
    task = TASK | {"user_scenario": {"instructions": "Be brief."}, "ticket": "No signal."}
    write(run, json.loads(run.read_text()) | {"tasks": [task]})

    (sample,) = samples(tmp_path)

    assert sample.prompt.startswith("[policy]\n# Own policy\n")
    assert sample.prompt[sample.question_start :] == "Be brief.\n\nTicket: No signal."


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    run = a_run(tmp_path, [a_simulation(0), a_simulation(1)])
    run.write_text(run.read_text()[:-50], encoding="utf-8")

    with pytest.raises(InputError, match="no valid JSON"):
        samples(tmp_path)
