# make help lists the targets. Everything is set up by itself on first use.

PYTHON ?= python3
RAW ?= raw
WAREHOUSE ?= warehouse
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup clients refresh status test test-whole test-real test-built test-slow test-long test-site test-site-long site spark lint types format dictionary sample bench bench-history bench-pairs bench-spark soak proofs clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14
	@echo "Places: make refresh RAW=dir WAREHOUSE=dir"

# Where something else was installed over the checkout (pip install .), it would be used instead.
INSTALLED := $(wildcard $(VENV)/lib/python3*/site-packages/__editable__*cms_fee_schedules*)

# Debian ships venv apart from python3, so it is installed where that is allowed.
$(VENV)/.base: pyproject.toml $(if $(INSTALLED),,FORCE)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "error: Python 3.11 or later is needed; name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -q -y python3-venv; } \
	  || { echo "error: Python's venv is missing; install it with: apt-get install python3-venv"; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

FORCE:

setup: $(VENV)/.dev ## Make .venv with the pinned packages

refresh: $(VENV)/.base ## Bring the warehouse up to what lies in raw/ (SITE=1: with the code browser)
	@$(BIN)/fees refresh --raw "$(RAW)" --warehouse "$(WAREHOUSE)" $(if $(SKIP),--skip "$(SKIP)") $(if $(SITE),--site) \
	  || { code=$$?; [ $$code -eq 11 ] || exit $$code; } # 11: published, with warnings

status: $(VENV)/.base ## Say what the warehouse holds
	@$(BIN)/fees status --warehouse "$(WAREHOUSE)"

# The versions stand in tests/test_duckdb_clients.py too.
CLIENTS := .venv-duckdb-1.2.2/.done .venv-duckdb-1.4.5/.done

clients: $(CLIENTS) ## Install older DuckDB clients, which the tests open the database with

.venv-duckdb-%/.done:
	@$(PYTHON) -m venv .venv-duckdb-$*
	@.venv-duckdb-$*/bin/python -m pip install --quiet --disable-pip-version-check duckdb==$*
	@touch $@

# By files, in their order: the few long tests of small files would else come last, one beside nobody.
SIDE_BY_SIDE := -n auto --dist loadfile --no-loadscope-reorder

test: $(VENV)/.dev ## Run the everyday tests, in some two minutes
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m 'not whole and not slow and not spark' --ignore=tests/browser

test-whole: $(VENV)/.dev ## Run the tests that build whole warehouses or price whole files
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m 'whole and not slow and not spark' --ignore=tests/browser

$(VENV)/.spark: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,spark]'
	@touch $@

spark: $(VENV)/.spark ## Run the tests on Apache Spark (needs Java 17)
	@$(BIN)/python -m pytest -m spark -rs

# The pages of CMS's own files are looked at here, where those are loaded, once make test-site has set
# the browser up.
test-real: $(VENV)/.dev ## Hold CMS's own files, where they are, against CMS's own amounts
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m 'real and slow and not long'

# The two before in one run, so that all tests are collected once.
test-built: $(VENV)/.browser ## Run what test-whole and test-real run
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m '(whole and not slow or real and slow and not long) and not spark'

test-slow: $(VENV)/.dev $(CLIENTS) ## Run the tests that take long: kills, damages and full disks by the dozen
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m 'slow and not real and not long' --ignore=tests/browser

site: $(VENV)/.base ## Write the code browser, a folder of pages
	@$(BIN)/fees site --warehouse "$(WAREHOUSE)"

$(VENV)/.browser: $(VENV)/.dev
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null \
	  || { echo "error: Chromium is missing; install it with: apt-get install chromium-headless-shell"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	@touch $@

test-site: $(VENV)/.browser ## Run the tests of the pages in a headless Chromium
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) tests/browser -m 'not real and not long'

test-site-long: $(VENV)/.browser ## Hold the page of every code of CMS's own releases against the tables
	@$(BIN)/python -m pytest tests/browser -m long

lint: $(VENV)/.dev ## Check style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/python -m schemas.dictionary --check && $(BIN)/lint-imports --no-cache --no-logo

types: $(VENV)/.dev ## Check types
	@$(BIN)/mypy

format: $(VENV)/.dev ## Put the code into its standard form
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

dictionary: $(VENV)/.base ## Write the data dictionary from schemas/
	@$(BIN)/python -m schemas.dictionary

sample: $(VENV)/.dev ## Build pipeline/sample/ from its tables of figures
	@$(BIN)/python -m pipeline.sample.builder

# What is measured is what users install: beside the packages of the tests (pandas, say, which
# Pandera loads where it is there) each command takes up to a second longer.
BENCH := .venv-bench

$(BENCH)/.bench: pyproject.toml
	@[ -x $(BENCH)/bin/python ] || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

bench: $(BENCH)/.bench ## Measure against naive scripts, and by stages, in one run
	@$(BENCH)/bin/python -m tests.bench

bench-history: $(BENCH)/.bench ## Measure a release more beside 1, 25 and 100, and the worked queries
	@$(BENCH)/bin/python -m tests.bench.history

bench-pairs: $(BENCH)/.bench ## Measure two quarters of 2.5 million made edits of pairs
	@$(BENCH)/bin/python -m tests.bench.pairs

bench-spark: $(VENV)/.spark ## Price ten million lines on Apache Spark and on DuckDB, and compare (needs Java 17)
	@$(BIN)/python -m tests.bench.spark

soak: $(VENV)/.dev ## Kill, fill and damage by the hundred, and print what came of it
	@$(BIN)/python -m tests.soak $(SOAK)

proofs: $(VENV)/.dev ## Exchange and shift every column of CMS's real files, and print what came of it
	@EVERY_PROOF=1 $(BIN)/python -m pytest -m slow tests/test_proofs_by_value.py

test-long: $(VENV)/.dev ## Run the tests that take longest: every damage of the state, every quarter since 2020
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) --ignore=tests/browser -m long

clean: ## Remove what can be made again, but no warehouse
	@rm -rf $(VENV) .venv-* .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info build
