"""User templates with the variables and the folder layout of the reference implementation."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

NODE: Final = """\
{% if parent_category %}
Every entry is a case of {{ parent_category }}; find narrower groups.
{% endif %}
Use at most {{ max_num_clusters }} groups. A name has {{ cluster_name_length }} words or fewer, a
description {{ cluster_description_length }}.
"""
REASONS: Final = "Give your reasons in {{ explanation_length }} words.\n"
SUGGESTIONS: Final = REASONS + "Give hints in {{ suggestion_length }} words.\n"
TEMPLATES: Final[Mapping[str, str]] = {
    "single_error_analysis": """\
Say why this answer failed.
{% if correct_answer %}
There is a reference.
{% endif %}
Asked: {{ input_text }}
{% if correct_answer %}
Wanted: {{ correct_answer }}
{% endif %}
{% if correct_outputs %}
Solved by others: {{ correct_outputs }}
{% endif %}
Given: {{ output_text }}""",
    "taxonomy_generation": f"Group each {{{{ data_type }}}}:\n{{{{ data }}}}\n{NODE}{REASONS}",
    "taxonomy_update": (
        f"Bring these groups up to date:\n{{{{ cluster_list }}}}\n{NODE}{SUGGESTIONS}"
        "They must fit each {{ data_type }} of:\n{{ data }}\n"
    ),
    "taxonomy_review": f"Check these groups:\n{{{{ cluster_list }}}}\n{NODE}{SUGGESTIONS}",
    "classify_errors": (
        "The groups are:\n{{ taxonomy }}\nPut each {{ data_type }} in one of them:\n{{ data }}\n"
        'Answer {"classified_errors": [{"error_text": "…", "category": "…"}]}.\n'
    ),
}
"""Templates by the reference's file names; none has a block."""
SHORT: Final = """\
<!-- What went wrong? -->

Task: {{ input_text[:300] }}
Wrong: {{ output_text }}
Right: {{ correct_answer }}

Name the kind of error.
"""
"""As small as the example in the reference's README."""


def write_templates(folder: Path, templates: Mapping[str, str] = TEMPLATES) -> Path:
    """Writes templates in the folder layout of the reference."""
    prompts = folder / "prompts"
    prompts.mkdir(parents=True, exist_ok=True)
    for name, text in templates.items():
        (prompts / f"{name}.j2").write_text(text, encoding="utf-8")
    return folder
