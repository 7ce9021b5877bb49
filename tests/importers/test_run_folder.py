"""Importing results without their run: the contract's tree and tables, ours and the reference's."""

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map import InputError, plot
from error_map.importers.run_folder import open_results
from error_map.outputs.failure_page import read_failure
from error_map.outputs.index_builder import open_index
from error_map.outputs.notebook import summary_html
from error_map.outputs.summary import FinishedRun, read_run
from error_map.outputs.terminal import print_summary
from error_map.progress import Event, StageEnded
from error_map.store import RunFolder, Says
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

Node = dict[str, object]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of ours: 40 failures, of which one is open to doubt."""
    place = tmp_path_factory.mktemp("ours")
    (place / "data").mkdir()
    outputs = ("2 + 2 = 5. The answer is 5.", "I cannot help with that.", "Hm.", "The answer is 4.")
    rows = [a_row(f"e{n}", "m", output=outputs[n % 4], topic=f"t{n % 3}") for n in range(40)]
    write_csv(place / "data" / "d.csv", rows)
    return analysed(place / "data", place / "output").folder


def leaf(name: object = "Slip", **info: object) -> Node:
    cells = {"model": "m", "dataset": "d", "example_id": "e1", "output_text": "2", **info}
    return {"id": f"id-{name}", "name": name, "info": cells, "children": [], "parent": "p"}


def category(name: str, *children: object, description: str = "Of it.", **more: object) -> Node:
    info = {"description": description}
    return {"id": f"id-{name}", "name": name, "info": info, "children": [*children], **more}


def written(folder: Path, tree: object, name: str = "tree.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def opened(path: Path, into: Path) -> pl.DataFrame:
    return pl.read_parquet(open_results(path, into).failures)


def paths(folder: RunFolder) -> Counter[tuple[str, ...]]:
    """The number of failures at each path of names."""
    run = read_run(folder)
    ids = pl.read_parquet(folder.failures)["category_id"]
    return Counter(tuple(step.name for step in run.taxonomy.path(one)) for one in ids)


@pytest.mark.parametrize(
    "file", [lambda run: run.final_json, lambda run: run.final_csv, lambda run: run.failures]
)
def test_files_of_our_own_run_come_back_with_states_and_categories(
    ours: RunFolder, tmp_path: Path, file: Callable[[RunFolder], Path]
) -> None:
    folder = open_results(file(ours), tmp_path)

    before, after = read_run(ours), read_run(folder)
    assert folder.exp_id == ours.exp_id
    assert dict(after.summary.accounting) == {**dict(before.summary.accounting), "passed": 0}
    tops = [Counter(path[:1] for path in paths(run).elements()) for run in (ours, folder)]
    assert tops[0] == tops[1]
    key = ["dataset", "example_id", "model", "repeat"]
    texts = [*key, "input_text", "output_text", "score", "error_title", "judge_response"]
    frames = [pl.read_parquet(run.failures).select(texts).sort(key) for run in (ours, folder)]
    assert frames[0].equals(frames[1])
    assert not after.manifest.attempts_known
    assert open_index(folder).count() == 40


def test_the_manifest_lists_what_a_file_lacks(ours: RunFolder, tmp_path: Path) -> None:
    tree = read_run(open_results(ours.final_json, tmp_path / "a")).manifest
    own = read_run(open_results(ours.failures, tmp_path / "b")).manifest

    assert any("how many attempts there were" in lack for lack in tree.lacks)
    assert any("no reference answers" in lack for lack in tree.lacks)
    assert not any("reference" in lack for lack in own.lacks)
    assert any("derived from their ids" in lack for lack in own.lacks)
    assert read_run(ours).manifest.lacks == ()


def printed(run: FinishedRun) -> str:
    stream = io.StringIO()
    print_summary(run.summary, stream)
    return stream.getvalue()


def in_a_notebook(run: FinishedRun) -> str:
    return summary_html(run.summary)


def drawn(run: FinishedRun) -> str:
    stream = io.StringIO()
    for kind in ("tree", "signature"):
        plot(run, kind).savefig(stream, format="svg")
    return stream.getvalue()


@pytest.mark.parametrize("show", [printed, in_a_notebook, drawn])
def test_no_failure_rate_is_shown_where_only_failures_are_known(
    ours: RunFolder, tmp_path: Path, show: Callable[[FinishedRun], str]
) -> None:
    text = show(read_run(open_results(ours.final_json, tmp_path)))

    assert "40 failures" in text
    assert "of 40: 100" not in text
    assert "of 40 answers" not in text
    assert "fails" not in text


def test_what_passed_is_not_drawn_where_only_failures_are_known(
    ours: RunFolder, tmp_path: Path
) -> None:
    run = read_run(open_results(ours.final_json, tmp_path))

    with pytest.raises(InputError, match="the passing attempts are unknown"):
        plot(run, "heatmap", per="attempt")


def test_ten_leaves_with_one_title_are_ten_failures(tmp_path: Path) -> None:
    leaves = [leaf("Same", example_id=f"e{n}") for n in range(8)] + [leaf("Same")] * 2
    folder = open_results(written(tmp_path, category("LLM Errors", *leaves)), tmp_path / "into")

    frame = pl.read_parquet(folder.failures)
    assert frame.height == 10
    assert frame.select("dataset", "example_id", "model", "repeat").is_unique().all()
    assert paths(folder) == {("Other",): 10}


def test_a_tree_may_be_of_any_depth(tmp_path: Path) -> None:
    tree = leaf()
    for level in range(300):
        tree = category(f"level {299 - level}", tree)

    folder = open_results(written(tmp_path, tree), tmp_path / "into")

    ((path, count),) = paths(folder).items()
    assert (path[0], len(path), count) == ("level 1", 40, 1)


def test_siblings_of_one_name_are_one_category_and_ids_stay_apart(tmp_path: Path) -> None:
    twins = (
        category("Sums", leaf(example_id="a"), id="x"),
        category("SUMS", category("Carry", leaf(example_id="b")), id="x"),
        category("Dates", leaf(example_id="c"), id="x"),
        category("Hard to Analyze", leaf(example_id="d"), id="anything"),
        category("Mine", leaf(example_id="e"), id="other"),
    )

    folder = open_results(written(tmp_path, category("Root", *twins)), tmp_path / "into")

    assert paths(folder) == {
        ("Sums",): 1,
        ("Sums", "Carry"): 1,
        ("Dates",): 1,
        ("Hard to Analyze",): 1,
        ("Mine",): 1,
    }
    ids = [path[-1].id for path in read_run(folder).taxonomy.walk()]
    assert ids[:3] == ["x", "id-Carry", "x~2"]
    assert {"hard_to_analyze", "other~2"} <= set(ids)


def test_a_leaf_without_its_keys_is_an_invalid_row_and_nothing_is_lost(tmp_path: Path) -> None:
    tree = category(
        "Root",
        leaf(),
        leaf(example_id=None),
        leaf(model="  "),
        {"name": "bare", "children": []},
        {"name": "barer"},
        category("Empty"),
        "no node",
        description="",
    )
    folder = open_results(written(tmp_path, tree), tmp_path / "into")

    invalid = pl.read_csv(folder.invalid_rows)
    assert invalid["reason"].to_list() == [
        "no example_id",
        "no model",
        "no example_id",
        "no example_id",
        "no example_id",
    ]
    accounted = dict(read_run(folder).summary.accounting)
    assert (accounted["invalid"], sum(accounted.values())) == (5, 6)
    assert "5 failures are invalid" in " ".join(read_run(folder).manifest.notices)


def test_nan_and_missing_fields_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tree.json"
    nodes = [
        leaf(score=float("nan"), output_text='a "NaN" \\ and NaN\n'),
        leaf(example_id=7, score=float("-inf"), dataset=None, judge_model=float("nan")),
        leaf(example_id=True, score="0.5", input_text=["a", {"b": float("nan")}]),
        {"name": "Alone", "info": {"model": "m", "example_id": "z"}},
    ]
    path.write_text("\ufeff" + json.dumps(category("Root", *nodes)), encoding="utf-8")

    frame = opened(path, tmp_path / "into")

    assert frame["score"].to_list() == [None, None, 0.5, None]
    assert frame["example_id"].to_list() == ["e1", "7", "true", "z"]
    assert frame["dataset"].to_list() == ["d", "tree", "d", "tree"]
    assert frame["output_text"][0] == 'a "NaN" \\ and NaN\n'
    assert frame["input_text"][2] == '["a", {"b": null}]'
    assert frame["error_title"][3] == "Alone"


@given(pieces=st.lists(st.sampled_from(['"', "\\", "NaN", "-Infinity", "é", "x" * 9]), max_size=30))
@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_texts_come_through_the_mending_as_they_were(tmp_path: Path, pieces: Sequence[str]) -> None:
    text = "".join(pieces)
    tree = category("Root", leaf(output_text=text, score=float("nan")))

    assert opened(written(tmp_path, tree), tmp_path / "into")["output_text"].to_list() == [text]


def test_the_order_of_the_keys_of_a_node_does_not_matter(tmp_path: Path) -> None:
    inner = {"children": [leaf()], "info": "Plain words.", "name": "Late", "id": "late"}
    tree = {"parent": "", "children": [inner], "name": "Root"}

    folder = open_results(written(tmp_path, tree), tmp_path / "into")

    assert paths(folder) == {("Late",): 1}
    assert read_run(folder).taxonomy.categories[0].description == "Plain words."


def test_a_judges_answer_gives_criteria_whose_quotations_are_looked_up(tmp_path: Path) -> None:
    criterion = {"criterion": "adds", "present_in_wrong": True, "quality": "odd", "comment": "c"}
    reply = {
        "required_criteria": [
            {**criterion, "evidence": "two"},
            {**criterion, "evidence": "six"},
            3,
        ],
        "final_answer": {"error_title": "Slip", "error_summary": "It slipped."},
    }
    shapes = (reply, json.dumps(reply), repr(reply), "no JSON {")
    leaves = [
        leaf(None, example_id=f"e{n}", judge_response=shape, output_text="one two")
        for n, shape in enumerate(shapes)
    ]

    folder = open_results(written(tmp_path, category("Root", *leaves)), tmp_path / "into")

    for number in range(3):
        page = read_failure(folder, number)
        assert (page.title, page.summary) == ("Slip", "It slipped.")
        assert [one.verified for one in page.criteria] == [True, False]
        assert page.criteria[0].quality == "correct"
    assert read_failure(folder, 3).criteria == ()


def reference_row(**more: object) -> dict[str, object]:
    cells = {
        "Model": "m",
        "example_id": "e1",
        "output_text": "2",
        "Error Label": "Slip",
        "score": 0,
    }
    return {**cells, **more}


def test_a_final_table_as_the_reference_writes_it_is_read(tmp_path: Path) -> None:
    root = json.dumps({"name": "LLM Errors", "description": ""})
    rows = [
        reference_row(
            example_id=f"e{n}",
            category_depth_0=root,
            category_depth_1=cell,
            category_depth_2="" if n else "nan",
            topic="=1+1",
        )
        for n, cell in enumerate(
            (
                json.dumps({"name": "Sums", "description": "Of numbers."}),
                str({"name": "sums", "description": "It's Python."}),
                "Plain",
            )
        )
    ]

    folder = open_results(write_csv(tmp_path / "final.csv", rows), tmp_path / "into")

    assert paths(folder) == {("Sums",): 2, ("Plain",): 1}
    page = read_failure(folder, 0)
    assert (page.title, page.kept) == ("Slip", {"topic": "=1+1"})
    assert read_run(folder).taxonomy.categories[0].description == "Of numbers."


def test_long_quoted_cells_and_broken_rows_of_a_table(tmp_path: Path) -> None:
    long = 'a "quote", a\r\nbreak, ' + "x" * 5_000_000 + " needle"
    path = write_csv(tmp_path / "t.csv", [reference_row(output_text=long), reference_row()])
    with path.open("a", encoding="utf-8") as stream:
        stream.write('too,few\r\n"never closed,\r\n')

    folder = open_results(path, tmp_path / "into")

    assert read_failure(folder, 0).output == long
    assert pl.read_csv(folder.invalid_rows)["reason"].to_list() == [
        "2 fields where the header has 5",
        "not a CSV row: unexpected end of data",
    ]
    assert open_index(folder).count(Says("needle")) == 1


def test_rows_without_a_category_are_unassigned_with_the_reason(tmp_path: Path) -> None:
    folder = open_results(write_csv(tmp_path / "t.csv", [reference_row()]), tmp_path / "into")

    page = read_failure(folder, 0)
    assert (page.state, page.category) == ("unassigned", "other")
    assert page.reason == "the file names no category"


def test_progress_tells_how_many_were_read(ours: RunFolder, tmp_path: Path) -> None:
    events: list[Event] = []

    open_results(ours.final_json, tmp_path, events.append)

    assert events[-1] == StageEnded("reading", 40)


_REFUSED: Final[Mapping[str, tuple[str, bytes, str]]] = {
    "raw results": (
        "t.csv",
        b"example_id,model,input_text,output_text,score\n1,m,a,b,0\n",
        "--data-path",
    ),
    "raw list": ("t.json", b'[{"example_id": "e1", "model": "m"}]', "--data-path"),
    "no tree": ("t.json", b'{"a": 1}', "no node of it is a failure"),
    "no failures": ("t.json", b'{"name": "R", "children": []}', "no node of it is a failure"),
    "cut off": ("t.json", b'{"name": "R", "children": [{"na', "not JSON: .*cut off"),
    "empty": ("t.json", b"", "not JSON"),
    "empty table": ("t.csv", b"", "no table of analysed failures"),
    "no rows": ("t.csv", b"error_title,example_id,model\n", "no failure in it"),
    "no keys": ("t.csv", b"error_title\nSlip\n", "no failure in it; the first: no example_id"),
    "no parquet": ("t.parquet", b"PAR1", "not a Parquet file"),
    "lines": ("t.jsonl", b"{}", "no results can be read from '.jsonl'"),
    "binary": ("t.json", bytes(range(256)), "not JSON"),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_anything_else_is_refused_with_place_and_way_out(tmp_path: Path, case: str) -> None:
    name, data, message = _REFUSED[case]
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(InputError, match=message) as refused:
        open_results(path, tmp_path / "into")

    assert str(path) in str(refused.value)
    assert list((tmp_path / "into").glob("*")) == []
    with pytest.raises(InputError, match="no such file"):
        open_results(tmp_path / "gone.json", tmp_path / "into")


_TREES: Final = st.recursive(
    st.builds(
        lambda name, info: {"name": name, "info": info, "children": []},
        st.none() | st.text(max_size=5),
        st.dictionaries(
            st.sampled_from(["model", "example_id", "score", "output_text", "judge_response", "x"]),
            st.none() | st.text(max_size=5) | st.floats() | st.booleans() | st.just({"a": [1]}),
        ),
    ),
    lambda inner: st.builds(
        lambda name, children: {"id": name, "name": name, "info": "words", "children": children},
        st.sampled_from(["a", "A", "Other", "", "No error found"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(trees=st.lists(_TREES, min_size=1, max_size=4))
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_leaf_ends_up_as_a_row_or_an_invalid_row(
    tmp_path: Path, trees: Sequence[Node]
) -> None:
    root = category("Root", *trees, leaf(example_id="the one"))

    folder = open_results(written(tmp_path, root), tmp_path / "into")

    rows = pl.read_parquet(folder.failures).height + pl.read_csv(folder.invalid_rows).height
    assert rows == _leaves(root)
    assert read_run(folder).summary.accounting.rows == rows
    assert open_index(folder).rows == pl.read_parquet(folder.failures).height


def _leaves(node: Node) -> int:
    children = node["children"]
    assert isinstance(children, list)
    if not children:
        return int(node["info"] != "words")
    return sum(map(_leaves, children))


@pytest.mark.parametrize(
    ("escaped", "read"),
    [
        (r"a\udc00b", "a\ufffdb"),
        (r"a\ud800b", "a\ufffdb"),
        (r"\ud800\ud83d\ude00", "\ufffd😀"),
        (r"\ud83d\ude00\udc00", "😀\ufffd"),
        (r"\\ud800", r"\ud800"),
        (r"\\ud800\udc00", "\\ud800\ufffd"),
        (r"\\\uDBFF", "\\\ufffd"),
        ("x" * (1 << 20) + r"\ud83d\ude00\udfff", "x" * (1 << 20) + "😀\ufffd"),
    ],
)
def test_escaped_halves_of_surrogate_pairs_are_replaced(
    tmp_path: Path, escaped: str, read: str
) -> None:
    path = written(tmp_path, category("All", leaf(output_text="HERE")))
    path.write_text(path.read_text(encoding="utf-8").replace("HERE", escaped), encoding="utf-8")

    assert opened(path, tmp_path / "out")["output_text"].to_list() == [read]
