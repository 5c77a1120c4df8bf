# Every command of the house. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo up test test-slow check bench format lock messages
SHELL := /bin/bash
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest -n 2

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: up ## everything from nothing: install, start, load the demo city, serve it
up: ## start the site again (same as demo; data are kept in var/)
	@tools/install
	@exec $(PYTHON) manage.py up

test: ## the tests, without the slow ones
	@tools/install --dev
	$(PYTEST) -m "not slow"

test-slow: ## the long fault and scale runs
	@tools/install --dev
	$(PYTEST) -m slow

check: ## all that the gate asks: format, lint, types, layers, migrations, tests, demo, doctor
	@tools/install --dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(MAKE) --no-print-directory test
	@tools/rehearse

bench: ## measure speed
	@tools/install --dev
	@for bench in tests/benches/*_bench.py; do \
		echo "== $$bench"; $(PYTHON) -m tests.benches.$$(basename $$bench .py) || exit 1; \
	done

format: ## format the code and mend what ruff can mend
	@tools/install --dev
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

lock: ## renew the lock files from pyproject.toml
	@tools/lock

messages: ## gather the texts to translate, and compile the catalogues
	@tools/install --dev
	$(PYTHON) -m tools.messages
