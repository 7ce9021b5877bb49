"""Prints what pathological texts cost the offline analyst: milliseconds of process time a record.

Usage: `python -m bench.hostile [--chars 10000000] [--parts]`. Each text stands in turn for the
output, the prompt, the reference and a correct output. `--parts` tells which detector or route
is slow; whatever takes more than `GIVEN_UP_S` is broken off and shown as such.
"""

import argparse
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Final

from error_map.analysts.offline.answers.extractors.routes import ROUTES
from error_map.analysts.offline.answers.route_learning import Profile
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
ALLOWED_MS: Final = 50
GIVEN_UP_S: Final = 5.0
SHOWN: Final = 12
USUAL: Final = "There are 3 * 4 = 12 pens. The answer is 12."
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


class TookTooLongError(Exception):
    """A text was given up on."""


def texts(chars: int) -> Iterator[tuple[str, str]]:
    """Each pathological text with a name to show."""
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
    """Process time of one piece of work; infinite where it was given up."""
    signal.setitimer(signal.ITIMER_VIRTUAL, GIVEN_UP_S)
    began = time.process_time()
    try:
        work()
    except TookTooLongError:
        return float("inf")
    except RecursionError:
        return float("nan")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return 1000 * (time.process_time() - began)


def placed(text: str) -> Iterator[tuple[str, Failure]]:
    """The text in each of the places where text of strangers stands."""
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
    signal.signal(signal.SIGVTALRM, _give_up)
    print(f"{options.chars:,} characters; allowed {ALLOWED_MS} ms a record")
    if options.parts:
        _print_parts(options.chars)
    else:
        _print_records(options.chars)


def _print_records(chars: int) -> None:
    profile = Profile(route="stated, else last number", agreement=1, recall=1, found=1, rows=99)
    examine(_failure(), profile)
    costs = [
        (milliseconds(partial(examine, failure, profile)), place, name)
        for name, text in texts(chars)
        for place, failure in placed(text)
    ]
    over = sum(not cost <= ALLOWED_MS for cost, *_ in costs)
    print(f"{over} of {len(costs)} records over {ALLOWED_MS} ms; the slowest:")
    for cost, place, name in sorted(costs, reverse=True)[:SHOWN]:
        print(f"{cost:10.1f} ms  {place:16}{name}")


def _print_parts(chars: int) -> None:
    worst: dict[str, list[tuple[float, str]]] = {}
    for name, text in texts(chars):
        for route_name, route in ROUTES.items():
            cost = milliseconds(partial(route, text))
            worst.setdefault(f"route: {route_name}", []).append((cost, f"output: {name}"))
        for place, failure in placed(text):
            case = case_of(failure, Profile())
            for detector in detectors():
                cost = milliseconds(partial(detector.detect, case))
                worst.setdefault(detector.name, []).append((cost, f"{place}: {name}"))
    for part, costs in worst.items():
        slow = sorted((each for each in costs if not each[0] <= ALLOWED_MS), reverse=True)
        print(f"{part:32}{len(slow):4} over; worst {max(cost for cost, _ in costs):.1f} ms")
        for cost, text_name in slow[:3]:
            print(f"{'':8}{cost:10.1f} ms  {text_name}")


def _failure(
    *, output: str = USUAL, prompt: str = "How many?", reference: str = "13", right: str = USUAL
) -> Failure:
    key = RecordKey(DatasetName("hostile"), ExampleId("1"), ModelName("m"))
    record = Record(key=key, prompt=prompt, output=output, score=0.0, reference=reference)
    beside = (CorrectOutput(ModelName("right"), right),)
    return Failure(record=record, threshold=1.0, weight=1.0, correct_outputs=beside)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLongError


if __name__ == "__main__":
    main()
