"""`error-map report`: writes a finished run as a single file to share."""

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ..errors import InputError
from ..outputs.overwrite import refuse_to_replace
from ..outputs.report import EXAMPLES, ReportOptions, rendered, report_of
from ..outputs.summary import read_run
from ..presentation.sanitize import plain_text
from ..store import RunFolder, open_run, write_whole


def report(
    exp: str,
    /,
    *,
    output_dir: Path = Path("output"),
    out: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    format: Literal["html", "md", "json"] = "html",  # noqa: A002 - the flag's name
    redact: Annotated[bool, Parameter(negative=())] = False,
    compare: Annotated[tuple[str, str] | None, Parameter(negative=())] = None,
    per_category: Annotated[int, Parameter(name="--examples")] = EXAMPLES,
) -> None:
    """Write a run as one file to share: failure categories with examples and evidence.

    Parameters
    ----------
    exp
        Name of the run; `error-map runs` lists them.
    output_dir
        Folder of the runs' files.
    out
        File to write; - for standard output (default: report__exp_id=EXP in the output folder).
    format
        html: a page without external resources; md: for pull requests; json: for programs.
    redact
        Leave out prompts, outputs, references, and everything that may quote them.
    compare
        Two models to compare (default: those of a run that has two).
    per_category
        Examples per category, 0 to 100.
    """
    folder = open_run(output_dir, exp)
    _refuse(out, folder)
    path = folder.report(f".{format}") if out is None else Path(out)
    if out != "-":
        refuse_to_replace(path)
    run = read_run(folder)
    options = ReportOptions(examples=per_category, redact=redact, compare=compare)
    text = rendered(report_of(run, options), format)
    if out == "-":
        sys.stdout.write(text)
        return
    write_whole(path, text)
    print(plain_text(str(path)))


def _refuse(out: str | None, folder: RunFolder) -> None:
    """Refuses file names that cannot be the report's.

    Raises:
        InputError: It looks like a flag, or is a file of the run.
    """
    if out is None or out == "-":
        return
    if out.startswith("-"):
        hint = f"write ./{out} for such a file, - for standard output"
        raise InputError(f"{out!r} is not a file name", where="--out", hint=hint)
    if Path(out).resolve() in {file.resolve() for file in folder.all_files}:
        raise InputError("this is a file of the run", where=out, hint="choose another name")
