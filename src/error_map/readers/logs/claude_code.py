"""Reads sessions of Claude Code: JSON lines, one per message."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from ...records import Turn
from .composed import prompt_of
from .json_files import json_lines, mapping_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .messages import Messages, role_of
from .opening import object_at
from .sample import Sample
from .traces import NO_SCORE, UNNAMED, dataset_named, total, traced

TOOL: Final = "Claude Code"
_KEYS: Final = frozenset({"sessionId", "type"})
_MARKS: Final = frozenset({"isSidechain", "parentUuid", "userType"})
_SPOKEN: Final = ("user", "assistant")
_SYNTHETIC: Final = "<synthetic>"
"""Model of messages that Claude Code writes itself."""
_INPUT: Final = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
_MAX_LINES: Final = 100
"""Lines in which the first message is looked for: summaries and snapshots may come before it."""


def recognise(opening: Opening) -> Log | None:
    """The log of one session, or of one subagent in a file of its own."""
    if not opening.text.lstrip().startswith("{") or '"sessionId"' not in opening.text:
        return None
    lines = opening.text.splitlines()[:_MAX_LINES]
    first = next((one for line in lines if (one := _message_line(line))), None)
    if first is None:  # the first message may be longer than what is read to recognise a file
        first = {name: text.strip('"') for name, text in opening.keys.items()}
        if not _is_message(first):
            return None
    dataset = dataset_named(PurePath(text_at(first, "cwd")).name, opening.path)
    return Log(
        tool=TOOL,
        version=text_at(first, "version"),
        path=opening.path,
        datasets=(dataset,),
        rows=1,
        written=text_at(first, "timestamp"),
        is_scored=False,
        is_run=False,
        read=partial(_samples, opening.path, dataset),
    )


FORMAT: Final = LogFormat("claude-code", recognise)


def _message_line(line: str) -> Mapping[str, object] | None:
    found = object_at(line)
    return found if found and _is_message(found) else None


def _is_message(found: Mapping[str, object]) -> bool:
    return (
        found.keys() >= _KEYS and bool(found.keys() & _MARKS) and text_at(found, "type") in _SPOKEN
    )


def _samples(path: Path, dataset: str, _: Chosen) -> Iterator[Sample]:
    lines = [one for _, one in json_lines(path) if one.get("type") in _SPOKEN]
    spoken = [one for one in lines if one.get("isMeta") is not True]
    if not spoken:
        return
    subagent = all(one.get("isSidechain") is True for one in spoken)
    question = next((n for n, one in enumerate(spoken) if _asks(one)), -1)
    turns = list(_turns(spoken[question + 1 :], subagent=subagent))
    models = (text_at(one, "message", "model") for one in spoken)
    usage = _usage(spoken)
    session = text_at(spoken[0], "sessionId")
    own = text_at(spoken[0], "agentId") or text_at(spoken[0], "uuid")
    stops = [text_at(one, "message", "stop_reason") for one in spoken]
    yield traced(
        prompt_of([_message(one) for one in spoken[: question + 1]]),
        turns,
        Sample(
            dataset=dataset,
            example=f"{session}/{own}" if subagent else session,
            model=next((name for name in models if name not in {"", _SYNTHETIC}), UNNAMED),
            score=None,
            fault=NO_SCORE,
            awaits_score=True,
            stop_reason=next((stop for stop in reversed(stops) if stop), None),
            tokens_in=total(usage_in for usage_in, _ in usage),
            tokens_out=total(usage_out for _, usage_out in usage),
            extras={"branch": text_at(spoken[0], "gitBranch") or None},
            line=1,
        ),
    )


def _asks(line: Mapping[str, object]) -> bool:
    return role_of(_message(line)) == "user"


def _message(line: Mapping[str, object]) -> Mapping[str, object]:
    return mapping_at(line, "message")


def _turns(lines: list[Mapping[str, object]], *, subagent: bool) -> Iterator[Turn]:
    reader = Messages()
    for line in lines:
        # Older versions write the messages of subagents into the file of the session.
        apart = line.get("isSidechain") is True and not subagent
        yield from reader.turns(_message(line), agent="subagent" if apart else "")


def _usage(lines: list[Mapping[str, object]]) -> list[tuple[int | None, int | None]]:
    """Tokens of each reply; a reply that is spread over several lines is counted once."""
    found: dict[str, tuple[int | None, int | None]] = {}
    for number, line in enumerate(lines):
        usage = value_at(line, "message", "usage")
        read = [whole_at(usage, name) for name in _INPUT]
        key = text_at(line, "message", "id") or str(number)
        found[key] = (total(read), whole_at(usage, "output_tokens"))
    return list(found.values())
