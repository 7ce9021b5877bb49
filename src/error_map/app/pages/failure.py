"""The page of one failure: diagnosis, output, reference, findings, prompt and other models."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from ...outputs.failure_page import other_attempts, read_failure
from ...presentation.turns import quoted_turns, turns_phrase
from ...presentation.wording import KINDS, VERDICTS, glossary
from ...records import (
    BENCHMARK_FAULTS_HEADING,
    Criterion,
    FailureRow,
    fault_meaning,
    turn_starts,
)
from ...store import Line, Sort, Where
from ..escaping import for_markdown, one_line
from ..findings import criteria_repeat_findings, findings_html, quotation_positions
from ..highlighting import (
    HIGHLIGHT_STYLE,
    MAX_WHOLE_CHARS,
    PART_CHARS,
    TAIL_CHARS,
    Span,
    evidence_spans,
    highlighted,
    relevant_parts,
)
from ..html_parts import name_value_line, name_value_table, table
from ..labels import unique_labels
from ..navigation import link
from ..run_cache import OpenedRun
from ..tables.failure_table import encode_key

_DEFAULT_COMPARED: Final = 2
# Outputs in more than three columns would have too few words per line.
_MAX_COMPARED: Final = 3
_MAX_LABEL_CHARS: Final = 80
# The end of a prompt is shown instead of all of it only if that saves at least 500 characters.
_MAX_WHOLE_PROMPT_CHARS: Final = TAIL_CHARS + 500
# Bounds the list of names and the menu in runs of very many models.
_MAX_OTHER_MODELS: Final = 100


def show_failure(
    opened: OpenedRun,
    number: int,
    where: Where,
    *,
    sort: Sort,
    set_query: Callable[[str, str], None],
) -> None:
    """Draws the page of a failure.

    Args:
        opened: The run.
        number: Number of the failure in the index.
        where: Filter of the list through which "Previous" and "Next" go.
        sort: Order of this list.
        set_query: Sets a query parameter of the address.
    """
    page = read_failure(opened.run.folder, number)
    st.html(HIGHLIGHT_STYLE)
    st.space("small")
    _navigation(opened, number, where, sort=sort, set_query=set_query)
    title = page.title or page.state.replace("_", " ")
    st.title(for_markdown(title), anchor=False)
    _head(opened, page)
    _diagnosis(page)
    left, right = st.columns([3, 2], gap="medium")  # on a phone, the left column comes first
    with left:
        _output(page)
    with right:
        _reference(page)
    _findings(opened, page)
    _criteria(page)
    _prompt(page)
    _correct_answers(page)
    _details(page)
    _other_models(opened, page, set_query)


def _navigation(
    opened: OpenedRun,
    number: int,
    where: Where,
    *,
    sort: Sort,
    set_query: Callable[[str, str], None],
) -> None:
    neighbours = opened.index.neighbours(where, sort, number)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Back to the list", icon=":material/list_alt:", on_click=set_query, args=("failure", "")
        )
        for label, key, neighbour in (
            ("Previous", "Left", neighbours.previous),
            ("Next", "Right", neighbours.following),
        ):
            line = None if neighbour is None else opened.index.line(neighbour)
            st.button(
                label,
                shortcut=key,
                disabled=line is None,
                on_click=set_query,
                args=("failure", encode_key(line.key) if line else ""),
            )
        position = f"{neighbours.place:,} of {neighbours.of:,}"
        st.text(position if neighbours.place else "not in the filtered list", width="content")


def _head(opened: OpenedRun, page: FailureRow) -> None:
    key = page.key
    parts = [key.model, key.dataset, f"example {key.example}"]
    parts += [f"attempt {key.repeat + 1}"] if key.repeat else []
    parts += ["no score" if page.score is None else f"score {page.score:g}"]
    st.caption(for_markdown(" · ".join(parts), None))
    if page.category and page.category in opened.run.taxonomy:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            for step in opened.run.taxonomy.path(page.category):
                link("failures", for_markdown(step.name), icon=":material/label:", category=step.id)


def _diagnosis(page: FailureRow) -> None:
    st.subheader("Diagnosis", anchor=False, help=glossary("cause", "place", "nothing known"))
    if page.summary:
        st.text(one_line(page.summary))
    if page.benchmark_fault:
        reason = fault_meaning(for_markdown(page.benchmark_fault)).reason
        st.warning(f"{BENCHMARK_FAULTS_HEADING}: {reason}.")
    if page.shared_answer:
        st.text(one_line(page.shared_answer))
    values = [
        ("verdict", VERDICTS.get(page.verdict, page.verdict)),
        ("answer as read", page.answer),
        ("reason", page.reason),
        *page.kept.items(),
    ]
    st.html(name_value_line((name, value) for name, value in values if value))


def _output(page: FailureRow) -> None:
    st.subheader("Output", anchor=False)
    spans = evidence_spans(page)
    kinds = [kind for kind in KINDS if any(span.kind == kind for span in spans)]
    if kinds:
        legend = (f'<span class="em-key em-{kind}">{kind}: {KINDS[kind]}</span>' for kind in kinds)
        st.html(f"<div>{''.join(legend)}</div>")
    _text(page.output, spans, key="output", composed=page.composed)
    if page.turns:
        _turn_by_turn(page, spans)


def _turn_by_turn(page: FailureRow, spans: Sequence[Span]) -> None:
    """One turn at a time; its texts, which may be long, are sent once the box is opened."""
    number = len(page.turns)
    box = st.expander(f"Turn by turn ({number:,})", key="turns", on_change="rerun")
    if not box.open:
        return
    first = next((span.turn for span in spans if span.turn), 1)
    with box:
        chosen = st.number_input(
            f"Turn (of {number:,})",
            1,
            number,
            value=min(first, number),
            key=f"turn of {page.number}",
            width=140,
        )
        turn = page.turns[chosen - 1]
        names = (("role", turn.role), ("agent", turn.agent), ("tool", turn.tool))
        st.html(name_value_line((name, value) for name, value in names if value))
        texts = (
            ("Text", turn.text),
            ("Arguments", turn.arguments),
            ("Result", turn.result),
            ("Error", turn.error),
        )
        for heading, text in texts:
            if text:
                st.markdown(f"**{heading}**")
                _text(text, (), key=f"{heading} of {page.number} {chosen}")


def _reference(page: FailureRow) -> None:
    st.subheader("Reference", anchor=False)
    if page.reference is None:
        st.caption("These results contain no reference answer.")
    else:
        _text(page.reference, (), key="reference")


def _findings(opened: OpenedRun, page: FailureRow) -> None:
    if page.findings:
        st.subheader("Findings", anchor=False, help=glossary("cause", "place", "fact", "fault"))
        st.html(findings_html(page, opened.run.manifest.base_rates))


def _prompt(page: FailureRow) -> None:
    """The prompt; of a long one the end, where the question follows the few-shot examples."""
    st.subheader("Prompt", anchor=False)
    length = len(page.prompt)
    start = 0 if length <= _MAX_WHOLE_PROMPT_CHARS else length - TAIL_CHARS
    label = f"Show the whole prompt ({length:,} characters)"
    if start and st.toggle(label, key=f"prompt of {page.number}"):
        _text(page.prompt, (), key="prompt")
    else:
        st.html(highlighted(page.prompt, (), (range(start, length),), from_end=True))


def _correct_answers(page: FailureRow) -> None:
    if page.correct_outputs:
        with st.expander(f"Correct answers of other models ({len(page.correct_outputs)})"):
            for number, answer in enumerate(page.correct_outputs):
                st.markdown(f"**{for_markdown(answer.model)}**")
                _text(answer.output, (), key=f"right {number}")


def _text(
    text: str, spans: Sequence[Span], *, key: str, composed: Sequence[tuple[int, int]] = ()
) -> None:
    """A text; of a long one the relevant parts, with widgets to read all of it."""
    shown = relevant_parts(len(text), spans)
    if len(text) > MAX_WHOLE_CHARS:
        parts = -(-len(text) // PART_CHARS)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.caption(
                f"{len(text):,} characters; the beginning, the end and the evidence are shown."
            )
            if st.toggle("Show all, in parts", key=f"{key} whole"):
                part = st.number_input(
                    f"Part (of {parts:,})", 1, parts, key=f"{key} part", width=140
                )
                start = (part - 1) * PART_CHARS
                shown = (range(start, min(len(text), start + PART_CHARS)),)
    st.html(highlighted(text, spans, shown, composed=composed))


def _criteria(page: FailureRow) -> None:
    if page.criteria and not criteria_repeat_findings(page):
        st.subheader("Criteria for a correct answer", anchor=False)
        header = ("criterion", "met", "quality", "evidence", "quotation found", "comment")
        starts = turn_starts(page.output, page.composed)
        rows = (_criterion(one, page.output, starts) for one in page.criteria)
        st.html(table(header, rows, caption="Criteria"))


def _details(page: FailureRow) -> None:
    """Rarely needed details; their texts, which may be long, are sent once the box is opened."""
    box = st.expander("Details", key="details", on_change="rerun")
    if not box.open:
        return
    values = (
        ("state", page.state.replace("_", " ")),
        ("detector", page.detector),
        ("quotations", quotation_positions(page)),
    )
    texts = (("The judge's prompt", page.request), ("The analyst's reply", page.response))
    with box:
        st.html(name_value_table((name, value) for name, value in values if value))
        for heading, text in texts:
            if text:
                st.markdown(f"**{heading}**")
                _text(text, (), key=heading)


def _criterion(criterion: Criterion, output: str, starts: Sequence[int]) -> tuple[str, ...]:
    found = {True: "yes", False: "no", None: "-"}[criterion.verified]
    turns = turns_phrase(quoted_turns(criterion.evidence, output, starts))
    found = f"{found}, {turns}" if turns else found
    met = "yes" if criterion.present_in_wrong else "no"
    quality, evidence = criterion.quality, criterion.evidence
    return criterion.criterion, met, quality, evidence, found, criterion.comment


def _other_models(
    opened: OpenedRun, page: FailureRow, set_query: Callable[[str, str], None]
) -> None:
    """Which other models passed or failed the same example, and outputs of the latter."""
    failed = opened.index.siblings(page.key.dataset, page.key.example)[:_MAX_OTHER_MODELS]
    other_failed = [line for line in failed if line.key != page.key]
    attempts = other_attempts(opened.run.folder, page.key)
    st.subheader("Other models on the same example", anchor=False)
    if not other_failed and not attempts:
        st.caption(
            "No other model was scored on it."
            if opened.run.manifest.attempts_known
            else "No other model failed it."
        )
        return
    passed = [attempt.model for attempt in attempts if attempt.state == "passed"]
    not_studied = [attempt.model for attempt in attempts if attempt.state != "passed"]
    for label, models in (("Passed", passed), ("Failed, not studied", not_studied)):
        if models:
            names = ", ".join(for_markdown(model) for model in models[:_MAX_OTHER_MODELS])
            st.markdown(f"{label} ({len(models):,}): {names}")
    if other_failed:
        _compare_outputs(opened, page, other_failed, set_query=set_query)


def _compare_outputs(
    opened: OpenedRun,
    page: FailureRow,
    other_failed: Sequence[Line],
    *,
    set_query: Callable[[str, str], None],
) -> None:
    labels = unique_labels({line.number: _label(line) for line in other_failed}, _MAX_LABEL_CHARS)
    selected = st.multiselect(
        f"Also failed ({len(other_failed):,}): outputs to compare",
        list(labels),
        default=list(labels)[:_DEFAULT_COMPARED],
        format_func=labels.__getitem__,
        max_selections=_MAX_COMPARED,
        key=f"compare {page.number}",
    )
    for column, number in zip(st.columns(max(1, len(selected))), selected, strict=False):
        with column:
            other = read_failure(opened.run.folder, number)
            title = for_markdown(other.title or other.state)
            st.markdown(f"**{for_markdown(other.key.model)}**: {title}")
            spans = evidence_spans(other)
            parts = relevant_parts(len(other.output), spans)
            st.html(highlighted(other.output, spans, parts, composed=other.composed))
            st.button(
                "Open this failure",
                key=f"to {number}",
                on_click=set_query,
                args=("failure", encode_key(other.key)),
            )


def _label(line: Line) -> str:
    attempt = f" #{line.key.repeat}" if line.key.repeat else ""
    return f"{line.key.model}{attempt}: {line.title or line.state}"
