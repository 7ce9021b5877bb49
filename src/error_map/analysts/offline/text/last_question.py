"""The last question of a prompt, without the worked examples before it."""

import re
from collections import Counter
from functools import lru_cache
from typing import Final

CACHE_SIZE: Final = 64
"""The answers of all models to a task are examined together, so a prompt is needed again soon."""
MIN_QUESTIONS: Final = 2
"""Headings of one kind from which on all but the last belong to worked examples."""

# Roles of a chat are left out: what a user says last may rest on all that was said before.
_HEADING: Final = re.compile(
    r"^[ \t#*>\[]{0,8}(question|q|problem|exercise|puzzle|riddle|task|input|instruction|passage"
    r"|context|text|article|story|sentence|pregunta|problema|domanda|pergunta|frage|aufgabe|fråga"
    r"|вопрос|задача|问题|問題|质问|質問|题目|문제|질문)"
    r"[ \t]{0,3}\d{0,4}[ \t]{0,3}[*\]]{0,4}[ \t]{0,3}[:\uff1a]",
    re.IGNORECASE | re.MULTILINE,
)


@lru_cache(maxsize=CACHE_SIZE)
def last_question(prompt: str) -> str:
    r"""The prompt from its last question on; all of it, if it has no worked examples.

    A question begins at the first kind of heading that occurs more than once, so that a passage
    stays with the question about it.

    Example:
        >>> last_question("Q: 2 + 3?\nA: 5\n\nQ: 4 + 8?\nA:")
        'Q: 4 + 8?\nA:'
    """
    found = [
        (heading[1].casefold(), heading.start())
        for heading in _HEADING.finditer(prompt)
        if prompt[heading.end() :].strip()
    ]
    times = Counter(word for word, _ in found)
    repeated = [word for word, _ in found if times[word] >= MIN_QUESTIONS]
    if not repeated:
        return prompt
    return prompt[max(start for word, start in found if word == repeated[0]) :]
