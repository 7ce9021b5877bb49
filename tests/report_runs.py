"""Finished runs for tests of reports: small ones and ones with hostile text."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import yaml

from error_map.outputs.report import Format, ReportOptions, rendered, report_of
from error_map.outputs.summary import read_run
from error_map.store import RunFolder
from tests.support import a_row, analysed, write_csv

HOSTILE: Final = (
    "<script>window.ran=1</script><img src=x onerror='window.ran=1'>\"onmouseover=window.ran=1 "
    "</style></title></pre></details></section></main><!-- {{7*7}} ${7*7} `a` @all #1 |x| "
    "\x1b[31mred\x00\u202egnp.exe\u2066 ![i](http://h/x.png) https://h.example =1+1 $x$ :smile:"
)
"""Markup and control characters that nothing may interpret."""
SHOWN: Final = "<script>window.ran=1</script>"
LONG: Final = 5_000_000


def small_run(data: Path, output: Path, *, models: Sequence[str] = ("a", "b")) -> RunFolder:
    """Three examples per model: one correct, one explained by the calculator, one unexplained."""
    rows = []
    for model in models:
        rows += [
            a_row("e1", model, output="12 * 3 = 38. The answer is 38.", correct_answer="36"),
            a_row("e2", model, output="The answer is 7."),
            a_row("e3", model, score=1, output="The answer is 4."),
        ]
    write_csv(data / "sums.csv", rows)
    return analysed(data, output).folder


def hostile_run(data: Path, output: Path) -> RunFolder:
    """A run with hostile text in every field of the input and of the diagnoses."""
    line = "x" * LONG
    wrong = f"{HOSTILE} 12 * 3 = 38 {HOSTILE}"
    texts = {"input_text": HOSTILE, "correct_answer": HOSTILE, "note": HOSTILE}
    rows = [
        a_row(f"e1 {HOSTILE}", f"m1 {HOSTILE}", output=wrong, **texts),
        a_row(f"e1 {HOSTILE}", f"m2 {HOSTILE}", output=wrong + line, **{**texts, "note": line}),
        a_row(f"e2 {HOSTILE}", f"m1 {HOSTILE}", output=line, **{**texts, "input_text": line}),
        a_row(f"e2 {HOSTILE}", f"m2 {HOSTILE}", score=1, output="right", **texts),
    ]
    lines = map(json.dumps, rows)
    surrogate = json.dumps({**rows[0], "example_id": "e3", "output_text": "half \ud83d pair"})
    (data / "d.jsonl").write_text("\n".join([*lines, surrogate]), encoding="utf-8")
    folder = analysed(data, output).folder
    rewrite_failures(folder, _judged)
    _rename_dataset(folder, f"d {HOSTILE}")
    _rename_categories(folder)
    return folder


def _judged(failures: pl.DataFrame) -> pl.DataFrame:
    """Replaces all diagnoses by those of a hostile judge."""
    criterion = {
        "criterion": HOSTILE,
        "present_in_wrong": False,
        "quality": "incorrect",
        "evidence": HOSTILE,
        "comment": HOSTILE,
    }
    criteria = json.dumps([{**criterion, "verified": True}, {**criterion, "verified": False}])
    return failures.with_columns(
        *(pl.lit(HOSTILE).alias(name) for name in ("error_title", "error_summary", "answer")),
        pl.lit(HOSTILE).alias("reason"),
        pl.lit(criteria).alias("criteria"),
        pl.lit("").alias("detector"),
        pl.lit("[]").alias("findings"),
    )


def rewrite_failures(folder: RunFolder, how: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Rewrites the failures file."""
    how(pl.read_parquet(folder.failures)).write_parquet(folder.failures, row_group_size=200)


def rewrite_manifest(folder: RunFolder, **values: object) -> None:
    """Changes values of the manifest."""
    manifest = json.loads(folder.manifest.read_text(encoding="utf-8"))
    folder.manifest.write_text(json.dumps({**manifest, **values}), encoding="utf-8")


def _rename_dataset(folder: RunFolder, name: str) -> None:
    """Renames the only dataset in all files of a run."""
    for file in (folder.records, folder.failures):
        pl.read_parquet(file).with_columns(pl.lit(name).alias("dataset")).write_parquet(file)
    datasets = json.loads(folder.manifest.read_text(encoding="utf-8"))["datasets"]
    renamed = {name: {**datasets["d"], "route": name, "distrust": name, "rule": f"score < {name}"}}
    rewrite_manifest(folder, analyst=f"judge {HOSTILE}", datasets=renamed, notices=[HOSTILE])


def _rename_categories(folder: RunFolder) -> None:
    tree = yaml.safe_load(folder.taxonomy.read_text(encoding="utf-8"))
    for top in tree["categories"]:
        for node in (top, *top.get("children", ())):
            node["name"] = f"{node['name']} {HOSTILE}"
            node["description"] = HOSTILE
    folder.taxonomy.write_text(yaml.safe_dump(tree), encoding="utf-8")


def report_text(
    folder: RunFolder, form: Format = "html", options: ReportOptions | None = None
) -> str:
    """The report of a run in one of its forms."""
    return rendered(report_of(read_run(folder), options or ReportOptions()), form)
