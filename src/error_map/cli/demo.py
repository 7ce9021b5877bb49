"""`error-map demo`: analyses the bundled results."""

from pathlib import Path
from typing import Final

import error_map

from ..config import RunConfig
from ..errors import InputError
from .analyse import print_result, run_and_draw
from .next_steps import judged_again

DEMO_ID: Final = "demo"


def demo(*, output_dir: Path = Path("output"), json: bool = False, quiet: bool = False) -> None:
    """Map the failures of the bundled results: real answers of a small model, without sampling.

    Parameters
    ----------
    output_dir
        Folder for the run's files.
    json
        Print the summary as JSON.
    quiet
        Print nothing but errors.
    """
    config = RunConfig.load(
        {
            "data_path": bundled_results(),
            "output_dir": output_dir,
            "exp_id": DEMO_ID,
            "ratio": 1.0,
            "inference_type": "offline",
        }
    )
    result = run_and_draw(config, (), quiet=quiet)
    judged = judged_again(config.data_path, config.ratio, output_dir)
    print_result(result, config, as_json=json, quiet=quiet, judged=judged)


def bundled_results() -> Path:
    """Folder of the bundled results: in the installed package, or in a checkout of the project.

    Raises:
        InputError: They are in neither of them.
    """
    package = Path(error_map.__file__).parent
    for folder in (package / "examples", package.parents[1] / "examples" / "data"):
        if folder.is_dir():
            return folder
    raise InputError(
        "the bundled results are missing", where=str(package), hint="reinstall error-map"
    )
