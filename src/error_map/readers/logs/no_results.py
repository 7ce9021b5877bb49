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
        _refuse(opening, "a taxonomy of AdaMAST, which has no answers of models")
    if keys >= {"summaries", "embedding_model", "source"}:
        source = opening.keys["source"].strip('"')
        what = "an analysis of Hodoscope, which has no scores"
        _refuse(opening, what, f"the log it was made from: {source}")
    header = opening.text.partition("\n")[0].strip("\r").split(",")
    if len(header) == len(set(header)) and set(header) in _CLEAR:
        way_out = "a table with columns for the model and the score"
        _refuse(opening, "a table of CLEAR, which has no models and no scores", way_out)
    return None


FORMAT: Final = LogFormat("other-analyses", recognise, is_read=False)


def _refuse(opening: Opening, what: str, way_out: str = "the logs it was made from") -> NoReturn:
    raise InputError(what, where=str(opening.path), hint=f"read {way_out}")
