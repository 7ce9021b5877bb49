"""Opens the data of a run, and says which rows cannot be used and what the user should know."""

from collections.abc import Iterator, Sequence

from ..config import RunConfig
from ..errors import refuse_unknown
from ..readers import (
    Catalog,
    InvalidRow,
    NameTemplate,
    ReadOptions,
    ScoreFormat,
    data_source,
    file_source,
    find_files,
)


def open_catalog(config: RunConfig, data: object) -> tuple[Catalog, tuple[str, ...]]:
    """The datasets of a run, found but not yet read, and notices about files left out.

    Args:
        config: Where the data are and how to read them.
        data: A frame or an iterable of dicts, read instead of `config.data_path`; None for files.

    Raises:
        InputError: There are no data, or an option names a column or dataset that does not exist.
    """
    options = ReadOptions(
        columns=config.columns,
        encoding=config.encoding,
        sheet=config.sheet,
        strict=config.strict,
        dataset_name=config.dataset_name,
        scores=ScoreFormat(words=config.score_map, decimal=config.decimal, percent=config.percent),
        model_name=None if config.model_name is None else NameTemplate.parse(config.model_name),
    )
    if data is None:
        files, notices = find_files(config.data_path)
        sources = [file_source(path, options) for path in files]
    else:
        sources, notices = [data_source(data, options)], []
    # Names are checked here, as reading may take minutes.
    catalog = Catalog(sources, requested=config.datasets)
    columns = {*catalog.extras, "correct_answer"}
    refuse_unknown(config.cols_to_keep or (), columns, what="column", where="cols_to_keep")
    refuse_unknown(config.dataset_params, catalog.known, what="dataset", where="dataset_params")
    return catalog, tuple(notices)


def invalid_rows(catalog: Catalog, config: RunConfig) -> list[InvalidRow]:
    """Rows of the requested datasets that cannot be used; known once all datasets are read."""
    rows = [row for table in catalog.read.values() for row in table.invalid]
    if config.datasets is None:
        return rows
    return [row for row in rows if row.dataset is None or row.dataset in config.datasets]


def reading_notices(catalog: Catalog, invalid: Sequence[InvalidRow]) -> Iterator[str]:
    """What the user should know of the data; complete once all datasets are read."""
    for error in catalog.empty:
        yield f"{error}; the other files are read"
    for table in catalog.read.values():
        yield from table.notices
    yield from catalog.notices()
    if invalid:
        first = invalid[0]
        place = f"{first.file}:{first.line}"
        count = "1 row is" if len(invalid) == 1 else f"{len(invalid)} rows are"
        yield f"{count} invalid and set aside; the first: {place}: {first.reason}"
