# One command each, safe to run again: what is done is skipped.
#   make demo      set up everything, build the demo bank, ask three questions
#   make test      set up everything, then lint, types, import contracts and every test
#   make nightly   the tests that take longer
#   make lock      write requirements/*.lock again (needs uv)
# T2SQL_CUDA=1 builds the llm's library for an NVIDIA GPU (untested).

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# PYTHONPATH of the caller could shadow the checkout; the page must not phone home even for a first-run check.
export PYTHONPATH :=
export PYTHONUTF8 := 1
export T2SQL_CUDA ?=

.PHONY: help setup setup-dev system weights small-weights bank demo lint types contracts unit checks test nightly lock clean

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@$(PYTHON) scripts/set_up.py

setup-dev:
	@$(PYTHON) scripts/set_up.py --dev

system:
	@scripts/system_packages.sh

weights:
	@$(BIN)/t2sql llm pull

# The second llm that tests compare with the first.
small-weights:
	@$(BIN)/t2sql llm pull qwen2.5-coder-0.5b

bank:
	@$(BIN)/t2sql demo build
	@$(BIN)/t2sql index

demo: setup
	@$(MAKE) weights bank
	@$(BIN)/python scripts/demo_questions.py

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy --strict t2sql ui

contracts:
	$(BIN)/lint-imports

# Cheap checks first, so that a slip is told before weights and bank are made.
checks: setup-dev
	@$(MAKE) lint types contracts

test: checks system
	@$(MAKE) weights small-weights bank
	$(BIN)/python -m pytest

nightly: checks system
	@$(MAKE) weights small-weights bank
	$(BIN)/python -m pytest -m nightly

lock:
	requirements/lock.sh

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis t2sql.egg-info build
