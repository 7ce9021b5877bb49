"""A fake OpenAI-compatible server on loopback, which tests start as a process of its own.

It knows the planted truth: a text with `[[gold:Class|Title]]` is diagnosed with that title. The
parts of a title are its category path: `Class: part: rest` belongs to `part` under `Class`.

```
POST …/chat/completions   a completion, or the configured fault
POST /config              sets faults (fields of `Faults`); the others are unchanged
POST /reset               clears faults and statistics
GET  /stats               statistics (fields of `Stats`)
```
"""

import contextlib
import gzip
import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

GOLD: Final = re.compile(r"\[\[gold:([^|\]]+)\|([^\]]+)\]\]")
TITLE_PARTS: Final = 3
"""Parts of a planted title; a description may follow."""
ITEM: Final = re.compile(
    r"^[ \t]*(\d+)\.[ \t]+(\S.*?)[ \t]*(?:\(\s*x?\s*\d+[^)\n]*\))?[ \t]*$", re.MULTILINE
)
CATEGORY: Final = re.compile(
    r"^[ \t]*(\d+):[ \t]+([^:\n]*?\S)[ \t]*(?::[^\n]*|- [^\n]*)?$", re.MULTILINE
)
LISTED: Final = re.compile(r"^- ([^:\n]+):[^\n]*$", re.MULTILINE)
FENCED: Final = re.compile(r"<<<([0-9a-f]{16})\n(.*?)\n\1>>>", re.DOTALL)
STAGES: Final = {"final_answer": "diagnosis", "assignments": "placement", "clusters": "proposal"}
KEPT_BODIES: Final = 500


@dataclass
class Faults:
    """The faults to simulate; by default none."""

    status: int = 0
    """HTTP status to answer with instead of 200."""
    message: str = "a planted fault"
    """Error message with a `status`."""
    code: str | None = None
    """Error code with a `status`."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers with a `status`, such as Retry-After."""
    raw: str = ""
    """The body as is, with 200 if `status` is 0; also for paths that are not OpenAI's."""
    repeated: int = 1
    """Repetitions of `raw` in the body, which is gzip-compressed if there are several."""
    reply: str = ""
    """bad, fenced, prose, truncated, empty, none (of what is listed), nameless (categories),
    parts (content as a list), not_json (the body itself), no_usage, one of FORMS."""
    redirect: str = ""
    """Location to which every request is redirected, with `status` or 307."""
    hang_s: float = 0.0
    """Seconds to sleep before the answer to a call with the fault."""
    every: int = 1
    """`status`, `reply` and `hang_s` apply to every n-th call."""
    times: int = -1
    """Maximum number of calls that they apply to; -1 for no maximum."""
    stage: str = ""
    """They apply to this stage only."""
    refuse: list[str] = field(default_factory=list)
    """Types of `response_format` that are rejected with 400."""
    refuse_parameters: dict[str, str] = field(default_factory=dict)
    """Error messages, with 400, for bodies with the parameter."""
    refuse_roles: dict[str, str] = field(default_factory=dict)
    """Error messages, with `refuse_roles_status`, for messages with the role."""
    refuse_roles_status: int = 400
    key: str = ""
    """The only key that is accepted; others get 401."""
    models: list[str] = field(default_factory=list)
    """The only models that exist; others get 404."""
    drop_every: int = 0
    """Every n-th item is omitted from its first placement."""
    cached_tokens: int = 0
    """Cached tokens reported for each prompt."""
    usage: Json = field(default_factory=dict)
    """Overrides the reported usage."""
    cut_under: int = 0
    """Answers to requests with a lower token limit are truncated."""
    most_tokens: int = 0
    """Requests with a higher token limit are rejected with 400."""
    ignore: list[str] = field(default_factory=list)
    """Types of `response_format` that are ignored: the answer has another form, unless the prompt
    contains the schema."""
    latency_s: float = 0.0
    """Seconds to sleep before every answer."""


@dataclass
class Stats:
    """Statistics of the server."""

    calls: int = 0
    by_path: Counter[str] = field(default_factory=Counter)
    by_stage: Counter[str] = field(default_factory=Counter)
    """diagnosis, proposal, placement, unknown."""
    by_format: Counter[str] = field(default_factory=Counter)
    """json_schema, json_object, text."""
    by_status: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    """Number of connections with calls."""
    in_flight: int = 0
    max_in_flight: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    """Headers of the last calls, by lower-case name."""
    bodies: list[Json] = field(default_factory=list)
    """Bodies of the last calls."""


class Refused(Exception):
    """An answer with a status other than 200."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        error = {"message": message, "type": "planted", "param": None, "code": code}
        self.body: Json | str = raw or {"error": error}


# ---- requests


def asked_format(body: Json) -> str:
    """The type of `response_format`."""
    return str((body.get("response_format") or {}).get("type", "text"))


def limit_of(body: Json) -> int:
    """The token limit of the answer."""
    return int(body.get("max_tokens") or body.get("max_completion_tokens") or 0)


def prompt_of(body: Json) -> str:
    """All messages, one after the other."""
    return "\n".join(str(message.get("content")) for message in body.get("messages", ()))


def stage_of(body: Json) -> str:
    """The task: by the schema's property names, else by words in the prompt."""
    schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema", {})
    named = schema.get("properties", {})
    prompt = "" if named else prompt_of(body)
    for word, stage in STAGES.items():
        if word in named or word in prompt:
            return stage
    return "unknown"


def data_in(prompt: str) -> str:
    """The text between markers: the lists of a prompt, independent of its wording."""
    return "\n".join(text for _, text in FENCED.findall(prompt))


def listed(pattern: re.Pattern[str], prompt: str) -> dict[int, str]:
    """Numbered lines of a prompt's lists: number to text."""
    return {int(match[1]): match[2].strip() for match in pattern.finditer(data_in(prompt))}


def parts(title: str) -> list[str]:
    """The category path of a title, from the top."""
    return [part.strip() for part in title.split(":")]


# ---- what is answered


def diagnosis(prompt: str) -> Json:
    """The planted title, or "no error found" if there is none."""
    gold = GOLD.search(prompt)
    title, summary = (gold[2], f"{gold[1]}: the response shows {gold[2]}.") if gold else ("", "")
    criterion = {
        "criterion": "the response reaches the reference",
        "present_in_wrong": gold is None,
        "quality": "incorrect" if gold else "correct",
        "evidence": gold[0] if gold else "",
        "comment": "planted",
    }
    answer = {"error_title": title, "error_summary": summary}
    return {"required_criteria": [criterion], "final_answer": answer}


def proposal(prompt: str) -> Json:
    """The first part in which the listed titles differ, or the listed categories; each once."""
    places = [parts(title) for title in listed(ITEM, prompt).values()]
    depth = 0
    while len({tuple(place[: depth + 1]) for place in places}) == 1 and any(
        len(place) > depth + 1 for place in places
    ):
        depth += 1
    found = [place[min(depth, len(place) - 1)] for place in places]
    names = dict.fromkeys(found or LISTED.findall(data_in(prompt)))
    clusters = [
        {"id": n, "name": name, "description": f"Errors of {name}."}
        for n, name in enumerate(names, 1)
    ]
    return {"clusters": clusters}


def placement(prompt: str, dropped: set[str], drop_every: int) -> Json:
    """Each listed item in the deepest listed category that is one of its title's parts."""
    categories = {name.casefold(): n for n, name in listed(CATEGORY, prompt).items()}
    assignments = []
    for item, title in listed(ITEM, prompt).items():
        own = ": ".join(title.split(": ")[:TITLE_PARTS])
        if drop_every and item % drop_every == 0 and own not in dropped:
            dropped.add(own)
            continue
        places = [categories[part] for part in parts(title.casefold()) if part in categories]
        if places:
            assignments.append({"item_id": item, "category_id": places[-1]})
    return {"assignments": assignments}


OWN_FORM: Final = '{"verdict": "the answer is wrong"}'
THOUGHTS: Final = "Let me think. "
FORMS: Final[Mapping[str, Callable[[str], Json]]] = {
    "latex": lambda text: {"content": text.replace("\\\\", "\\")},
    "line_break": lambda text: {"content": text.replace("planted", "plan\nted")},
    "trailing_comma": lambda text: {"content": text[:-1] + ",}"},
    "python": lambda text: {"content": str(json.loads(text))},
    "null": lambda text: {"content": text.replace('"planted"', "null")},
    "quality": lambda text: {"content": text.replace('"incorrect"', '"Partially_Correct"')},
    "wrapped": lambda text: {"content": json.dumps({"Answer": json.loads(text)})},
    "listed": lambda text: {"content": f"[{text}]"},
    "as_text": lambda text: {"content": json.dumps({"result": text})},
    "draft": lambda text: {"content": f"{text.replace('variant', 'draft')} {text}"},
    "think": lambda text: {"content": f"<think>Is it {{'a': 1}}?</think>{text}"},
    "lone_think": lambda text: {"content": f"Is it {{'a': 1}}?</think>{text}"},
    "own_form": lambda _: {"content": OWN_FORM},
    "surrogate": lambda text: {"content": text.replace("planted", "\\ud83d \ud83d")},
    "filtered": lambda _: {"content": "", "finish": "content_filter"},
    "refused": lambda _: {"content": None, "refusal": "I cannot help \ud83d with that."},
    "thought": lambda _: {"content": None, "reasoning_content": THOUGHTS * 20},
    "thought_only": lambda _: {
        "content": "",
        "finish": "length",
        "reasoning_content": THOUGHTS * 20,
    },
    "thinking": lambda text: {"content": f"<think>{text}", "finish": "length"},
}
"""Replies with a fault: fields of the message and the finish reason."""


def garbled(reply: str, text: str) -> tuple[str | None, str]:
    """Text and finish reason of an answer with the fault."""
    cut = text[: len(text) // 2]
    forms: dict[str, tuple[str | None, str]] = {
        "bad": ("{'not': json,", "stop"),
        "fenced": (f"```json\n{text}\n```", "stop"),
        "prose": (f"Here is my answer: {text} I hope it helps {{a lot}}.", "stop"),
        "truncated": (cut, "length"),
        "empty": (None, "stop"),
        "none": ('{"clusters": [], "assignments": []}', "stop"),
        "nameless": ('{"clusters": [{"id": 1, "name": " ", "description": "Errors."}]}', "stop"),
    }
    return forms.get(reply, (text, "stop"))


class Server(ThreadingHTTPServer):
    """State of the server: faults, dropped items and statistics."""

    request_queue_size = 512
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignores clients that have disconnected; reports any other error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Clears faults and statistics."""
        self.faults, self.stats = Faults(), Stats()
        self.struck = 0
        self.dropped: set[str] = set()

    def switch(self, settings: Json) -> None:
        """Sets faults and restarts the count of calls."""
        known = {entry.name for entry in fields(Faults)}
        if unknown := settings.keys() - known:
            raise Refused(400, f"no such fault: {sorted(unknown)}")
        self.faults = Faults(**{**vars(self.faults), **settings})
        self.struck = 0

    @contextlib.contextmanager
    def seen(self, path: str, headers: Mapping[str, str], body: Json) -> Iterator[int]:
        """Records a call while it runs, and yields its number."""
        stats = self.stats
        with self.lock:
            stats.calls += 1
            number = stats.calls
            stats.in_flight += 1
            stats.max_in_flight = max(stats.max_in_flight, stats.in_flight)
            stats.by_path[path] += 1
            stats.by_stage[stage_of(body)] += 1
            stats.by_format[asked_format(body)] += 1
            stats.headers = [*stats.headers[-KEPT_BODIES:], dict(headers)]
            stats.bodies = [*stats.bodies[-KEPT_BODIES:], body]
        try:
            yield number
        finally:
            with self.lock:
                stats.in_flight -= 1

    def strikes(self, number: int, stage: str) -> bool:
        """Whether the fault applies to this call."""
        faults = self.faults
        with self.lock:
            meets = (
                number % faults.every == 0
                and faults.stage in {"", stage}
                and (faults.times < 0 or self.struck < faults.times)
            )
            self.struck += meets
            return meets

    def admit(self, headers: Mapping[str, str], body: Json) -> None:
        """Rejects a wrong key, an unknown model or an unsupported parameter."""
        faults = self.faults
        keys = {headers.get("authorization", "").removeprefix("Bearer "), headers.get("api-key")}
        if faults.key and faults.key not in keys:
            shown = next((key for key in keys if key), "")
            raise Refused(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")
        if faults.models and body.get("model") not in faults.models:
            raise Refused(
                404, f"The model `{body.get('model')}` does not exist.", code="model_not_found"
            )
        if asked_format(body) in faults.refuse:
            raise Refused(400, f"response_format type {asked_format(body)} is not supported")
        for name, message in faults.refuse_parameters.items():
            if name in body:
                raise Refused(400, message)
        roles = [message.get("role") for message in body.get("messages", ())]
        for role, message in faults.refuse_roles.items():
            if role in roles:
                raise Refused(faults.refuse_roles_status, message)
        if faults.most_tokens and limit_of(body) > faults.most_tokens:
            raise Refused(400, f"max_tokens is too large: {limit_of(body)}")

    def answer(self, number: int, body: Json) -> Json:
        """A completion."""
        faults, stage = self.faults, stage_of(body)
        time.sleep(faults.latency_s)
        fault = faults if self.strikes(number, stage) else Faults()
        time.sleep(fault.hang_s)
        if fault.status or fault.raw:
            status, code = fault.status or 200, fault.code
            raw, packed = fault.raw * fault.repeated, fault.repeated > 1
            headers = {**fault.headers, **({"Content-Encoding": "gzip"} if packed else {})}
            raise Refused(status, fault.message, code=code, headers=headers, raw=raw)
        right = json.dumps(self.truth(stage, prompt_of(body)))
        if asked_format(body) in faults.ignore and '"properties"' not in prompt_of(body):
            right = OWN_FORM
        reply = "truncated" if limit_of(body) < faults.cut_under else fault.reply
        text, finish = garbled(reply, right)
        form = FORMS[reply](right) if reply in FORMS else {}
        finish = form.pop("finish", finish)
        completion = completion_of(
            body, form.get("content", text), finish, cached=faults.cached_tokens
        )
        completion["choices"][0]["message"] |= form
        completion["usage"] |= faults.usage
        if fault.reply == "no_usage":
            del completion["usage"]
        if fault.reply == "parts":
            parts_of(completion)
        return {} if fault.reply == "not_json" else completion

    def truth(self, stage: str, prompt: str) -> Json:
        """The correct answer."""
        if stage == "diagnosis":
            return diagnosis(prompt)
        if stage == "proposal":
            return proposal(prompt)
        if stage == "placement":
            with self.lock:
                return placement(prompt, self.dropped, self.faults.drop_every)
        return {"answer": "I do not know this task."}


def completion_of(body: Json, text: str | None, finish: str, *, cached: int) -> Json:
    """A completion object; a token is four characters."""
    tokens_in, tokens_out = len(prompt_of(body)) // 4, len(text or "") // 4
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-planted",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": body.get("model", ""),
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
            "prompt_tokens_details": {"cached_tokens": cached},
        },
    }


def parts_of(completion: Json) -> None:
    """The content as a list of two text parts, as some servers send it."""
    message = completion["choices"][0]["message"]
    text = message["content"]
    halves = (text[: len(text) // 2], text[len(text) // 2 :])
    message["content"] = [{"type": "text", "text": half} for half in halves]


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open between calls."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    counted = False

    def do_GET(self) -> None:
        """`/stats`."""
        with self.server.lock:
            seen = json.loads(json.dumps(vars(self.server.stats)))
        self.send(200, seen)

    def do_POST(self) -> None:
        """A completion request or a change of faults."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            self.send(200, self.served(json.loads(content or b"{}")))
        except Refused as refused:
            self.send(refused.status, refused.body, refused.headers)

    def served(self, body: Json) -> Json:
        """Sends the reply."""
        if self.path == "/reset":
            self.server.reset()
        elif self.path == "/config":
            self.server.switch(body)
        elif place := self.server.faults.redirect:
            with self.server.seen(self.path, {}, body):
                status = self.server.faults.status or 307
                raise Refused(status, "look there", headers={"Location": place})
        elif self.path.partition("?")[0].endswith("/chat/completions"):
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.count()
            with self.server.seen(self.path, headers, body) as number:
                self.server.admit(headers, body)
                return self.server.answer(number, body)
        elif raw := self.server.faults.raw:
            raise Refused(self.server.faults.status or 200, "", raw=raw)
        else:
            raise Refused(404, "Not Found")
        return {"ok": True}

    def count(self) -> None:
        """Counts this connection once."""
        with self.server.lock:
            self.server.stats.connections += not self.counted
        self.counted = True

    def send(self, status: int, body: Json | str, headers: Mapping[str, str] | None = None) -> None:
        """Sends a response, as JSON or as is; ignores clients that have disconnected."""
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        if (headers or {}).get("Content-Encoding") == "gzip":
            content = gzip.compress(content)
        with self.server.lock:
            self.server.stats.by_status[str(status)] += 1
        with contextlib.suppress(ConnectionError):
            own = {"Content-Type": "application/json", "Date": self.date_time_string()}
            self.send_response_only(status)
            for name, value in {**own, **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


# ---- the side of the tests


@dataclass(frozen=True)
class LlmServer:
    """Client of a running server."""

    port: int
    process: "subprocess.Popen[str]"

    @property
    def api_base(self) -> str:
        """The value for `--api-base`."""
        return f"http://127.0.0.1:{self.port}/v1"

    def configure(self, **faults: object) -> None:
        """Sets faults."""
        self._call("/config", faults)

    def reset(self) -> None:
        """Clears faults and statistics."""
        self._call("/reset", {})

    def stats(self) -> Json:
        """The statistics."""
        return self._call("/stats")

    def bodies(self) -> Sequence[Json]:
        """The bodies of the last calls."""
        return list(self.stats()["bodies"])

    def headers(self) -> Sequence[Mapping[str, str]]:
        """The headers of the last calls, by lower-case name."""
        return list(self.stats()["headers"])

    def _call(self, path: str, body: Mapping[str, object] | None = None) -> Json:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", content)
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - loopback
            return dict(json.load(response))


@contextlib.contextmanager
def running_server() -> Iterator[LlmServer]:
    """A server in a process of its own, until the end of the block."""
    command = [sys.executable, "-P", __file__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield LlmServer(int(process.stdout.readline()), process)
        finally:
            process.terminate()


def main() -> None:
    """Prints the port, then serves until terminated."""
    server = Server()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
