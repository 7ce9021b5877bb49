"""`error-map runs` lists the runs in a folder, `error-map show` prints the summary of one."""

import sys
from pathlib import Path

from ..errors import StoreError
from ..outputs.first_examples import first_examples
from ..outputs.summary import read_run
from ..outputs.terminal import print_runs, print_summary, summary_json
from ..presentation.sanitize import plain_text
from ..store import Manifest, finished_runs, open_run, read_manifest


def runs(*, output_dir: Path = Path("output")) -> None:
    """List the runs in an output folder.

    Parameters
    ----------
    output_dir
        Folder of the runs' files.
    """
    manifests: list[Manifest] = []
    for folder in finished_runs(output_dir):
        try:
            manifests.append(read_manifest(folder))
        except StoreError as error:
            print(plain_text(f"skipped: {error}"), file=sys.stderr)
    print_runs(manifests, sys.stdout)


def show(exp: str, /, *, output_dir: Path = Path("output"), json: bool = False) -> None:
    """Print the summary of a run again.

    Parameters
    ----------
    exp
        Name of the run; `error-map runs` lists them.
    output_dir
        Folder of the runs' files.
    json
        Print it as JSON.
    """
    run = read_run(open_run(output_dir, exp))
    if json:
        print(summary_json(run.summary))
    else:
        print_summary(run.summary, sys.stdout, first_examples(run))
