"""`error-map scan`: lists the logs and tables in a folder, without reading them whole."""

from collections.abc import Iterator
from pathlib import Path

from ..config import RunConfig
from ..errors import InputError
from ..presentation.sanitize import plain_text
from ..readers import CHOICES, Found, ReadOptions, file_source, find_files, found_lines, log_formats
from ..stages.reading import found_logs
from .analyse import words
from .flags import Words


def scan(data_path: Path, /, *, format: Words = None) -> None:  # noqa: A002 - the flag's name
    """List the logs and tables in a folder: tools, versions, datasets, models and scores.

    Parameters
    ----------
    data_path
        Folder, searched through all levels for logs, or a file.
    format
        Logs to look for, such as lm-eval; all if none is named.
    """
    config = RunConfig.load(
        {"exp_id": "scan", "data_path": data_path, "format": words(format or ())}
    )
    found = found_logs(config)
    print(plain_text("\n".join(_lines(found, data_path))))


def _lines(found: Found, data_path: Path) -> Iterator[str]:
    """What was found, as lines."""
    yield from found_lines(found, {})
    for log in sorted(found.logs, key=lambda log: str(log.path)):
        datasets, models = ", ".join(log.datasets) or "?", ", ".join(log.models) or "?"
        yield f"  {log.path}: {datasets}, {models}"
        for kind in CHOICES:
            if log.choices.get(kind):
                yield f"    {kind}: {', '.join(log.choices[kind])}"
    try:
        files, left_alone = find_files(data_path, logs=found.files)
    except InputError:
        if not found.logs and not found.refused:
            names = ", ".join(one.name for one in log_formats() if one.is_read)
            raise InputError(
                "no log of a known tool, and no table",
                where=str(data_path),
                hint=f"known logs: {names}; tables: csv, tsv, jsonl, parquet, xlsx",
            ) from None
        return
    yield from map(_table_line, files)
    yield from left_alone


def _table_line(path: Path) -> str:
    try:
        columns = file_source(path, ReadOptions()).columns()
    except InputError as error:
        return f"table that needs options: {error}"
    return f"table: {path}" + (f", columns {', '.join(columns)}" if columns else "")
