"""Opens the data of a run, and says which rows cannot be used and what the user should know."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..config import RunConfig
from ..errors import refuse_unknown
from ..readers import (
    CHOICES,
    Catalog,
    Found,
    InvalidRow,
    NameTemplate,
    ReadOptions,
    ScoreFormat,
    ScoresById,
    Source,
    choose,
    chosen_formats,
    data_source,
    file_source,
    find_files,
    found_lines,
    latest,
    log_formats,
    log_source,
    search,
)


def open_catalog(config: RunConfig, data: object) -> tuple[Catalog, tuple[str, ...]]:
    """The datasets of a run, found but not yet read, and notices about files left out.

    Args:
        config: Where the data are and how to read them.
        data: A frame or an iterable of dicts, read instead of `config.data_path`; None for files.

    Raises:
        InputError: There are no data, or an option names a column or dataset that does not exist.
    """
    if data is None:
        sources, notices = sources_of(config)
    else:
        sources, notices = [data_source(data, _options(config))], []
    # Names are checked here, as reading may take minutes.
    catalog = Catalog(sources, requested=config.datasets)
    columns = {*catalog.extras, "correct_answer"}
    refuse_unknown(config.cols_to_keep or (), columns, what="column", where="cols_to_keep")
    refuse_unknown(config.dataset_params, catalog.known, what="dataset", where="dataset_params")
    return catalog, tuple(notices)


def found_logs(config: RunConfig) -> Found:
    """The logs under the data path, of which those are read that nothing supersedes.

    Raises:
        InputError: There is no such format.
    """
    found = search(config.data_path, chosen_formats(log_formats(), config.format))
    name = config.model_name or ""
    return latest(found, apart="{run}" in name or "{file}" in name)


def sources_of(config: RunConfig) -> tuple[list[Source], list[str]]:
    """The logs and tables under the data path, and notices about what was found.

    Raises:
        InputError: There are none, or an option cannot be used.
    """
    options = _options(config)
    found = found_logs(config)
    if found.unordered:
        raise found.unordered[0]
    preferred = {kind: getattr(config, kind) for kind in CHOICES}
    logs = [log_source(log, choose(log, preferred), options) for log in found.logs]
    # A file of scores may be next to the logs, and is no table of answers.
    no_tables = {*found.files, *_inside(config.data_path, config.scores)}
    files, left_alone = find_files(config.data_path, logs=no_tables)
    if not logs and not files:
        raise found.refused[0]
    tables = [file_source(path, options) for path in files]
    return [*logs, *tables], [*found_lines(found, preferred), *left_alone]


def _inside(folder: Path, file: Path | None) -> Iterator[Path]:
    """The file as it is found in the folder, if it is in it."""
    if file is not None and file.resolve().parent == folder.resolve():
        yield folder / file.name


def _options(config: RunConfig) -> ReadOptions:
    scores = ScoreFormat(words=config.score_map, decimal=config.decimal, percent=config.percent)
    return ReadOptions(
        columns=config.columns,
        encoding=config.encoding,
        sheet=config.sheet,
        strict=config.strict,
        dataset_name=config.dataset_name,
        scores=scores,
        scores_by_id=None if config.scores is None else ScoresById(config.scores, scores),
        question_only=config.question_only,
        model_name=None if config.model_name is None else NameTemplate.parse(config.model_name),
    )


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
    unusable = [row for row in invalid if row.state == "invalid"]
    unscored = [row for row in invalid if row.state == "errored"]
    if unusable:
        number = "1 row is" if len(unusable) == 1 else f"{len(unusable)} rows are"
        yield f"{number} invalid and set aside; the first: {_place(unusable[0])}"
    if unscored:
        number = "1 sample was" if len(unscored) == 1 else f"{len(unscored)} samples were"
        yield f"{number} not scored, so they are no failures; the first: {_place(unscored[0])}"


def _place(row: InvalidRow) -> str:
    return f"{row.file}:{row.line}: {row.reason}"
