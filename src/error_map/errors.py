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
└── StoreError               1  a damaged run folder, or another run's
```
"""

import difflib
from collections.abc import Collection, Iterable
from typing import ClassVar


class ErrorMapError(Exception):
    """A run that cannot go on: what happened, where, and the way out."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
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
        retry_after_s: Seconds that it asks for, where it says.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


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


class StoreError(ErrorMapError):
    """A run folder is damaged or belongs to something else."""


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
    guess = f"did you mean {folded[near[0]]!r}? " if near else ""
    shown = ", ".join(repr(name) for name in names[:20])
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""  # noqa: PLR2004 - a screenful
    return f"{guess}there are: {shown}{more}"


def refuse_unknown(asked: Iterable[str], known: Collection[str], *, what: str, where: str) -> None:
    """Refuses names that are not known.

    Raises:
        InputError: Names the first of them, and what exists.
    """
    for name in sorted(asked):
        if name not in known:
            raise InputError(f"no {what} {name!r}", where=where, hint=closest(name, known))
