"""Logs of Inspect AI: scores of all kinds, epochs, failed samples, agents and damaged files."""

import json
import math
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.readers import Sample, choose, latest, log_formats, search
from error_map.readers.logs.inspect_files import MAX_VERSION
from tests.readers.logs.found import the_log
from tests.readers.logs.mutations import damaged, read_or_refused
from tests.support import shared_path

pytestmark = pytest.mark.slow

Json = Mapping[str, object]


@pytest.fixture(autouse=True)
def _package(request: pytest.FixtureRequest) -> None:
    if not request.node.name.startswith("test_without_the_package"):
        pytest.importorskip("inspect_ai")


def a_reply(text: str, **more: object) -> Json:
    return {"role": "assistant", "content": text, "source": "generate", **more}


def a_sample(number: int = 1, value: object = "I", **more: object) -> dict[str, object]:
    sample: dict[str, object] = {
        "id": f"q{number}",
        "epoch": 1,
        "input": f"What is {number} + 1?",
        "target": str(number + 1),
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": f"What is {number} + 1?", "source": "input"},
            a_reply("It is 7."),
        ],
        "output": {
            "model": "tiny",
            "choices": [{"message": a_reply("It is 7."), "stop_reason": "stop"}],
            "usage": {"input_tokens": 9, "input_tokens_cache_read": 2, "output_tokens": 4},
        },
        "scores": {"match": {"value": value, "answer": "7"}},
        "metadata": {"topic": "sums", "long": "x" * 1000},
        "total_time": 1.5,
    }
    return sample | more


def a_header(**more: object) -> dict[str, object]:
    header: dict[str, object] = {
        "version": 2,
        "status": "success",
        "eval": {
            "created": "2026-11-21T19:09:56+02:00",
            "task": "lab/sums",
            "model": "lab/tiny",
            "dataset": {},
            "config": {"epochs": 1},
            "packages": {"inspect_ai": "0.3.285"},
        },
        "plan": {},
    }
    return header | more


def a_log(path: Path, samples: Sequence[object], **more: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    header = a_header(**more)
    if path.suffix == ".json":
        path.write_text(json.dumps({**header, "samples": samples}), encoding="utf-8")
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_journal/start.json", json.dumps(header))
        for sample in samples:
            assert isinstance(sample, dict)
            name = f"samples/{sample['id']}_epoch_{sample['epoch']}.json"
            archive.writestr(name, json.dumps(sample))
        archive.writestr("header.json", json.dumps(header))
    return path


def samples(place: Path, scorer: str = "") -> list[Sample]:
    log = the_log(place)
    return list(log.read(choose(log, {"scorer": (scorer,)} if scorer else {})))


@pytest.mark.parametrize("suffix", [".eval", ".json"])
def test_a_sample_has_the_conversation_the_reply_and_the_score(tmp_path: Path, suffix: str) -> None:
    a_log(tmp_path / f"log{suffix}", [a_sample()])

    log = the_log(tmp_path)
    (sample,) = samples(tmp_path)

    assert (log.datasets, log.models, log.version) == (("lab_sums",), ("lab/tiny",), "0.3.285")
    assert log.written == "2026-11-21T17:09:56+00:00"
    assert (sample.example, sample.score, sample.reference) == ("q1", 0.0, "2")
    assert sample.prompt == "[system]\nBe brief.\n\n[user]\nWhat is 1 + 1?"
    assert sample.question_start == sample.prompt.index("What")
    assert (sample.output, sample.turns, sample.composed) == ("It is 7.", (), ())
    assert (sample.tokens_in, sample.tokens_out, sample.latency_s) == (11, 4, 1.5)
    assert (sample.stop_reason, sample.repeat) == ("stop", None)
    assert sample.extras == {"extracted_answer": "7", "topic": "sums"}


@pytest.mark.parametrize(
    ("value", "score"),
    [
        *(("C", 1.0), ("I", 0.0), ("P", 0.5), ("N", 0.0), ("yes", 1.0), ("False", 0.0)),
        *((True, 1.0), (False, 0.0), (3, 3.0), (0.25, 0.25), ("0.75", 0.75), ([1], 1.0)),
    ],
)
def test_words_numbers_and_booleans_are_scores(tmp_path: Path, value: object, score: float) -> None:
    a_log(tmp_path / "log.json", [a_sample(value=value)])

    (sample,) = samples(tmp_path)

    assert (sample.score, sample.fault) == (score, "")


def test_values_of_a_score_are_chosen_by_their_keys_and_places(tmp_path: Path) -> None:
    scores = {"rubric": {"value": {"facts": 1, "style": "P"}}, "pair": {"value": [0.25, "C"]}}
    a_log(tmp_path / "log.json", [a_sample(scores=scores)])

    names = the_log(tmp_path).choices["scorer"]

    assert names == ("rubric.facts", "rubric.style", "pair.0", "pair.1")
    assert [samples(tmp_path, name)[0].score for name in names] == [1.0, 0.5, 0.25, 1.0]


def test_the_first_scorer_of_the_results_is_the_default(tmp_path: Path) -> None:
    scores = {"b": {"value": "C"}, "a": {"value": "I"}}
    results = {"scores": [{"name": "a", "scorer": "a"}, {"name": "b", "scorer": "b"}]}
    a_log(tmp_path / "log.json", [a_sample(scores=scores)], results=results)

    assert the_log(tmp_path).choices["scorer"] == ("a", "b")
    assert samples(tmp_path)[0].score == 0.0


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (
            {
                "scores": {},
                "error": {"message": "timeout\nof\n9 s", "traceback": "", "traceback_ansi": ""},
            },
            "the sample errored: timeout of 9 s",
        ),
        (
            {"error": {"message": "late", "traceback": "", "traceback_ansi": ""}},
            "the sample errored: late (although match gave it 0)",
        ),
        ({"scores": {}}, "no score of match"),
        ({"scores": {"other": {"value": 1}}}, "no score of match"),
        (
            {
                "scores": {
                    "match": {
                        "value": math.nan,
                        "metadata": {"unscored_reason": "grade_parse_failure"},
                    }
                }
            },
            "match gave no score: grade_parse_failure",
        ),
        ({"scores": {"match": {"value": math.nan}}}, "match gave no score"),
        (
            {"scores": {"match": {"value": "good"}}},
            'the score of match is "good", which is no number',
        ),
        (
            {"scores": {"match": {"value": {"a": 1}}}},
            'the score of match is {"a": 1}, which is no number',
        ),
        (
            {"invalidation": {"author": "me", "reason": "leaked"}},
            "the sample was marked as invalid: leaked",
        ),
    ],
)
def test_a_sample_without_a_score_says_why(tmp_path: Path, more: Json, fault: str) -> None:
    a_log(tmp_path / "log.json", [a_sample(), a_sample(2, **more)])

    _, sample = samples(tmp_path, "match")

    assert (sample.score, sample.fault) == (None, fault)


def test_a_limit_keeps_the_score_and_is_the_stop_reason(tmp_path: Path) -> None:
    cut = [{"type": "token", "limit": 9}, {"type": "context", "limit": 9}]
    a_log(tmp_path / "log.json", [a_sample(n, limit=limit) for n, limit in enumerate(cut)])

    assert [(one.score, one.stop_reason) for one in samples(tmp_path)] == [
        (0.0, "token_limit"),
        (0.0, "context_length"),
    ]


def test_epochs_are_repeats(tmp_path: Path) -> None:
    header = a_header()["eval"]
    assert isinstance(header, dict)
    spec = header | {"config": {"epochs": 2}}
    a_log(tmp_path / "log.eval", [a_sample(), a_sample(epoch=2)], eval=spec)

    assert [(one.example, one.repeat) for one in samples(tmp_path)] == [("q1", "1"), ("q1", "2")]


def test_worked_examples_are_part_of_the_prompt(tmp_path: Path) -> None:
    shots = [
        {"role": "user", "content": "1 + 1?", "source": "input"},
        {"role": "assistant", "content": "2", "source": "input"},
        {"role": "user", "content": "2 + 1?", "source": "input"},
    ]
    old = [{key: text for key, text in one.items() if key != "source"} for one in shots]
    last = {"role": "assistant", "content": "4"}
    newer = a_sample(1, input=shots, messages=[*shots, a_reply("4")])
    older = a_sample(2, input=old, messages=[*old, last])
    a_log(tmp_path / "log.json", [newer, older])

    for sample in samples(tmp_path):
        assert sample.prompt[sample.question_start :] == "2 + 1?"
        assert "[assistant]\n2" in sample.prompt


def test_an_agent_has_turns_and_a_transcript_with_its_answer(tmp_path: Path) -> None:
    call = {"id": "c1", "function": "bash", "arguments": {"cmd": "ls"}, "type": "function"}
    error = {"type": "timeout", "message": "too slow"}
    messages = [
        {"role": "user", "content": "Count the files."},
        a_reply("I look.", tool_calls=[call]),
        {"role": "tool", "content": "", "tool_call_id": "c1", "function": "bash", "error": error},
    ]
    output = {"choices": [{"message": a_reply("There are 3."), "stop_reason": "stop"}]}
    usage = {"lab/tiny": {"input_tokens": 50, "output_tokens": 6}, "judge": {"output_tokens": 99}}
    a_log(
        tmp_path / "log.json",
        [a_sample(messages=messages, output=output, model_usage=usage)],
    )

    (sample,) = samples(tmp_path)

    assert sample.prompt == "Count the files."
    assert [(turn.role, turn.tool) for turn in sample.turns] == [
        ("assistant", "bash"),
        ("tool", "bash"),
    ]
    assert sample.turns[-1].error == "too slow"
    written = "".join(sample.output[start:end] for start, end in sample.composed)
    assert "bash" in sample.output
    assert "I look." not in written
    assert sample.output.endswith("\n\n[answer]\nThere are 3.")
    assert "There are 3." not in written
    assert (sample.tokens_in, sample.tokens_out) == (50, 6)


def test_reasoning_in_a_transcript_is_a_turn_and_encrypted_reasoning_is_its_summary(
    tmp_path: Path,
) -> None:
    call = {"id": "c1", "function": "bash", "arguments": {"cmd": "ls"}, "type": "function"}
    open_, text = {"type": "reasoning", "reasoning": "Hm."}, {"type": "text", "text": "I look."}
    secret = {"type": "reasoning", "reasoning": "gAAAA", "redacted": True, "summary": "Counted."}
    replies = [
        {**a_reply("", tool_calls=[call]), "content": [open_, text]},
        {**a_reply(""), "content": [secret, {"type": "text", "text": "3."}]},
    ]
    messages = [{"role": "user", "content": "Count the files."}, *replies]
    a_log(tmp_path / "log.json", [a_sample(messages=messages)])

    (sample,) = samples(tmp_path)

    assert [(turn.role, turn.text, turn.tool) for turn in sample.turns] == [
        ("reasoning", "Hm.", ""),
        ("assistant", "I look.", "bash"),
        ("reasoning", "Counted.", ""),
        ("assistant", "3.", ""),
    ]
    assert "gAAAA" not in sample.output


def test_attachments_are_put_in_their_places_and_images_are_named(tmp_path: Path) -> None:
    image = {"type": "image", "image": "attachment://9e1"}
    content = [{"type": "text", "text": "attachment://7ab"}, image]
    messages = [{"role": "user", "content": content}, a_reply("A square.")]
    attachments = {"7ab": "What is this?", "9e1": "data:image/png;base64,iVBORw0KGgo="}
    a_log(tmp_path / "log.json", [a_sample(messages=messages, attachments=attachments)])

    (sample,) = samples(tmp_path)

    assert sample.prompt == "What is this?\n[image/png, 8 bytes, sha256 4c4b6a3be131]"


def test_several_targets_are_a_list_and_of_options_their_letters(tmp_path: Path) -> None:
    targets = [
        a_sample(1, target=["Canberra", "Canberra, ACT"]),
        a_sample(2, target=["A", "C"], choices=["1", "2", "3"]),
        a_sample(3, target=[]),
        a_sample(4, target=""),
    ]
    a_log(tmp_path / "log.json", targets)

    assert [one.reference for one in samples(tmp_path)] == [
        '["Canberra", "Canberra, ACT"]',
        "A, C",
        None,
        None,
    ]


def test_without_messages_the_prompt_is_the_input_with_its_options(tmp_path: Path) -> None:
    a_log(tmp_path / "log.json", [a_sample(messages=[], choices=["4", "2"])])

    (sample,) = samples(tmp_path)

    assert sample.prompt == "What is 1 + 1?\n\n(A) 4\n(B) 2"
    assert sample.output == "It is 7."


@pytest.mark.parametrize(
    ("status", "notice"),
    [
        ("success", ()),
        ("cancelled", ("lab_sums, lab/tiny: the evaluation was cancelled",)),
        (
            "error",
            ("lab_sums, lab/tiny: the evaluation ended with an error: no disk",),
        ),
    ],
)
def test_an_evaluation_that_did_not_succeed_is_a_notice(
    tmp_path: Path, status: str, notice: tuple[str, ...]
) -> None:
    error = {"error": {"message": "no disk"}} if status == "error" else {}
    a_log(tmp_path / "log.eval", [a_sample()], status=status, **error)

    assert the_log(tmp_path).notices == notice


def test_an_evaluation_that_is_still_running_is_read_as_far_as_it_got(tmp_path: Path) -> None:
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w") as archive:
        start = {key: value for key, value in a_header().items() if key != "status"}
        archive.writestr("_journal/start.json", json.dumps(start))
        archive.writestr("samples/q1_epoch_1.json", json.dumps(a_sample()))

    log = the_log(tmp_path)

    assert log.notices == (
        "lab_sums, lab/tiny: the evaluation had not ended when this log was written",
    )
    assert (log.rows, len(samples(tmp_path))) == (1, 1)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_later_one_is_read(tmp_path: Path) -> None:
    a_log(tmp_path / "log.eval", [a_sample(value="I"), a_sample(value="C")])

    assert [one.score for one in samples(tmp_path)] == [1.0]


def test_a_run_without_scores_is_superseded_and_other_arguments_are_not(tmp_path: Path) -> None:
    spec = a_header()["eval"]
    assert isinstance(spec, dict)
    unscored = spec | {"created": "2026-12-01T00:00:00+00:00"}
    a_log(tmp_path / "a.json", [a_sample()])
    a_log(tmp_path / "b.json", [a_sample(scores={})], eval=unscored)
    a_log(tmp_path / "c.json", [a_sample()], eval=spec | {"task_args_passed": {"level": 2}})

    found = latest(search(tmp_path, log_formats()), apart=False)

    assert [log.path.name for log in found.logs] == ["a.json", "c.json"]


@pytest.mark.parametrize(
    "ids", [{"eval_id": "e1"}, {"run_id": "r1", "task_id": "t1"}], ids=["new", "old"]
)
def test_a_run_that_was_saved_in_both_forms_is_read_once(
    tmp_path: Path, ids: dict[str, str]
) -> None:
    spec = a_header()["eval"]
    assert isinstance(spec, dict)
    a_log(tmp_path / "run.eval", [a_sample()], eval=spec | ids)
    a_log(tmp_path / "run.json", [a_sample()], eval=spec | ids)

    found = latest(search(tmp_path, log_formats()), apart=False)

    assert [log.path.name for log in found.logs] == ["run.eval"]
    assert [copy.path.name for copy, _ in found.copies] == ["run.json"]
    assert not found.unordered


def test_a_log_that_was_scored_later_is_read_in_place_of_its_first_form(tmp_path: Path) -> None:
    spec = a_header()["eval"]
    assert isinstance(spec, dict)
    a_log(tmp_path / "run-scored.json", [a_sample()], eval=spec | {"eval_id": "e1"})
    a_log(tmp_path / "run.eval", [a_sample(scores={})], eval=spec | {"eval_id": "e1"})

    found = latest(search(tmp_path, log_formats()), apart=False)

    assert [log.path.name for log in found.logs] == ["run-scored.json"]


def test_a_log_without_samples_is_refused(tmp_path: Path) -> None:
    a_log(tmp_path / "log.json", [])
    a_log(tmp_path / "log.eval", [])

    refused = search(tmp_path, log_formats()).refused

    assert ["a log without samples" in str(error) for error in refused] == [True, True]


def test_a_log_that_says_no_version_is_recognised(tmp_path: Path) -> None:
    spec = a_header()["eval"]
    assert isinstance(spec, dict)
    log = {"status": "success", "eval": {"eval_id": "e1"} | spec, "results": {}}
    (tmp_path / "header.json").write_text(json.dumps(log), encoding="utf-8")

    (refused,) = search(tmp_path, log_formats()).refused

    assert "a log without samples" in str(refused)


def test_a_newer_layout_is_refused_with_its_version(tmp_path: Path) -> None:
    a_log(tmp_path / "log.json", [a_sample()], version=MAX_VERSION + 1)

    (refused,) = search(tmp_path, log_formats()).refused

    assert f"version {MAX_VERSION + 1} of the layout" in str(refused)


def test_a_sample_in_chunks_is_refused(tmp_path: Path) -> None:
    path = a_log(tmp_path / "log.eval", [a_sample()])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("samples/q2_epoch_1/sample.json", "{}")

    (refused,) = search(tmp_path, log_formats()).refused

    assert "a sample in several members" in str(refused)


def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = a_log(tmp_path / "log.eval", [a_sample()])
    path.write_bytes(path.read_bytes()[:-30])

    (refused,) = search(tmp_path, log_formats()).refused

    assert "the archive is damaged or cut off" in str(refused)


def test_a_compression_that_the_package_does_not_know_is_refused(tmp_path: Path) -> None:
    path = a_log(tmp_path / "log.eval", [a_sample()])
    deflated, unknown = b"\x00\x00\x08\x00", b"\x00\x00\x63\x00"
    path.write_bytes(path.read_bytes().replace(deflated, unknown))

    (refused,) = search(tmp_path, log_formats()).refused

    assert "the package inspect-ai cannot unpack it" in str(refused)
    assert "pip install --upgrade inspect-ai" in str(refused)


def test_an_archive_that_unpacks_to_far_more_than_its_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("error_map.readers.logs.inspect_files.FREE_BYTES", 1000)
    a_log(tmp_path / "log.eval", [a_sample(store={"zeros": "0" * 5_000_000})])

    (refused,) = search(tmp_path, log_formats()).refused

    assert "200 times its size" in str(refused)


@pytest.mark.parametrize("suffix", [".eval", ".json"])
def test_without_the_package_one_sentence_names_the_extra(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    path = a_log(tmp_path / f"log{suffix}", [a_sample()])

    (refused,) = search(tmp_path, log_formats()).refused

    assert str(refused) == (
        f"{path}: no package that reads logs of Inspect AI (pip install 'error-map[inspect]')"
    )


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_log_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    results = {"scores": [{"name": "match", "scorer": "match"}]}
    text = json.dumps({**a_header(results=results), "samples": [a_sample()]})
    (folder / "log.json").write_bytes(data.draw(damaged(text)))

    read_or_refused(folder)


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    shared = shared_path("native/inspect/made")
    whole = bytearray(min(shared.glob("*mc*.eval")).read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
    (folder / "log.eval").write_bytes(whole[:end])

    read_or_refused(folder)


LOGS = ("inspect/made", "inspect/public", "hodoscope/public", "docent/public")


@pytest.mark.parametrize("folder", LOGS)
def test_real_logs_have_the_samples_and_scores_that_inspect_itself_reads(folder: str) -> None:
    read_log = pytest.importorskip("inspect_ai.log").read_eval_log
    found = search(shared_path(f"native/{folder}"), log_formats())

    for log in (one for one in found.logs if one.tool == "Inspect AI"):
        theirs = read_log(str(log.path), resolve_attachments=True).samples
        for scorer in log.choices.get("scorer", ()):
            ours = sorted(log.read({"scorer": scorer}), key=lambda one: (one.example, one.repeat))

            wanted = sorted(theirs, key=lambda one: (str(one.id), str(one.epoch)))
            assert [one.example for one in ours] == [str(one.id) for one in wanted]
            assert [one.score for one in ours] == [official_score(one, scorer) for one in wanted]
            for sample, official in zip(ours, wanted, strict=True):
                assert official.output.completion in sample.output
    refused = [str(one) for one in found.refused if "hodoscope.json" not in one.where]
    assert all("without samples" in one for one in refused)


def official_score(sample: Any, scorer: str) -> float | None:  # noqa: ANN401 - of inspect_ai
    to_float = pytest.importorskip("inspect_ai.scorer").value_to_float()
    name, _, key = scorer.partition(".")
    score = (sample.scores or {}).get(name)
    if score is None or sample.error:
        return None
    points = float(to_float(score.value[key] if key else score.value))
    return None if math.isnan(points) else points


def test_scores_of_a_real_log_have_the_means_of_its_results() -> None:
    for log in search(shared_path("native/inspect/made"), log_formats()).logs:
        read_header = pytest.importorskip("inspect_ai.log").read_eval_log
        results = read_header(str(log.path), header_only=True).results.scores
        for scorer, said in zip(log.choices["scorer"], results, strict=True):
            known = [one.score for one in log.read({"scorer": scorer}) if one.score is not None]
            metric = next(iter(said.metrics.values())).value
            assert sum(known) / len(known) == pytest.approx(metric, abs=1e-9)


EVALUATION = """
import sys
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import includes, match
from inspect_ai.solver import generate

questions = [Sample(id=n, input=f"{n} + 1?", target=str(n + 1)) for n in range(3)]
replies = [ModelOutput.from_content("mockllm/model", "It is 1.")] * 6
for reply in replies:
    reply.usage = ModelUsage(input_tokens=3, output_tokens=4)  # else a tokenizer is downloaded
for kind in ("eval", "json"):
    eval(
        Task(dataset=questions, solver=generate(), scorer=[includes(), match()]),
        model=get_model("mockllm/model", custom_outputs=replies),
        epochs=2, display="none", log_dir=f"{sys.argv[1]}/{kind}", log_format=kind,
    )
"""


@pytest.mark.slow
def test_what_inspect_writes_here_is_read(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", EVALUATION, tmp_path], check=True, timeout=300)

    for kind in ("eval", "json"):
        read = samples(tmp_path / kind)

        assert sorted((one.example, one.repeat, one.score) for one in read) == [
            (str(n), str(epoch), float(n == 0)) for n in range(3) for epoch in (1, 2)
        ]
        assert {one.output for one in read} == {"It is 1."}
