"""Folders as they occur: links in circles, pipes, empty and huge files, packed and renamed logs."""

import gzip
import json
import os
import time
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.readers import choose, log_formats, search

from . import test_bfcl, test_evalscope, test_lm_eval, test_opencompass, test_tau2


def an_lm_eval_log(folder: Path) -> Path:
    lines = [test_lm_eval.a_line(1, 0), test_lm_eval.a_line(2, 1)]
    return test_lm_eval.a_log(folder, lines, test_lm_eval.RESULTS)


def scores(place: Path) -> list[tuple[str, str, float | None]]:
    """Tool, dataset and score of all samples, sorted."""
    found = search(place, log_formats())
    assert found.refused == ()
    samples = ((log.tool, one) for log in found.logs for one in log.read(choose(log, {})))
    return sorted((tool, one.dataset, one.score) for tool, one in samples)


def test_links_pipes_and_unreadable_files_do_no_harm(tmp_path: Path) -> None:
    an_lm_eval_log(tmp_path / "run")
    (tmp_path / "run" / "circle").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "broken.jsonl").symlink_to(tmp_path / "nowhere.jsonl")
    (tmp_path / "self.json").symlink_to(tmp_path / "self.json")
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.json").mkdir()
    secret = tmp_path / "secret.jsonl"
    secret.write_text("{}")
    secret.chmod(0)

    assert len(scores(tmp_path)) == 2


def test_files_that_are_no_logs_are_passed_over_quickly(tmp_path: Path) -> None:
    """Only the beginning of a file is read, however long its lines are."""
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "blank.json").write_text("\n \n")
    (tmp_path / "binary.json").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "deep.json").write_text('{"a":' * 50_000)
    (tmp_path / "words.json").write_text('{"note": "' + 'a \\"b\\" ' * 2_000_000 + '"}')
    (tmp_path / "numbers.json").write_text(json.dumps({"n": list(range(1_500_000))}))
    (tmp_path / "line.jsonl").write_text("[" + "1," * 5_000_000 + "1]")
    an_lm_eval_log(tmp_path / "run")
    start = time.process_time()

    found = search(tmp_path, log_formats())

    assert time.process_time() - start < 2
    assert (len(found.logs), found.refused, len(found.others)) == (1, (), 7)


def test_logs_of_all_tools_in_one_folder_are_told_apart(tmp_path: Path) -> None:
    an_lm_eval_log(tmp_path)
    test_bfcl.a_run(tmp_path, [test_bfcl.a_result(0, "a")], [])
    test_evalscope.a_run(tmp_path, None, [test_evalscope.a_review(0)])
    test_opencompass.a_run(tmp_path, [test_opencompass.an_answer(0)], None)
    test_tau2.a_run(tmp_path / "tau2", [test_tau2.a_simulation()])

    assert scores(tmp_path) == [
        ("BFCL", "simple_python", 1.0),
        ("OpenCompass", "sums", None),
        ("evalscope", "sums_easy", 0.0),
        ("lm-evaluation-harness", "sums", 0.0),
        ("lm-evaluation-harness", "sums", 1.0),
        ("tau2-bench", "airline", 0.0),
    ]


@pytest.mark.parametrize("name", ["answers.jsonl", "Ergebnis 1.jsonl", "a.json.jsonl", "x.ndjson"])
def test_a_log_is_known_by_its_content_and_not_by_its_name(name: str, tmp_path: Path) -> None:
    an_lm_eval_log(tmp_path).rename(tmp_path / name)

    assert [score for _, _, score in scores(tmp_path)] == [0.0, 1.0]


def packed(folder: Path) -> None:
    """Replaces all files with samples by gzip files."""
    folders = ("result", "score", "predictions", "results")
    inside = [path for name in folders for path in folder.rglob(f"{name}/**/*.json")]
    for path in [*folder.rglob("*.jsonl"), *inside]:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()


def test_packed_logs_have_the_same_samples(tmp_path: Path) -> None:
    an_lm_eval_log(tmp_path)
    test_bfcl.a_run(tmp_path, [test_bfcl.a_result(0, "a")], [test_bfcl.a_failure(0)])
    test_evalscope.a_run(tmp_path, [test_evalscope.a_prediction(0)], [test_evalscope.a_review(0)])
    details = {"details": [test_opencompass.a_detail()]}
    test_opencompass.a_run(tmp_path, [test_opencompass.an_answer(0)], details)
    plain = scores(tmp_path)

    packed(tmp_path)

    assert scores(tmp_path) == plain


def test_a_packed_log_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    an_lm_eval_log(tmp_path)
    packed(tmp_path)
    (path,) = tmp_path.glob("*.gz")
    path.write_bytes(path.read_bytes()[:-20])

    (refused,) = search(tmp_path, log_formats()).refused

    assert "the compressed file is damaged" in str(refused)


def test_a_file_that_vanishes_after_the_search_is_an_error_of_the_input(tmp_path: Path) -> None:
    path = an_lm_eval_log(tmp_path)
    (log,) = search(tmp_path, log_formats()).logs
    path.unlink()

    with pytest.raises((InputError, OSError)):
        list(log.read(choose(log, {})))
