"""Builds sentences from words, names from the data, and figures."""

from ...analysis import Rate
from ...presentation.formatting import percent
from .report import Part, Sentence


def sentence(about: str, form: str, *parts: Part) -> Sentence:
    """A sentence from a format string with one `{}` per part."""
    words = [Part(text) for text in form.split("{}")]
    pairs = zip(words, [*parts, Part("")], strict=True)
    return Sentence(about, tuple(part for pair in pairs for part in pair if part.text))


def name_part(text: str) -> Part:
    """A name from the data."""
    return Part(text, "name")


def figure_part(text: str) -> Part:
    """A figure."""
    return Part(text, "figure")


def rate_part(rate: Rate) -> Part:
    """A rate as a percentage."""
    return figure_part(percent(rate.value))
