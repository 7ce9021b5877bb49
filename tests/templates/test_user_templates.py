"""Whole runs with a user's templates: variables of the reference, hostile files, schemas."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

from error_map.analysts.llm.answer_schemas import DiagnosisAnswer, PlacementAnswer, ProposalAnswer
from error_map.analysts.llm.prompt_variables import loaded_prompts
from error_map.errors import InputError
from error_map.inference.json_schema import strict_schema
from error_map.store import read_manifest
from error_map.templates import NAMES
from tests.judged_runs import FAILURES, Place, files_in, planted, truth
from tests.runs.test_llm_runs import outside
from tests.support import read_csv, write_csv
from tests.user_templates import SHORT, write_templates

pytest.importorskip("litellm")
pytestmark = pytest.mark.slow

TASK, REFERENCE, OTHER = "What is seven times six?", "fortytwo", "It is 42, surely."


@pytest.fixture
def place(place: Place) -> Place:
    """Planted failures with every text that a prompt can have."""
    rows = [
        {**row, "input_text": TASK, "correct_answer": REFERENCE} for row in planted(range(FAILURES))
    ]
    right = [{**row, "model": "b", "output_text": OTHER, "score": 1} for row in rows]
    write_csv(place.data / "d.csv", [*rows, *right])
    return place


def diagnosis_prompts(place: Place) -> list[str]:
    """The instances of the diagnosis prompts."""
    prompts = [body["messages"] for body in place.server.bodies()]
    return [last["content"] for *_, last in prompts if "[[gold:" in last["content"]]


# ---- the reference's templates


def test_templates_with_the_references_variables_map_all_failures(
    place: Place, tmp_path: Path
) -> None:
    folder = write_templates(tmp_path / "templates")

    place.run(templates=folder, proposal_batch=10)

    assert place.places() == truth()
    prompts = [body["messages"][-1]["content"] for body in place.server.bodies()]
    for words in ("Say why", "Group each", "Bring these", "Check these", "The groups are"):
        assert any(prompt.startswith(words) for prompt in prompts)
    assert [prompt for prompt in prompts if "[[gold:" in outside(prompt)] == []
    assert [text for text in (TASK, REFERENCE, OTHER) if text in outside("\n".join(prompts))] == []


def test_such_templates_work_with_the_schema_in_the_prompt(place: Place, tmp_path: Path) -> None:
    place.server.configure(refuse=["json_schema", "json_object"])

    place.run(templates=write_templates(tmp_path / "templates"))

    assert place.places() == truth()


def test_the_short_template_of_a_readme_is_enough(place: Place, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "single_error_analysis.j2").write_text(SHORT, encoding="utf-8")

    place.run(templates=tmp_path / "mine")

    assert place.places() == truth()
    prompts = diagnosis_prompts(place)
    assert prompts
    assert [prompt for prompt in prompts if "Name the kind of error." not in prompt] == []
    assert [prompt for prompt in prompts if "[[gold:" in outside(prompt)] == []


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("input", TASK),
        ("reference", REFERENCE),
        ("correct_answers", OTHER),
        ("output", "So it is 5."),
    ],
)
def test_fields_that_are_not_sent_are_empty_under_all_names(
    place: Place, tmp_path: Path, *, field: str, text: str
) -> None:
    template = (
        "{{ sections }}{{ hints }}{{ input_text }}{{ output_text }}{{ correct_answer }}"
        "{{ correct_outputs }}{{ correct_output_list }}"
    )
    folder = write_templates(tmp_path / "templates", {"single_error_analysis": template})
    fields = [f for f in ("input", "output", "reference", "correct_answers") if f != field]

    place.run(templates=folder, send=fields, hints=True, max_lost=1)

    prompts = [body["messages"][-1]["content"] for body in place.server.bodies()]
    sent = {"input": TASK, "reference": REFERENCE, "correct_answers": OTHER, "output": "So it is"}
    assert [prompt for prompt in prompts if text in prompt] == []
    assert all(any(sent[name] in prompt for prompt in prompts) for name in fields)


def test_the_manifest_lists_the_prompts_of_the_run(place: Place, tmp_path: Path) -> None:
    folder = write_templates(tmp_path / "templates")

    place.run(templates=folder)

    used = loaded_prompts(folder).fingerprints
    ours = loaded_prompts(None).fingerprints
    assert read_manifest(place.folder).prompts == used
    assert all(used[name] != ours[name] for name in NAMES)
    (template,) = {row["template_used"] for row in read_csv(place.folder.single_error)}
    assert template == f"single_error_analysis/{used['single_error_analysis'][:16]}"


# ---- hostile templates

REST: Final = "{{ output_text }}"


@pytest.mark.parametrize(
    ("hostile", "message"),
    [
        ("{{ ''.__class__.__mro__ }}", "may not use the attribute '__mro__'"),
        ("{% if false %}{{ hints.__init__ }}{% endif %}", "may not use the attribute '__init__'"),
        ("{{ ''|attr('__class__') }}", "'__class__'.* is unsafe"),
        ("{{ ''['__cl' ~ 'ass__'] }}", "'__class__'.* is unsafe"),
        ("{{ fence['__glo' ~ 'bals__'] }}", "'__globals__'.* is unsafe"),
        ("{{ '{0.__class__}'.format(hints) }}", "'__class__'.* is unsafe"),
        ("{% for step in range(10**9) %}x{% endfor %}", "cannot be filled: .* 100,000"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "ranges have more than 100,000 steps",
        ),
        ("{{ 'a' * 10**9 }}", "this product is too large"),
        ("{{ [0] * 10**9 }}", "this product is too large"),
        ("{{ 9**9**9 }}", "this power is too large"),
        ("{{ lipsum(10**9) }}", "uses the unknown variable 'lipsum'"),
        ("{{ hints.append(1) }}", "is unsafe|is not safely callable"),
        (
            "{% for a in range(90000) %}" + "x" * 1_000 + "{% endfor %}",
            "more than 10,000,000 characters",
        ),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
        ("{% include '/etc/passwd' %}", "no loader"),
        ("{{ 1 / 0 }}", "division by zero"),
    ],
)
def test_a_hostile_template_is_refused_by_name_before_any_call(
    place: Place,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    *,
    hostile: str,
    message: str,
) -> None:
    text = f"Analyse:\n{hostile}\n{REST}"
    folder = write_templates(tmp_path / "templates", {"single_error_analysis": text})

    code = place.typed("--templates", str(folder))

    error = " ".join(capfd.readouterr().err.split())
    assert code == 2
    assert f"{folder / 'prompts' / 'single_error_analysis.j2'}:2: " in error
    assert re.search(message, error)
    assert place.calls() == 0
    assert files_in(place.output) == set()


# ---- response schemas


def schema(name: str) -> dict[str, Any]:
    """The reference's shape of an answer."""
    text, whole = {"type": "string"}, {"type": "integer"}

    def closed(**properties: Mapping[str, Any]) -> dict[str, Any]:
        names = sorted(properties)
        return {
            "additionalProperties": False,
            "required": names,
            "properties": properties,
            "type": "object",
        }

    def many(items: Mapping[str, Any]) -> dict[str, Any]:
        return {"items": items, "type": "array"}

    cluster = closed(id=whole, name=text, description=text)
    edits = {"explanation": text, "suggestions": many(text), "clusters": many(cluster)}
    if name == "generate_taxonomy_schema":
        cluster["required"] = ["id", "description"]
        return closed(clusters=many(cluster), explanation=text)
    if name == "update_taxonomy_schema":
        return closed(**edits)
    if name == "review_taxonomy_schema":
        return closed(rating_score={**whole, "maximum": 100, "minimum": 0}, **edits)
    if name == "classify_errors_schema":
        return closed(classified_errors=many(closed(error_text=text, category=text)))
    quality = {"enum": ["correct", "partially correct", "incorrect"], "type": "string"}
    criterion = closed(
        criterion=text,
        present_in_wrong={"type": "boolean"},
        quality=quality,
        evidence=text,
        comment=text,
    )
    final = closed(error_title=text, error_summary=text)
    whole_answer = closed(required_criteria={**many(criterion), "minItems": 1}, final_answer=final)
    for part in (criterion, final, whole_answer):
        del part["additionalProperties"]
    return whole_answer


SCHEMAS: Final[Mapping[str, type[BaseModel]]] = {
    "single_error_schema": DiagnosisAnswer,
    "generate_taxonomy_schema": ProposalAnswer,
    "update_taxonomy_schema": ProposalAnswer,
    "review_taxonomy_schema": ProposalAnswer,
    "classify_errors_schema": PlacementAnswer,
}


@pytest.mark.parametrize("ending", ["j2", "json"])
def test_response_schemas_of_the_reference_are_accepted(tmp_path: Path, ending: str) -> None:
    folder = write_templates(tmp_path / "templates")
    (folder / "response_schemas").mkdir()
    for name in SCHEMAS:
        text = json.dumps(schema(name))
        (folder / "response_schemas" / f"{name}.{ending}").write_text(text, encoding="utf-8")

    assert set(loaded_prompts(folder).overridden.schemas) == set(NAMES)


@pytest.mark.parametrize("name", SCHEMAS)
def test_our_response_schemas_are_accepted(tmp_path: Path, name: str) -> None:
    for ours in (SCHEMAS[name].model_json_schema(), strict_schema(SCHEMAS[name])):
        (tmp_path / f"{name}.json").write_text(json.dumps(ours), encoding="utf-8")

        assert loaded_prompts(tmp_path).overridden.schemas


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("own", [True, False])
def test_a_response_schema_with_another_property_is_refused_by_name(
    tmp_path: Path, name: str, *, own: bool
) -> None:
    other = SCHEMAS[name].model_json_schema() if own else schema(name)
    other["properties"]["severity"] = {"type": "integer"}
    (tmp_path / f"{name}.json").write_text(json.dumps(other), encoding="utf-8")

    with pytest.raises(InputError, match=f"{name}.json: this response schema is neither"):
        loaded_prompts(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "neither the reference's nor ours"),
        ('{"type": "object"}', "neither the reference's nor ours"),
    ],
)
def test_a_file_that_is_not_a_schema_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "single_error_schema.j2").write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=f"single_error_schema.j2: .*{message}"):
        loaded_prompts(tmp_path)


def test_a_schema_of_another_stage_is_refused(tmp_path: Path) -> None:
    text = json.dumps(schema("review_taxonomy_schema"))
    (tmp_path / "update_taxonomy_schema.json").write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="neither the reference's nor ours"):
        loaded_prompts(tmp_path)


def test_a_description_that_would_not_be_sent_is_refused(tmp_path: Path) -> None:
    other = schema("classify_errors_schema")
    other["properties"]["classified_errors"]["description"] = "Most severe first."
    (tmp_path / "classify_errors_schema.json").write_text(json.dumps(other), encoding="utf-8")

    with pytest.raises(InputError, match=r"'Most severe first\.' in this response schema"):
        loaded_prompts(tmp_path)


def test_a_run_with_another_response_schema_ends_with_2_and_its_name(
    place: Place, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    file = tmp_path / "mine" / "single_error_schema.j2"
    file.write_text('{"type": "object", "properties": {"verdict": {}}}', encoding="utf-8")

    code = place.typed("--templates", str(file.parent))

    assert code == 2
    assert f"{file}: this response schema is neither" in " ".join(capfd.readouterr().err.split())
    assert place.calls() == 0
