# Two commands carry the project: `make run` and `make test`. Everything else is a part of them or a stricter look.
# The environment lives in .venv and is made here; nothing outside this folder is touched.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
SCENARIO ?= baseline
RESULT ?= xiancheng_run
WORKERS ?= auto
TESTS := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
export XIANCHENG_CACHE ?= $(CURDIR)/$(VENV)/cache

.PHONY: run serve test quick study pictures docs newest pins check licences environment clean help

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.ready-run ## the baseline from the census of 2020 to 2035, shown and written to xiancheng_run/
	$(BIN)/xiancheng run $(SCENARIO)

serve: $(VENV)/.ready-serve ## the page: change a lever, see the province change
	$(BIN)/xiancheng serve

test: $(VENV)/.ready-test ## every test but the slow ones
	$(TESTS)

quick: $(VENV)/.ready-test ## the tests that take seconds; under 3 minutes
	$(TESTS) -m "not study and not long"

study: $(VENV)/.ready-test ## the slow cases
	$(TESTS) -m study

pictures: $(VENV)/.ready-test ## the pictures of the page in docs/images, drawn anew
	PYTHONPATH=tests $(BIN)/python tests/page/pictures.py

docs: $(VENV)/.ready-test ## the site of the docs in build/site, with the books made from equations, tables and code; opens offline
	$(BIN)/python -m books
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

newest: ## the tests with the newest versions that pyproject.toml allows, in an environment of their own; takes long
	@$(MAKE) --no-print-directory test VENV=.venv-newest INSTALL='.venv-newest/bin/python -m pip install -qq -U' \
		TESTS='.venv-newest/bin/python -m pytest -n $(WORKERS) --dist loadfile -k "not pinned"'

pins: $(BIN)/python ## asks the installer whether constraints.txt fits every Python that we name; needs a network
	$(BIN)/python .ci/pins.py

check: $(VENV)/.ready-test ## style and types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy

licences: $(VENV)/.ready-test ## refuses GPL and AGPL among everything that gets installed
	$(BIN)/python .ci/licences.py

environment: $(VENV)/.ready-test ## .venv with all that work on the project needs

clean: ## forgets .venv and caches, keeps results
	rm -rf $(VENV) .venv-newest .mypy_cache .ruff_cache .pytest_cache dist build

$(VENV)/.ready-run: pyproject.toml constraints.txt | $(BIN)/python
	@echo 'installing xiancheng into $(VENV): a minute or two the first time'
	@$(INSTALL) -e '.[plots]'
	@touch $@

$(VENV)/.ready-serve: pyproject.toml constraints.txt | $(BIN)/python
	@echo 'installing xiancheng and its page into $(VENV): a minute or two the first time'
	@$(INSTALL) -e '.[plots,web]'
	@touch $(VENV)/.ready-run $@

$(VENV)/.ready-test: pyproject.toml constraints.txt | $(BIN)/python
	@echo 'installing xiancheng and its tests into $(VENV): a minute or two the first time'
	@$(INSTALL) -e '.[test]'
	@touch $(VENV)/.ready-run $(VENV)/.ready-serve $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer, or name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11: name a newer one, as in: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) has no venv module: install it (on Debian and Ubuntu the package python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
