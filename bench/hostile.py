"""Measures the offline analyst on pathological texts, in milliseconds of process time per record.

Usage: `python -m bench.hostile [--chars 10000000] [--parts]`. Each text is used in turn as the
output, the prompt, the reference and a correct output. `--parts` measures each detector and route;
work that takes more than `TIMEOUT_S` is aborted and reported as infinite.
"""

import argparse
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Final

from error_map.analysts.offline.answers.extractors.routes import ROUTES
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.examine import case_of, examine
from error_map.analysts.offline.registry import detectors
from error_map.records import (
    CorrectOutput,
    DatasetName,
    ExampleId,
    Failure,
    ModelName,
    Record,
    RecordKey,
)

CHARS: Final = 10_000_000
MAX_MS: Final = 50
"""Aim for a record with a hostile text of any size."""
TIMEOUT_S: Final = 5.0
PRINTED: Final = 12
ORDINARY_OUTPUT: Final = "There are 3 * 4 = 12 pens. The answer is 12."
UNITS: Final = (
    *"=(){}[<>aA 0 7 9,.-+*/\\$\"'`#|:!?\n\t\r\x00_%^√²é中",
    "1+1=",
    "1 + 1 = 3\n",
    "((((=",
    "<<1=",
    "<<1+1=2>>",
    "1,234,",
    "9^99*",
    "- ",
    "\\boxed{",
    "\\boxed{1}",
    "\\frac{",
    "\\text{",
    "\\left(",
    "\\\\",
    '{"a":',
    '{"answer":',
    '"answer": "',
    "[1, ",
    "[[",
    "{'a': ",
    "```",
    "```json\n",
    "answer is ",
    "the answer is (A) ",
    "Answer: 5\n",
    "A: ",
    "\nQuestion:",
    "#### 5\n",
    "(A) ",
    "** ",
    "\ud800",
    "a\n",
    "a b ",
    "word ",
    "I cannot ",
    "Wait, ",
    "1 ",
    "1/",
    "12:30 ",
    "5 cm ",
    "5% of ",
    "<tool_call>",
    "f(",
    "f(a=",
    "x = 1; ",
    "1. step\n",
    "Step 1: ",
    "\u202e",
    "e\u0301",
)


class DeadlineError(Exception):
    """The work on a text took longer than `TIMEOUT_S`."""


def texts(chars: int) -> Iterator[tuple[str, str]]:
    """The pathological texts, each with a name."""
    for unit in UNITS:
        yield f"{unit!a} x {chars // len(unit):,}", unit * (chars // len(unit))
    yield "false sums in another question", "\nQuestion: " + "12 + 30 = 43 pens\n" * (chars // 18)
    yield "a number and its false sum", "1" * (chars // 2) + " + 1 = " + "2" * (chars // 2)
    yield "closed nest of brackets", "[" * (chars // 2) + "]" * (chars // 2)
    yield "closed nest of objects", '{"a":' * (chars // 6) + "1" + "}" * (chars // 6)
    yield "blanks before a word", " " * chars + "x"
    yield "a line of digits, an equals sign", "7" * chars + " = 7"
    yield "an open quote, then backslashes", '{"answer": "' + "\\\\" * (chars // 2)


def milliseconds(work: Callable[[], object]) -> float:
    """Process time of a function call; infinite if it was aborted."""
    signal.setitimer(signal.ITIMER_VIRTUAL, TIMEOUT_S)
    began = time.process_time()
    try:
        work()
    except DeadlineError:
        return float("inf")
    except RecursionError:
        return float("nan")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return 1000 * (time.process_time() - began)


def failures_with(text: str) -> Iterator[tuple[str, Failure]]:
    """A failure with the text in each of its untrusted fields, by field."""
    yield "output", _failure(output=text)
    yield "prompt", _failure(prompt=text)
    yield "reference", _failure(reference=text)
    yield "correct output", _failure(right=text)


def main() -> None:
    """Prints the slowest texts, or the slowest texts of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chars", type=int, default=CHARS)
    parser.add_argument("--parts", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGVTALRM, _abort)
    print(f"{options.chars:,} characters; at most {MAX_MS} ms per record")
    if options.parts:
        _print_parts(options.chars)
    else:
        _print_records(options.chars)


def _print_records(chars: int) -> None:
    profile = Profile(route="stated, else last number", agreement=1, recall=1, found=1, rows=99)
    examine(_failure(), profile)
    costs = [
        (milliseconds(partial(examine, failure, profile)), field, name)
        for name, text in texts(chars)
        for field, failure in failures_with(text)
    ]
    over = sum(not cost <= MAX_MS for cost, *_ in costs)
    print(f"{over} of {len(costs)} records over {MAX_MS} ms; the slowest:")
    for cost, field, name in sorted(costs, reverse=True)[:PRINTED]:
        print(f"{cost:10.1f} ms  {field:16}{name}")


def _print_parts(chars: int) -> None:
    worst: dict[str, list[tuple[float, str]]] = {}
    for name, text in texts(chars):
        for route_name, route in ROUTES.items():
            cost = milliseconds(partial(route, text))
            worst.setdefault(f"route: {route_name}", []).append((cost, f"output: {name}"))
        for field, failure in failures_with(text):
            case = case_of(failure, Profile())
            for detector in detectors():
                cost = milliseconds(partial(detector.detect, case))
                worst.setdefault(detector.name, []).append((cost, f"{field}: {name}"))
    for part, costs in worst.items():
        slow = sorted((cost for cost in costs if not cost[0] <= MAX_MS), reverse=True)
        print(f"{part:32}{len(slow):4} over; worst {max(cost for cost, _ in costs):.1f} ms")
        for cost, text_name in slow[:3]:
            print(f"{'':8}{cost:10.1f} ms  {text_name}")


def _failure(
    *,
    output: str = ORDINARY_OUTPUT,
    prompt: str = "How many?",
    reference: str = "13",
    right: str = ORDINARY_OUTPUT,
) -> Failure:
    key = RecordKey(DatasetName("hostile"), ExampleId("1"), ModelName("m"))
    record = Record(key=key, prompt=prompt, output=output, score=0.0, reference=reference)
    peers = (CorrectOutput(ModelName("right"), right),)
    return Failure(record=record, threshold=1.0, weight=1.0, correct_outputs=peers)


def _abort(_signal: int, _frame: FrameType | None) -> None:
    raise DeadlineError


if __name__ == "__main__":
    main()
