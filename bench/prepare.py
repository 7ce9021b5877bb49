"""Data preparation alone: from input files to records, failures and the contract's CSV."""

import sys
from functools import partial
from pathlib import Path

import anyio

from error_map.config import RunConfig
from error_map.outputs.contract import CsvFile, preparation_columns, prepared_rows
from error_map.progress import silent
from error_map.readers import Catalog, ReadOptions, file_source, find_files
from error_map.stages.preparation import prepare
from error_map.stages.selection import Selection
from error_map.store import Draft, RunFolder


def main(data_path: Path, output_dir: Path) -> None:
    """Prepares everything in a folder with ratio 0.1, as a run's first stage does."""
    config = RunConfig.load({"data_path": data_path, "output_dir": output_dir, "exp_id": "bench"})
    folder = RunFolder(output_dir, config.exp_id)
    folder.workshop.mkdir(parents=True)
    files, _ = find_files(data_path)
    catalog = Catalog([file_source(path, ReadOptions()) for path in files])
    columns = preparation_columns(catalog.extras)
    with CsvFile.open(folder.part(folder.preparation), columns) as file:

        def write(selection: Selection) -> None:
            file.add(prepared_rows(selection.records))

        draft = Draft(folder.workshop)
        stage = partial(prepare, catalog, config, draft, on_selected=write, progress=silent)
        anyio.run(stage)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
