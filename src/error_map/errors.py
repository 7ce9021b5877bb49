"""Every exception that ErrorMap raises, as one tree, each with its exit code.

```
ErrorMapError                1  our fault
├── InputError               2  the caller's data or options, or a missing extra
│   └── EmptyInput              a file without rows: a notice where other files have some
├── BudgetExceeded           3  a ceiling on calls, tokens or cost; what is done is kept
├── ModelError               4  the analyst's engine
│   ├── CallFailed              this one call: becomes an Undiagnosed
│   │   ├── ModelBusy           rate limit: try again, later
│   │   ├── ModelDown           connection, 5xx, timeout: try again
│   │   ├── SchemaRefused       this way of asking for JSON is not taken: ask in a plainer one
│   │   ├── LimitRefused        so many tokens may not be asked for: live with fewer
│   │   └── AnswerInvalid       outside the schema after one repair
│   │       ├── AnswerCut          it ran into the limit of tokens
│   │       └── AnswerWithheld     the model refused, or the provider filtered it: no repair
│   └── ModelUnusable           key, model name or endpoint: stops the run
├── WorkersUnusable          1  the offline analyst's processes do not start
└── StoreError               1  a damaged run folder, or another run's
```
"""

import difflib
from collections.abc import Collection, Iterable
from typing import ClassVar, Final

MOST_SHOWN: Final = 500
"""Characters of a message, and of a hint: some lines of a terminal. Data may bring megabytes."""
_MOST_OF_PLACE: Final = 5_000
"""Characters of a place: paths have up to 4,096, and a cut path leads nowhere."""
_MOST_OF_NAME: Final = 100
"""Characters of a name in a list of names."""
_END_SHOWN: Final = 80
"""Of a text that is cut, characters of its end: there often stands what was expected."""
LONGEST_WAIT_S: Final = 366 * 86_400.0
"""What a provider may ask for: no quota is counted over more than a year."""


class ErrorMapError(Exception):
    """A run that cannot go on: what happened, where, and the way out."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message = shortened(message)
        super().__init__(self.message)
        self.where = shortened(where, _MOST_OF_PLACE)
        self.hint = shortened(hint)
        self.written: object = None
        """The result of what was done before, where the run wrote it; else None."""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        way_out = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{way_out}"


class InputError(ErrorMapError):
    """The caller's data or options cannot be used."""

    exit_code: ClassVar[int] = 2


class EmptyInput(InputError):
    """A file has no rows at all."""


class ModelError(ErrorMapError):
    """What answers the analyst's questions cannot be used."""

    exit_code: ClassVar[int] = 4


class CallFailed(ModelError):
    """One question was not answered; the others are not touched."""


class ModelBusy(CallFailed):
    """The provider asks for patience: a rate limit or an overload.

    Args:
        retry_after_s: Seconds that it asks for, where it says; what is no time to wait, such as
            a negative one, one without an end or more than `LONGEST_WAIT_S`, counts as unsaid.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        told = retry_after_s is not None and 0 <= retry_after_s <= LONGEST_WAIT_S
        self.retry_after_s = retry_after_s if told else None


class ModelDown(CallFailed):
    """The provider could not be reached, failed by itself, or did not answer in time."""


class SchemaRefused(CallFailed):
    """The provider does not take the way in which JSON was asked for."""


class LimitRefused(CallFailed):
    """The provider does not take a question with so high a limit of tokens."""


class AnswerInvalid(CallFailed):
    """An answer is outside its schema, also after one repair."""


class AnswerCut(AnswerInvalid):
    """An answer ran into its limit of tokens, also after one repair.

    Args:
        tokens: The limit; None where it is not known.
    """

    def __init__(self, message: str, *, tokens: int | None) -> None:
        super().__init__(message)
        self.tokens = tokens


class AnswerWithheld(AnswerInvalid):
    """The model refused to answer, or the provider filtered what it said."""


class ModelUnusable(ModelError):
    """Key, model name or endpoint is wrong, or the endpoint is down: no call can succeed."""


class BudgetExceeded(ErrorMapError):
    """A ceiling on calls, tokens or cost is reached."""

    exit_code: ClassVar[int] = 3


class WorkersUnusable(ErrorMapError):
    """The worker processes of the offline analyst do not start."""


class StoreError(ErrorMapError):
    """A run folder is damaged or belongs to something else."""


def shortened(text: str, most: int = MOST_SHOWN) -> str:
    """The text, or its two ends with a note of how much was between them, `most` in all.

    Example:
        >>> shortened("a" * 5_000 + "b" * 5_000, 125).strip("b")
        'aaaaaaaaaaaaaa[… 9,907 characters left out …]'
    """
    if len(text) <= most:
        return text
    kept = most - len(_left_out(len(text)))
    note = _left_out(len(text) - kept)
    return text[: most - len(note) - _END_SHOWN] + note + text[-_END_SHOWN:]


def _left_out(characters: int) -> str:
    return f"[… {characters:,} characters left out …]"


def closest(word: str, known: Iterable[str], *, settled: Collection[str] = ()) -> str:
    """A hint that lists what exists, the name closest to `word` first.

    Args:
        word: What was asked for.
        known: What exists.
        settled: Names that cannot have been meant, as they are known to mean something else.

    Example:
        >>> closest("gsmk", ["mmlu", "gsm8k"])
        "did you mean 'gsm8k'? there are: 'gsm8k', 'mmlu'"
    """
    names = sorted(set(known))
    if not names:
        return "there are none"
    folded = {name.casefold(): name for name in reversed(names) if name not in settled}
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    guess = f"did you mean {_beginning(folded[near[0]])!r}? " if near else ""
    shown = ", ".join(repr(_beginning(name)) for name in names[:20])
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""  # noqa: PLR2004 - a screenful
    return f"{guess}there are: {shown}{more}"


def _beginning(name: str) -> str:
    return name if len(name) <= _MOST_OF_NAME else f"{name[:_MOST_OF_NAME]}…"


def refuse_unknown(asked: Iterable[str], known: Collection[str], *, what: str, where: str) -> None:
    """Refuses names that are not known.

    Raises:
        InputError: Names the first of them, and what exists.
    """
    for name in sorted(asked):
        if name not in known:
            raise InputError(f"no {what} {name!r}", where=where, hint=closest(name, known))
