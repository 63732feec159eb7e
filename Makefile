# One command each; every target sets up .venv by itself, once.

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help demo test lint bench picture clean
.DEFAULT_GOAL := help

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

demo: $(VENV)/.ready ## run both labs
	@$(RUN) driver.py run

test: $(VENV)/.ready-dev ## run the tests, with branch coverage
	@rm -f .coverage .coverage.*
	@$(RUN) -m coverage run -m pytest
	@# What tests kill may leave half a data file behind; it is passed over.
	@$(RUN) -W ignore -m coverage combine --quiet
	@$(RUN) -m coverage report

lint: $(VENV)/.ready-dev ## check style and types
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

bench: $(VENV)/.ready-dev ## measure against the peers; takes half an hour
	@for file in benchmarks/bench_*.py; do $(RUN) -m benchmarks.$$(basename $$file .py) || exit 1; done

picture: $(VENV)/.ready-dev ## draw docs/run.svg anew, from a real run
	@$(RUN) docs/make_picture.py

clean: ## remove .venv, caches and what tests left; runs under output/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* wirelab.egg-info build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer found. hint: install one, or make PYTHON=/path/to/it" >&2; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is no Python 3.11 or newer. hint: make PYTHON=/path/to/one" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "hint: on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.ready: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV), once ..." >&2
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
