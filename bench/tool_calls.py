"""Measures the tool-call detectors on planted faults: `python -m bench.tool_calls`."""

import argparse
import random
import time
from collections import Counter
from typing import Final

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.tool_calls.faults import find_fault

from .tool_tasks import PLAIN, SYNTAXES, TAGGED, Task, random_task

FAULTS: Final = ("none", "broken", "count", "name", "missing", "extra", "type", "value", "wrapped")
SEED: Final = 11


def main() -> None:
    """Prints the tables, and tasks in which the finding is not the planted fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="tasks of each fault")
    parser.add_argument("--read", type=int, default=0, help="how many misses to print")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    tasks = [_suitable_task(rng, fault) for fault in FAULTS for _ in range(options.count)]
    right = [random_task(rng) for _ in range(4 * options.count)]
    start = time.process_time()
    found = [_found(task) for task in tasks]
    spent = time.process_time() - start
    alarms = [(task, kind) for task in right if (kind := _found(task))]
    _print(tasks, found, alarms=alarms, right=len(right))
    print(f"{len(tasks) / spent:,.0f} failures per CPU second")
    missed = [(t, f) for t, f in zip(tasks, found, strict=True) if t.planted != f]
    for task, kind in rng.sample([*missed, *alarms], min(options.read, len(missed) + len(alarms))):
        print(f"\n--- planted {task.planted!r}, found {kind!r}, syntax {task.syntax}")
        print(f"{task.prompt[:300]}\nREFERENCE {task.reference}\nOUTPUT {task.output}")


def _print(
    tasks: list[Task], found: list[str], *, alarms: list[tuple[Task, str]], right: int
) -> None:
    pairs = list(zip(tasks, found, strict=True))
    print(f"{'planted':10} {'agreed':>8}  found instead")
    for fault in FAULTS:
        here = Counter(kind for task, kind in pairs if task.planted == fault)
        others = ", ".join(f"{k or 'nothing'} {n}" for k, n in here.most_common() if k != fault)
        print(f"{fault:10} {here[fault] / here.total():8.3f}  {others}")
    print(f"\n{'syntax':16} {'agreed':>8} {'explained':>10} {'false alarms':>13}")
    for syntax in sorted(SYNTAXES):
        pairs_of_syntax = [(task.planted, kind) for task, kind in pairs if task.syntax == syntax]
        agreed = sum(planted == kind for planted, kind in pairs_of_syntax) / len(pairs_of_syntax)
        explained = sum(bool(kind) for _, kind in pairs_of_syntax) / len(pairs_of_syntax)
        wrong = sum(task.syntax == syntax for task, _ in alarms)
        print(f"{syntax:16} {agreed:8.3f} {explained:10.3f} {wrong:13}")
    agreed = sum(task.planted == kind for task, kind in pairs)
    print(f"\nagreement {agreed}/{len(pairs)} = {agreed / len(pairs):.3f}", end="; ")
    print(f"explained {sum(map(bool, found)) / len(pairs):.3f}", end="; ")
    print(f"false alarms {len(alarms)}/{right} = {len(alarms) / right:.3f}", end="; ")


def _suitable_task(rng: random.Random, fault: str) -> Task:
    """A task with the given fault in a syntax in which it counts as a fault."""
    while True:
        task = random_task(rng, fault)
        if fault == "wrapped" and task.syntax not in PLAIN:
            continue
        if fault in {"type", "broken"} and task.syntax in TAGGED:
            continue
        return task


def _found(task: Task) -> str:
    fault = find_fault(Case(prompt=task.prompt, output=task.output, reference=task.reference))
    return fault.kind if fault else ""


if __name__ == "__main__":
    main()
