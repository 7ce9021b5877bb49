"""Usage errors of the command line: one sentence with a hint each."""

import pytest

from error_map.cli import exit_code

COMMANDS = "'demo', 'detectors', 'import', 'plot', 'report', 'runs', 'scan', 'show', 'view'"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("reprot", f"no command 'reprot' (did you mean 'report'? there are: {COMMANDS})"),
        ("everything", f"no command 'everything' (there are: {COMMANDS})"),
        ("analyse all", "no command 'analyse' (a run needs no command: error-map --data-path FOLD"),
        ("compare a b", "no command 'compare' (for two models of a run: error-map report EXP --co"),
        ("--columns input_text=My prompt,model=m", "no command 'prompt,model=m' (put values with"),
        ("results/a.csv", "no command 'results/a.csv' (for results: --data-path results/a.csv)"),
        ("a.csv", "no command 'a.csv' (for results: --data-path a.csv)"),
        ("report a b c", "report: unexpected argument 'b' (see error-map report --help)"),
        ("runs extra", "runs: unexpected argument 'extra' (see error-map runs --help)"),
        ("--ratoi 1", "no option '--ratoi' (did you mean '--ratio'? see error-map --help)"),
        ("--zzz x", "no option '--zzz' (see error-map --help)"),
        ("--api-key abc", "no option '--api-key' (keys are read from the environment, such as OPE"),
        ("-x", "no option '-x' (see error-map --help)"),
        ("demo --quite", "demo: no option '--quite' (did you mean '--quiet'? see error-map demo -"),
        ("detectors --foo=1", "detectors: no option '--foo' (see error-map detectors --help)"),
        ("--ratio", "--ratio: no value (see error-map --help)"),
        ("plot x --kind", "plot: --kind: no value (one of: 'heatmap', 'signature', 'transitions"),
        ("plot x", "plot: --kind is missing (one of: 'heatmap', 'signature', 'transitions', 'tr"),
        ("report", "report: EXP is missing (see error-map report --help)"),
        ("--ratio abc", "--ratio: 'abc' is not a number (see error-map --help)"),
        ("view --port x", "view: --port: 'x' is not a whole number (see error-map view --help)"),
        ("--seed 1.5", "--seed: '1.5' is not a whole number (see error-map --help)"),
        (
            "plot x --kind tree --out t.svg --depth 1.5",
            "plot: --depth: '1.5' is not a whole number (see error-map plot",
        ),
        ("--json=maybe", "--json: 'maybe' is neither yes nor no (see error-map --help)"),
        ("--provider azur", "--provider: no value 'azur' (did you mean 'azure'? there are: 'azure"),
        ("plot x --kind nope", "plot: --kind: no value 'nope' (there are: 'heatmap', 'signature"),
        ("--ratio 1 --ratio 2", "--ratio is given twice (give it once)"),
    ],
)
def test_arguments_that_cannot_be_used_are_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    assert exit_code(line.split()) == 2

    shown = capsys.readouterr()
    assert shown.err.startswith(f"error: {message}")
    assert (shown.out, shown.err.count("\n")) == ("", 1)
