"""Texts that readers compose from a log: conversations as one prompt, and chosen options."""

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from ...errors import InputError
from ...records import Turn
from .json_files import list_at, text_at, value_at
from .media import media_name

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Prompt(NamedTuple):
    """A conversation as one text."""

    text: str
    question_start: int | None
    """Where the last turn of the user begins; None if nothing is before it."""


def prompt_of(messages: Sequence[object]) -> Prompt:
    r"""The messages before a reply as one text; a single message is its own text.

    Each message is headed by its role, and content that is no text is named.

    Args:
        messages: In the form of OpenAI's API: `role` and `content`.

    Example:
        >>> asked = {"role": "user", "content": "Hi"}
        >>> prompt_of([{"role": "system", "content": "Be brief."}, asked])
        Prompt(text='[system]\nBe brief.\n\n[user]\nHi', question_start=27)
    """
    pairs = [(text_at(one, "role") or "user", content_text(one)) for one in messages]
    pairs = [(role, text) for role, text in pairs if text]
    if len(pairs) == 1:
        return Prompt(pairs[0][1], None)
    whole, start = "", None
    for role, text in pairs:
        whole += "\n\n" * bool(whole) + f"[{role}]\n"
        if role == "user":
            start = len(whole)
        whole += text
    return Prompt(whole, start)


def content_text(message: object) -> str:
    r"""The text of a message; images, audio and other parts are named, and never inlined.

    Example:
        >>> content_text({"content": [{"type": "text", "text": "See:"}, {"type": "image_url"}]})
        'See:\n[image_url]'
    """
    content = value_at(message, "content")
    if isinstance(content, str):
        return content
    parts = []
    for part in list_at(message, "content"):
        text = part if isinstance(part, str) else text_at(part, "text")
        parts.append(text or media_name(part))
    return "\n".join(part for part in parts if part)


class Choice(NamedTuple):
    """An option that was chosen by its likelihood, in words; all of it is composed."""

    options: str
    """The options, one a line, to follow the question."""
    output: str
    reference: str | None
    """The letter of the right option."""


def choice_of(
    options: Sequence[str],
    log_probabilities: Sequence[float],
    *,
    chosen: int,
    right: int | None,
) -> Choice:
    r"""Puts a choice between options into words.

    Args:
        options: Their texts.
        log_probabilities: One per option; empty if the log has none.
        chosen: Index of the chosen option.
        right: Index of the right option; None if it is unknown.

    Example:
        >>> choice_of(["4", "7"], [-0.1, -0.5], chosen=0, right=1).output
        'The answer is (A) 4\n\nLog-probabilities: (A) -0.1, (B) -0.5'
    """
    letters = [letter_of(number) for number in range(len(options))]
    listed = "\n".join(
        f"({letter}) {text.strip()}" for letter, text in zip(letters, options, strict=True)
    )
    output = f"The answer is ({letters[chosen]}) {options[chosen].strip()}"
    if log_probabilities:
        figures = zip(letters, log_probabilities, strict=True)
        shown = ", ".join(f"({letter}) {figure:.4g}" for letter, figure in figures)
        output += f"\n\nLog-probabilities: {shown}"
    known = right is not None and 0 <= right < len(options)
    return Choice(listed, output, letters[right] if known and right is not None else None)


def letter_of(number: int) -> str:
    """The letter of an option: A for 0; beyond Z, its number from 1."""
    return _LETTERS[number] if number < len(_LETTERS) else str(number + 1)


class Transcript(NamedTuple):
    """The turns of a model or an agent as one text."""

    text: str
    composed: tuple[tuple[int, int], ...]
    """Spans that we wrote: the headings of turns."""


def transcript_of(turns: Sequence[Turn]) -> Transcript:
    """Turns as a readable text, each under a heading with its number from 1.

    Example:
        >>> print(transcript_of([Turn(role="assistant", text="I look.", tool="search",
        ...     arguments='{"q": 1}'), Turn(role="tool", tool="search", result="none")]).text)
        [turn 1, assistant]
        I look.
        calls search({"q": 1})
        <BLANKLINE>
        [turn 2, tool search]
        none
    """
    parts: list[str] = []
    composed: list[tuple[int, int]] = []
    length = 0

    def add(text: str, *, ours: bool = False) -> None:
        nonlocal length
        if ours and text:
            composed.append((length, length + len(text)))
        parts.append(text)
        length += len(text)

    for number, turn in enumerate(turns, start=1):
        replies = turn.tool if turn.role == "tool" or turn.result or turn.error else ""
        who = " ".join(filter(None, (turn.role, turn.agent, replies)))
        add("\n\n" * bool(length) + f"[turn {number}, {who}]\n", ours=True)
        add(turn.text)
        if replies or not turn.tool:
            add("\n" * bool(turn.text and turn.result), ours=True)
            add(turn.result)
            if turn.error:
                add("\n" * bool(turn.text or turn.result) + "error: ", ours=True)
                add(turn.error)
        else:
            add("\n" * bool(turn.text) + "calls ", ours=True)
            add(f"{turn.tool}({turn.arguments})")
    return Transcript("".join(parts), tuple(composed))


def json_text(value: object) -> str:
    """Parsed JSON as text on one line; empty for None.

    Raises:
        InputError: It is nested too deeply.

    Example:
        >>> json_text({"city": "Łódź"}), json_text(None)
        ('{"city": "Łódź"}', '')
    """
    try:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    except RecursionError as error:
        raise InputError("the JSON is nested too deeply") from error
