"""Builds the complete prompt of a question in each of the three settings."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .question import Draft, Kind

Setting: TypeAlias = Literal["plain", "step-by-step", "few-shot"]
SETTINGS: tuple[Setting, ...] = ("plain", "step-by-step", "few-shot")


@dataclass(frozen=True, slots=True)
class Frame:
    """The text before and after a question."""

    before: str
    after: str


NOTHING = Frame("", "")

SOLVED = """\
Solve the last problem in the same way: show the working, and end with "The answer is X."

Question: A box holds 6 pens. Ann buys 4 boxes and gives away 5 pens. How many pens are left?
Working: 4 boxes hold 4 * 6 = 24 pens. After giving away 5 there are 24 - 5 = 19 pens.
The answer is 19.

Question: A jacket costs $50. It is reduced by 10%. How many dollars does it cost then?
Working: The reduction is 0.1 * 50 = 5 dollars. The price is then 50 - 5 = 45 dollars.
The answer is 45.

Question: How many seconds are 3 minutes?
Working: One minute has 60 seconds. 3 minutes have 3 * 60 = 180 seconds.
The answer is 180.

Question: """

CHOSEN = """\
Answer the last question in the same way: give a short reason, and end with "The answer is (X)."

Question: How many legs does an insect have?
A. Four
B. Eight
C. Six
D. Ten
Reason: Insects have three pairs of legs, which makes six.
The answer is (C).

Question: What is the capital of Spain?
A. Valencia
B. Madrid
C. Bilbao
D. Malaga
Reason: The capital of Spain is Madrid.
The answer is (B).

Question: Which season is the coldest?
A. Summer
B. Spring
C. Autumn
D. Winter
Reason: The coldest season is winter.
The answer is (D).

Question: Which of these is used to cut paper?
A. Scissors
B. A spoon
C. A pillow
D. A lamp
Reason: Scissors have two blades that cut paper.
The answer is (A).

Question: """

EXTRACTED = """\
Do the last task in the same way.

Task: Extract the data from the text as one JSON object with exactly these keys: \
"animal" (string), "legs" (number). Write the JSON object only.
Text: The dog stood on all 4 legs.
Output: {"animal": "dog", "legs": 4}

Task: Extract the data from the text as one JSON object with exactly these keys: \
"color" (string), "doors" (number), "electric" (true or false). Write the JSON object only.
Text: The red car has 5 doors and runs on petrol.
Output: {"color": "red", "doors": 5, "electric": false}

Task: """

OBEYED = """\
Do the last task in the same way.

Task: Write one sentence about bread. Use capital letters only.
Output: FRESH BREAD SMELLS WONDERFUL IN THE MORNING.

Task: Name things found in a kitchen. Write exactly two bullet points, each on its own line.
Output:
- a kettle
- a pan

Task: How many wheels does a bicycle have? Answer with the number only, in digits, and write \
nothing else.
Output: 2

Task: """

CAREFUL = (
    "\n\nFirst go through the requirements step by step in your mind. "
    "Then write only the final output, without explanations."
)

FRAMES: dict[tuple[Kind, Setting], Frame] = {
    ("solution", "plain"): NOTHING,
    ("solution", "step-by-step"): Frame(
        "",
        "\n\nThink step by step and show the working, one calculation on each line. "
        'End with the sentence "The answer is X." where X is the final answer.',
    ),
    ("solution", "few-shot"): Frame(SOLVED, "\nWorking:"),
    ("option", "plain"): Frame("Question: ", "\nAnswer:"),
    ("option", "step-by-step"): Frame(
        "",
        "\n\nFirst explain in one sentence what you know about the question. "
        'Then end with "The answer is" and the right option.',
    ),
    ("option", "few-shot"): Frame(CHOSEN, "\nReason:"),
    ("json", "plain"): NOTHING,
    ("json", "step-by-step"): Frame("", CAREFUL),
    ("json", "few-shot"): Frame(EXTRACTED, "\nOutput:"),
    ("format", "plain"): NOTHING,
    ("format", "step-by-step"): Frame("", CAREFUL),
    ("format", "few-shot"): Frame(OBEYED, "\nOutput:"),
}


def prompt_for(draft: Draft, setting: Setting) -> str:
    """The complete prompt of a question in a setting."""
    frame = FRAMES[draft.kind, setting]
    return f"{frame.before}{draft.text}{frame.after}"
