"""What the name of a file says: its format, and the name of its dataset."""

from pathlib import Path
from typing import Final

COMPRESSED: Final = (".gz", ".zst")
"""Last suffixes of compressed files, lower case."""
_DATASET_FILE: Final = "dataset_info.json"
"""Is next to the shards of a Hugging Face dataset that `save_to_disk` wrote."""


def suffix_of(path: Path) -> str:
    """The suffix that names the format, lower case: `.csv` for `a.csv` and for `a.csv.gz`."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in COMPRESSED else suffix


def stem_of(path: Path) -> str:
    """The name for a file's dataset: without the suffixes of its format and compression.

    The shards of a saved Hugging Face dataset, `data-00000-of-00002.arrow`, are named after their
    folder.

    Example:
        >>> stem_of(Path("logs/gpqa.v2.csv.gz"))
        'gpqa.v2'
    """
    if path.suffix.lower() == ".arrow" and (path.parent / _DATASET_FILE).is_file():
        return path.resolve().parent.name
    return Path(path.stem).stem if path.suffix.lower() in COMPRESSED else path.stem
