"""Refuses files of other analysis tools, which have no results, by name and with a way out."""

from typing import Final, NoReturn

from ...errors import InputError
from .log import Log, LogFormat, Opening

_CLEAR: Final = (
    frozenset({"id", "question", "response", "model_input", "ground_truth"}),
    frozenset({"", "id", "response", "context", "api_spec"}),
)
"""Columns of CLEAR's tables: none of them is a model or a score."""


def recognise(opening: Opening) -> Log | None:
    """None for files of other tools.

    Raises:
        InputError: The file is one of AdaMAST, CLEAR or Hodoscope.
    """
    keys = opening.keys.keys()
    if keys >= {"schema_version", "codes", "strategy"}:
        _refuse(opening, "a taxonomy of AdaMAST")
    if keys >= {"trace_id", "task", "messages", "outcome"}:
        _refuse(opening, "a trace of AdaMAST")
    if keys >= {"summaries", "embedding_model", "source"}:
        source = opening.keys["source"].strip('"')
        _refuse(opening, "an analysis of Hodoscope", f"the log it was made from: {source}")
    header = opening.text.partition("\n")[0].strip("\r").split(",")
    if len(header) == len(set(header)) and set(header) in _CLEAR:
        _refuse(opening, "a table of CLEAR", "its results with columns for the model and the score")
    return None


FORMAT: Final = LogFormat("other-analyses", recognise)


def _refuse(opening: Opening, what: str, way_out: str = "the logs it was made from") -> NoReturn:
    raise InputError(
        f"the file is {what}, which is no result of an evaluation",
        where=str(opening.path),
        hint=f"read {way_out}",
    )
