"""Every exception that ErrorMap raises, as one tree, each with its exit code.

```
ErrorMapError                1  our fault
├── InputError               2  the caller's data or options, or a missing extra
│   └── EmptyInput              a file without rows; only a notice if other files have some
├── BudgetExceeded           3  a limit on calls, tokens or cost; finished work is kept
├── ModelError               4  the model of the LLM analyst
│   ├── CallFailed              this one call; its failure becomes Undiagnosed
│   │   ├── ModelBusy           rate limit or overload: retried after a wait
│   │   ├── ModelDown           connection, 5xx, timeout: retried
│   │   ├── SchemaRefused       JSON mode not supported: repeated with a simpler one
│   │   ├── LimitRefused        token limit too high: repeated with a lower one
│   │   └── AnswerInvalid       still invalid after one repair
│   │       ├── AnswerCut          truncated at the token limit
│   │       └── AnswerWithheld     refused by the model or filtered by the provider: no repair
│   └── ModelUnusable           wrong key, model name or endpoint: stops the run
├── WorkersUnusable          1  the worker processes do not start
└── StoreError               1  a damaged run folder, or another run's
```
"""

import difflib
from collections.abc import Collection, Iterable
from typing import ClassVar, Final

MAX_MESSAGE_CHARS: Final = 500
"""Limit of a message and of a hint: a few lines of a terminal, while data may have megabytes."""
_MAX_PLACE_CHARS: Final = 5_000
"""Linux allows 4,096 bytes per path, and a truncated path is useless."""
_MAX_NAME_CHARS: Final = 100
"""Limit of a name in a list of names: as many as a run's name may have."""
_MAX_NAMES: Final = 20
"""Names that a hint lists: they fit on a screen."""
_END_CHARS: Final = 80
"""Kept at the end of a truncated text, as messages often end with what was expected."""
LONGEST_WAIT_S: Final = 366 * 86_400.0
"""Longest `Retry-After` that is believed: no provider counts a quota over more than a year."""


class ErrorMapError(Exception):
    """The root of all our errors.

    Args:
        message: What happened, lower case, without a full stop.
        where: The file, option or run that it is about.
        hint: What to do about it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message = shortened(message)
        super().__init__(self.message)
        self.where = shortened(where, _MAX_PLACE_CHARS)
        self.hint = shortened(hint)
        self.written: object = None
        """The result of the run if it has written one before it failed; else None."""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"


class InputError(ErrorMapError):
    """The caller's data or options cannot be used."""

    exit_code: ClassVar[int] = 2


class EmptyInput(InputError):
    """A file has no rows."""


class ModelError(ErrorMapError):
    """The model of the LLM analyst failed."""

    exit_code: ClassVar[int] = 4


class CallFailed(ModelError):
    """One request was not answered; others are not affected."""


class ModelBusy(CallFailed):
    """The provider is over a rate limit or overloaded.

    Args:
        message: What the provider says.
        retry_after_s: Seconds to wait, if the provider names them; values that are negative, not
            finite or over `LONGEST_WAIT_S` are ignored.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        is_wait = retry_after_s is not None and 0 <= retry_after_s <= LONGEST_WAIT_S
        self.retry_after_s = retry_after_s if is_wait else None


class ModelDown(CallFailed):
    """The provider could not be reached, failed, or did not answer in time."""


class SchemaRefused(CallFailed):
    """The provider does not support the JSON mode of a request."""


class LimitRefused(CallFailed):
    """The provider does not accept the token limit of a request."""


class AnswerInvalid(CallFailed):
    """A reply does not match its schema, even after one repair."""


class AnswerCut(AnswerInvalid):
    """A reply was truncated at its token limit, even after one repair.

    Args:
        message: Which reply.
        tokens: The limit; None if it is unknown.
    """

    def __init__(self, message: str, *, tokens: int | None) -> None:
        super().__init__(message)
        self.tokens = tokens


class AnswerWithheld(AnswerInvalid):
    """The model refused to answer, or the provider filtered its reply."""


class ModelUnusable(ModelError):
    """No call can succeed: key, model name or endpoint is wrong, or the endpoint is down."""


class BudgetExceeded(ErrorMapError):
    """A limit on calls, tokens or cost is reached."""

    exit_code: ClassVar[int] = 3


class WorkersUnusable(ErrorMapError):
    """The worker processes of the offline analyst do not start."""


class StoreError(ErrorMapError):
    """A run folder is damaged or belongs to another run."""


def shortened(text: str, limit: int = MAX_MESSAGE_CHARS) -> str:
    """Truncates a text in the middle, with a note of how much is left out.

    Args:
        text: Any text.
        limit: Maximum characters of the result, the note included.

    Example:
        >>> shortened("a" * 5_000 + "b" * 5_000, 125).strip("b")
        'aaaaaaaaaaaaaa[… 9,907 characters left out …]'
    """
    if len(text) <= limit:
        return text
    retained = limit - len(_left_out(len(text)))
    note = _left_out(len(text) - retained)
    return text[: limit - len(note) - _END_CHARS] + note + text[-_END_CHARS:]


def _left_out(characters: int) -> str:
    return f"[… {characters:,} characters left out …]"


def closest(word: str, known: Iterable[str], *, settled: Collection[str] = ()) -> str:
    """A hint that suggests the name closest to `word` and lists the others.

    Args:
        word: The name that does not exist.
        known: The names that exist.
        settled: Names that are never suggested, as they already mean something else.

    Example:
        >>> closest("gsmk", ["mmlu", "gsm8k"])
        "did you mean 'gsm8k'? there are: 'gsm8k', 'mmlu'"
    """
    names = sorted(set(known))
    if not names:
        return "there are none"
    folded = {name.casefold(): name for name in reversed(names) if name not in settled}
    matches = difflib.get_close_matches(word.casefold(), folded, n=1)
    guess = f"did you mean {_clipped(folded[matches[0]])!r}? " if matches else ""
    listed = ", ".join(repr(_clipped(name)) for name in names[:_MAX_NAMES])
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return f"{guess}there are: {listed}{more}"


def _clipped(name: str) -> str:
    return name if len(name) <= _MAX_NAME_CHARS else f"{name[:_MAX_NAME_CHARS]}…"


def refuse_unknown(names: Iterable[str], known: Collection[str], *, what: str, where: str) -> None:
    """Refuses names that do not exist.

    Args:
        names: The requested names.
        known: The names that exist.
        what: What they name, such as "model".
        where: The option that they were given in.

    Raises:
        InputError: Names the first unknown one, and lists what exists.
    """
    for name in sorted(names):
        if name not in known:
            raise InputError(f"no {what} {name!r}", where=where, hint=closest(name, known))
