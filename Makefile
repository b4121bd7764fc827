# Two commands are enough on a fresh machine with Python 3.11 or later, pip and make:
#   make demo     the whole story, on this machine, with invented people
#   make test     every test, and what the tests need
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
UV := UV_PYTHON_DOWNLOADS=never .tools/bin/uv
BIN := .venv/bin
ROOMS := $(filter-out bench docs tests,$(patsubst %/__init__.py,%,$(wildcard */__init__.py)))
PO_FILES := $(wildcard locales/*/LC_MESSAGES/*.po)
# Options for one run: make demo ARGS="--participants 40", make test ARGS="-k sealing".
ARGS ?=
# The tests' database, browser and letters come from Debian; .ci/debian brings them where it may.
PYTEST := $(BIN)/pytest -n auto --maxprocesses 4 --dist loadgroup --no-fold-skipped
# The faults come last and alone: their bots, simulator and people keep two cores busy by themselves.
FAULTS := $(BIN)/pytest tests/faults --no-fold-skipped
COVERED := --ignore=tests/faults --cov=flows --cov=storage/envelope --cov=privacy --cov=reports --cov-report=

# Targets share one .venv: they run one after the other.
.NOTPARALLEL:
.PHONY: help install demo test faults check bench format lock sabotage docs

help: ## says what each target does
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile

install: .venv/.runtime .venv/.catalogues ## makes .venv with the `sauti` command, from pinned and hashed packages

demo: install ## runs the whole story with invented people and prints where to look
	@$(BIN)/sauti demo $(ARGS)

test: .venv/.dev .venv/.catalogues ## runs all tests; as root on Debian it first installs what they need, and says so
	@.ci/debian
	@rm -f .coverage
	@$(if $(ARGS),$(PYTEST) $(ARGS),.ci/every "$(PYTEST) $(COVERED)" "$(BIN)/python -m tests.architecture.coverage_gate" "$(FAULTS)")

check: .venv/.dev ## types, style, walls between rooms, dependencies, generated pages; names all that fails
	@.ci/every \
		"$(BIN)/ruff check ." \
		"$(BIN)/ruff format --check ." \
		"$(BIN)/mypy $(ROOMS) bench tests docs" \
		"$(BIN)/lint-imports" \
		"$(BIN)/deptry ." \
		$(patsubst docs/%.py,"$(BIN)/python -m docs.% --check",$(wildcard docs/generate_*.py))

faults: .venv/.dev .venv/.catalogues ## runs only those tests that kill, starve and lie to real processes; a quarter of an hour
	@.ci/debian
	@$(FAULTS) $(ARGS)

sabotage: .venv/.dev .venv/.catalogues ## breaks each rule on purpose and demands that its test notices
	@$(BIN)/python -m tests.sabotage.replay $(ARGS)

bench: install .venv-bench/.peers ## measures this machine: our bot beside others, in the same dialogue (ARGS="intake --quick")
	@$(BIN)/sauti bench $(or $(ARGS),intake)

format: .venv/.dev ## formats the code and repairs what can be repaired by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.dev ## writes the generated pages again
	@.ci/every $(patsubst docs/%.py,"$(BIN)/python -m docs.%",$(wildcard docs/generate_*.py))

LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11
lock: .tools/bin/uv ## pins all packages again (ARGS=--upgrade takes newer ones)
	$(LOCK) $(ARGS) requirements/uv.in -o requirements/uv.txt
	$(LOCK) $(ARGS) requirements/build.in -o requirements/build.txt
	$(LOCK) $(ARGS) pyproject.toml -o requirements/runtime.txt
	$(LOCK) $(ARGS) pyproject.toml --group dev -o requirements/dev.txt
	$(LOCK) $(ARGS) requirements/bench.in -o requirements/bench.txt

# --- the machinery behind `install` -----------------------------------------------------------------------------------

.tools/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("Sauti needs Python 3.11 or later: make PYTHON=/path/to/python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m pip install --quiet --root-user-action ignore --upgrade --target .tools --require-hashes -r requirements/uv.txt
	@touch $@

.venv/bin/python: | .tools/bin/uv
	@$(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv

# The smaller environment of a machine that only runs Sauti. It takes the tools of .dev away, so it takes the mark too.
.venv/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | .venv/bin/python
	@rm -f .venv/.dev
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/runtime.txt requirements/build.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# Everything of .runtime and build, with the same pins (a test compares), and the tools.
.venv/.dev: requirements/dev.txt pyproject.toml | .venv/bin/python
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch .venv/.runtime $@

# The peers of `bench`: other people's libraries, never in an environment that a bot or a desk runs in.
.venv-bench/.peers: requirements/bench.txt | .tools/bin/uv
	@$(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" --clear .venv-bench
	@$(UV) pip sync --quiet --python .venv-bench/bin/python --require-hashes requirements/bench.txt
	@touch $@

.venv/.catalogues: $(PO_FILES) locales/compile.py | .venv/bin/python
	@[ -e .venv/.runtime ] || $(MAKE) .venv/.runtime
	@$(BIN)/python -m locales.compile
	@touch $@
