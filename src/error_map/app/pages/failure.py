"""One failure's page: what was asked and said, what went wrong and where, and what others said."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from ...outputs.failure_page import other_attempts, read_failure
from ...presentation.wording import KINDS, VERDICTS, fault, glossary
from ...records import BENCHMARK_FAULTS_HEADING, Criterion, FailureRow
from ...store import Line, Sort, Where
from .. import escaping as words
from .. import highlighting as marked
from ..failure_table import in_address
from ..findings import criteria_repeat_findings, findings_html, places
from ..labels import told_apart
from ..navigation import link
from ..run_cache import Opened

_SIDE_BY_SIDE: Final = 2
_LABEL_CHARS: Final = 80
_LONG_PROMPT_CHARS: Final = marked.TAIL_CHARS + 500
"""A prompt up to this is shown whole."""
_MOST_SIBLINGS: Final = 100


def show_one(
    opened: Opened,
    number: int,
    where: Where,
    *,
    sort: Sort,
    ask: Callable[[str, str], None],
) -> None:
    """Draws a failure.

    Args:
        opened: The run.
        number: Of the failure.
        where: The choice that previous and next belong to.
        sort: Its order.
        ask: Puts a named part into the address.
    """
    page = read_failure(opened.run.folder, number)
    st.html(marked.MARK_STYLE)
    st.space("small")
    _way_on(opened, number, where, sort=sort, ask=ask)
    title = page.title or page.state.replace("_", " ")
    st.title(words.markdown(title), anchor=False)
    _head(opened, page)
    _diagnosis(page)
    left, right = st.columns([3, 2], gap="medium")  # on a phone the left one comes first
    with left:
        _output(page)
    with right:
        _reference(page)
    _findings(page)
    _criteria(page)
    _prompt(page)
    _correct(page)
    _details(page)
    _siblings(opened, page, ask)


def _way_on(
    opened: Opened,
    number: int,
    where: Where,
    *,
    sort: Sort,
    ask: Callable[[str, str], None],
) -> None:
    beside = opened.index.neighbours(where, sort, number)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Back to the list", icon=":material/list_alt:", on_click=ask, args=("failure", "")
        )
        for told, key, other in (
            ("Previous", "Left", beside.previous),
            ("Next", "Right", beside.following),
        ):
            line = None if other is None else opened.index.line(other)
            named = in_address(line.key) if line else ""
            st.button(
                told, shortcut=key, disabled=line is None, on_click=ask, args=("failure", named)
            )
        place = f"{beside.place:,} of {beside.of:,}" if beside.place else "not in the filtered list"
        st.text(place, width="content")


def _head(opened: Opened, page: FailureRow) -> None:
    key = page.key
    parts = [key.model, key.dataset, f"example {key.example}"]
    parts += [f"attempt {key.repeat + 1}"] if key.repeat else []
    parts += ["no score" if page.score is None else f"score {page.score:g}"]
    st.caption(words.markdown(" · ".join(parts), None))
    if page.category and page.category in opened.run.taxonomy:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            for step in opened.run.taxonomy.path(page.category):
                link(
                    "failures", words.markdown(step.name), icon=":material/label:", category=step.id
                )


def _diagnosis(page: FailureRow) -> None:
    st.subheader("Diagnosis", anchor=False, help=glossary("cause", "place", "explained"))
    if page.summary:
        st.text(words.plain(page.summary))
    if page.benchmark_fault:
        why = fault(words.markdown(page.benchmark_fault)).meaning
        st.warning(f"{BENCHMARK_FAULTS_HEADING}: {why}.")
    said = [
        ("verdict", VERDICTS.get(page.verdict, page.verdict)),
        ("answer as read", page.answer),
        ("reason", page.reason),
        *page.kept.items(),
    ]
    st.html(marked.told_line((name, value) for name, value in said if value))


def _output(page: FailureRow) -> None:
    st.subheader("Output", anchor=False)
    spans = marked.spans_of(page)
    kinds = [kind for kind in KINDS if any(span.kind == kind for span in spans)]
    if kinds:
        keys = (f'<span class="em-key em-{kind}">{kind}: {KINDS[kind]}</span>' for kind in kinds)
        st.html(f"<div>{''.join(keys)}</div>")
    _text(page.output, spans, key="output")


def _reference(page: FailureRow) -> None:
    st.subheader("Reference", anchor=False)
    if page.reference is None:
        st.caption("These results carry no reference.")
    else:
        _text(page.reference, (), key="reference")


def _findings(page: FailureRow) -> None:
    if page.findings:
        st.subheader("Findings", anchor=False, help=glossary("cause", "place", "fact", "fault"))
        st.html(findings_html(page))


def _prompt(page: FailureRow) -> None:
    """The prompt, a long one by its end: after the examples that it shows comes the question."""
    st.subheader("Prompt", anchor=False)
    length = len(page.prompt)
    start = 0 if length <= _LONG_PROMPT_CHARS else length - marked.TAIL_CHARS
    told = f"Show the whole prompt ({length:,} characters)"
    if start and st.toggle(told, key=f"prompt of {page.number}"):
        _text(page.prompt, (), key="prompt")
    else:
        st.html(marked.marked(page.prompt, (), (range(start, length),), from_end=True))


def _correct(page: FailureRow) -> None:
    if page.correct_outputs:
        with st.expander(f"Correct answers of other models ({len(page.correct_outputs)})"):
            for place, one in enumerate(page.correct_outputs):
                st.markdown(f"**{words.markdown(one.model)}**")
                _text(one.output, (), key=f"right {place}")


def _text(text: str, spans: Sequence[marked.Span], *, key: str) -> None:
    """A text, or the telling parts of a long one with a way to all of it."""
    parts = marked.windows(len(text), spans)
    if len(text) > marked.WHOLE_CHARS:
        there_are = -(-len(text) // marked.PART_CHARS)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.caption(
                f"{len(text):,} characters; the beginning, the end and the evidence are shown."
            )
            whole = st.toggle("Show all, in parts", key=f"{key} whole")
            if whole:
                asked = st.number_input(
                    f"Part (of {there_are:,})", 1, there_are, key=f"{key} part", width=140
                )
                start = (asked - 1) * marked.PART_CHARS
                parts = (range(start, min(len(text), start + marked.PART_CHARS)),)
    st.html(marked.marked(text, spans, parts))


def _criteria(page: FailureRow) -> None:
    if page.criteria and not criteria_repeat_findings(page):
        st.subheader("Criteria for a correct answer", anchor=False)
        header = ("criterion", "met", "quality", "evidence", "quotation found", "comment")
        st.html(words.table(header, map(_criterion, page.criteria), caption="Criteria"))


def _details(page: FailureRow) -> None:
    """What a reader seldom asks for; the long texts are sent when their box is opened."""
    box = st.expander("Details", key="details", on_change="rerun")
    if not box.open:
        return
    said = (
        ("state", page.state.replace("_", " ")),
        ("detector", page.detector),
        ("quotations", places(page)),
    )
    texts = (("The judge's prompt", page.request), ("The analyst's reply", page.response))
    with box:
        st.html(marked.told_table((name, value) for name, value in said if value))
        for told, text in texts:
            if text:
                st.markdown(f"**{told}**")
                _text(text, (), key=told)


def _criterion(one: Criterion) -> tuple[str, ...]:
    found = {True: "yes", False: "no", None: "-"}[one.verified]
    present = "yes" if one.present_in_wrong else "no"
    return one.criterion, present, one.quality, one.evidence, found, one.comment


def _siblings(opened: Opened, page: FailureRow, ask: Callable[[str, str], None]) -> None:
    """The same example by other models: who passed, who failed, and their outputs side by side."""
    lines = opened.index.siblings(page.key.dataset, page.key.example)[:_MOST_SIBLINGS]
    failed = [line for line in lines if line.key != page.key]
    others = other_attempts(opened.run.folder, page.key)
    st.subheader("Other models on the same example", anchor=False)
    if not failed and not others:
        st.caption(
            "No other model was scored on it."
            if opened.run.manifest.attempts_known
            else "No other model failed it."
        )
        return
    passed = [one.model for one in others if one.state == "passed"]
    rest = [one.model for one in others if one.state != "passed"]
    for told, names in (("Passed", passed), ("Failed, not studied", rest)):
        if names:
            shown = ", ".join(words.markdown(name) for name in names[:_MOST_SIBLINGS])
            st.markdown(f"{told} ({len(names):,}): {shown}")
    if failed:
        _beside(opened, page, failed, ask=ask)


def _beside(
    opened: Opened,
    page: FailureRow,
    failed: Sequence[Line],
    *,
    ask: Callable[[str, str], None],
) -> None:
    labels = told_apart({line.number: _label(line) for line in failed}, _LABEL_CHARS)
    chosen = st.multiselect(
        f"Also failed ({len(failed):,}): outputs to compare",
        list(labels),
        default=list(labels)[:_SIDE_BY_SIDE],
        format_func=labels.__getitem__,
        max_selections=3,
        key=f"beside {page.number}",
    )
    for column, number in zip(st.columns(max(1, len(chosen))), chosen, strict=False):
        with column:
            other = read_failure(opened.run.folder, number)
            title = words.markdown(other.title or other.state)
            st.markdown(f"**{words.markdown(other.key.model)}**: {title}")
            spans = marked.spans_of(other)
            st.html(marked.marked(other.output, spans, marked.windows(len(other.output), spans)))
            named = in_address(other.key)
            st.button(
                "Open this failure", key=f"to {number}", on_click=ask, args=("failure", named)
            )


def _label(line: Line) -> str:
    attempt = f" #{line.key.repeat}" if line.key.repeat else ""
    return f"{line.key.model}{attempt}: {line.title or line.state}"
