"""Detectors for outputs that break an explicit format rule of the prompt, one per kind of rule.

Where the counts come from: the verification code of IFEval was run next to ErrorMap on 3,620
published answers of seven models to IFEval and to a variant of it, and on 294 answers to IFBench. A
finding is right if the instruction that it names is among those that the code says are not
followed. Findings on rules that this code does not verify were read, also all 141 on the bundled
tasks and those on missing JSON in MATH; those on malformed JSON there were checked by a second
parser.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...format_rules.broken import detect_violation
from ...format_rules.rule import FormatKind

# Weight of the prior, and its mean: see `Measured`.
_PRIOR_FINDINGS: Final = 4
_PRIOR_RIGHT: Final = 0.82


@dataclass(frozen=True, slots=True)
class _Kind:
    kind: FormatKind
    finding: str
    description: str
    right: int = 0
    read: int = 0

    @property
    def confidence(self) -> float:
        """The share of right findings, as `Measured` derives it."""
        right = self.right + _PRIOR_FINDINGS * _PRIOR_RIGHT
        return round(right / (self.read + _PRIOR_FINDINGS), 2)


_KINDS: Final = (
    _Kind(
        "words",
        "Wrong number of words",
        "The answer has more or fewer words than the prompt allows.",
        94,
        94,
    ),
    _Kind(
        "sentences",
        "Wrong number of sentences",
        "The answer has more or fewer sentences than the prompt allows.",
        42,
        43,
    ),
    _Kind(
        "paragraphs",
        "Wrong number of paragraphs",
        "The answer has more or fewer paragraphs than the prompt asks for.",
        70,
        70,
    ),
    _Kind(
        "paragraph_opening",
        "Paragraph begins with wrong word",
        "A paragraph begins with another word than the prompt asks for.",
        12,
        12,
    ),
    _Kind(
        "sections",
        "Sections missing",
        "The answer has fewer labelled sections than the prompt asks for.",
        1,
        1,
    ),
    _Kind(
        "items",
        "Wrong number of list items",
        "The answer has more or fewer bullet points or numbered items than the prompt asks for.",
        55,
        55,
    ),
    _Kind(
        "highlights",
        "Wrong number of highlighted parts",
        "The answer has fewer parts in bold or italics than the prompt asks for.",
        24,
        24,
    ),
    _Kind(
        "placeholders",
        "Wrong number of placeholders",
        "The answer has fewer placeholders in brackets than the prompt asks for.",
        56,
        56,
    ),
    _Kind(
        "punctuation",
        "Wrong number of punctuation marks",
        "The answer has more or fewer marks of a kind than the prompt asks for.",
        1,
        1,
    ),
    _Kind(
        "capital_words",
        "Wrong number of words in capitals",
        "The answer has more or fewer words in capital letters than the prompt asks for.",
        28,
        28,
    ),
    _Kind(
        "lower_case",
        "Not all in lower case",
        "The prompt asks for lower case throughout, and the answer has capital letters.",
        27,
        27,
    ),
    _Kind(
        "upper_case",
        "Not all in capital letters",
        "The prompt asks for capital letters throughout, and the answer has small ones.",
        53,
        53,
    ),
    _Kind(
        "keyword",
        "Required keyword missing",
        "The answer lacks a word or phrase that the prompt asks for.",
        39,
        39,
    ),
    _Kind(
        "forbidden_word",
        "Forbidden word used",
        "The answer has a word or phrase that the prompt forbids.",
        78,
        78,
    ),
    _Kind(
        "word_frequency",
        "Word used too often or too rarely",
        "The answer has a word more or less often than the prompt asks for.",
        43,
        43,
    ),
    _Kind(
        "letter_frequency",
        "Letter used too often or too rarely",
        "The answer has a letter more or less often than the prompt asks for.",
        90,
        90,
    ),
    _Kind(
        "commas",
        "Comma used although forbidden",
        "The prompt forbids commas, and the answer has some.",
        104,
        104,
    ),
    _Kind(
        "opening",
        "Required beginning missing",
        "The answer does not begin with the words that the prompt asks for.",
    ),
    _Kind(
        "ending",
        "Required ending missing",
        "The answer does not end with the words that the prompt asks for.",
        26,
        26,
    ),
    _Kind(
        "title",
        "Required title missing",
        "The answer has no title in the brackets that the prompt asks for.",
        2,
        2,
    ),
    _Kind(
        "postscript",
        "Required postscript missing",
        "The answer has no postscript with the marker that the prompt asks for.",
    ),
    _Kind(
        "separator",
        "Required separator missing",
        "The answer lacks the line of signs that is to separate its parts.",
        36,
        36,
    ),
    _Kind(
        "quotation_marks",
        "Quotation marks around answer missing",
        "The prompt asks for quotation marks around the whole answer, and it has none there.",
        44,
        44,
    ),
    _Kind(
        "repeated_request",
        "Request not repeated",
        "The prompt asks to repeat the request first, and the answer does not.",
        12,
        13,
    ),
    _Kind(
        "answer_choice",
        "None of the given phrases used",
        "The prompt gives phrases to choose from, and the answer has none of them.",
        1,
        1,
    ),
    _Kind(
        "single_answer",
        "More than a single word or number",
        "The prompt asks for one word, letter or number, and the answer has more.",
        3,
        3,
    ),
    _Kind(
        "language",
        "Answer in wrong language",
        "The prompt allows only one language, and the answer is in another.",
        1,
        1,
    ),
    _Kind(
        "json_missing",
        "Required JSON missing",
        "The prompt asks for JSON, and the answer has none.",
        19,
        19,
    ),
    _Kind(
        "json_syntax",
        "JSON does not parse",
        "The prompt asks for JSON, and that of the answer is malformed.",
        150,
        150,
    ),
    _Kind(
        "json_key",
        "JSON key missing",
        "The JSON of the answer lacks a key that the prompt asks for.",
        20,
        20,
    ),
    _Kind(
        "json_extra_key",
        "Unexpected JSON key",
        "The prompt allows only its own keys, and the JSON of the answer has another.",
        5,
        5,
    ),
    _Kind(
        "json_type",
        "JSON value of wrong type",
        "A value in the JSON of the answer has another type than the prompt asks for.",
        14,
        14,
    ),
)


def _nothing(case: Case) -> Detection | None:
    """Find nothing: the detector was split."""
    del case
    return None


def _detector(kind: _Kind) -> Detector:
    detect = partial(
        detect_violation, kind=kind.kind, title=kind.finding, confidence=kind.confidence
    )
    return Detector(
        name=f"format_{kind.kind}",
        finding=kind.finding,
        description=kind.description,
        category="output_format_error",
        kind="cause",
        rank=21,
        detect=detect,
        habit=Habit(form=title_of(detect), presumed=False),
        measured=Measured(right=kind.right, read=kind.read) if kind.read else None,
        part_of=SPLIT.name,
    )


SPLIT: Final = Detector(
    name="format_broken",
    finding="Required format broken",
    description="A format that the prompt explicitly requires is missing or broken.",
    category="output_format_error",
    kind="cause",
    rank=21,
    detect=_nothing,
    measured=Measured(right=1, read=1),
)
"""The one detector of all kinds of rules in earlier versions."""
DETECTORS: Final = tuple(map(_detector, _KINDS))
