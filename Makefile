# The first of these that is a supported Python; PYTHON=… takes another one.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && exit; done; echo python3)
PORT ?= 8000
VENV := .venv/bin/python
PYTEST := $(VENV) -m pytest -n auto --maxprocesses 4 --dist worksteal
TEMPLATES = find . -name '*.html' -path '*/templates/*' -not -path './.venv/*'
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"

.DEFAULT_GOAL := help
.PHONY: help run test lint format messages requirements shell clean install install-dev

help:
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: install  ## install, load the starter archive, serve on 127.0.0.1 (PORT=8000)
	@DEBUG=$${DEBUG-1} $(VENV) manage.py serve --port $(PORT)

test: install-dev  ## run the tests on SQLite, then on PostgreSQL if it is installed (ARGS="-k wire")
	@echo "Tests on SQLite"
	@env -u DATABASE_URL $(PYTEST) $(ARGS)
	@echo "Tests on PostgreSQL"
	@$(VENV) tools/with_postgres.py $(PYTEST) $(ARGS)

lint: install-dev  ## check style, formatting, migrations and settings
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(TEMPLATES) -exec .venv/bin/djade --check {} +
	@DEBUG=1 $(VENV) manage.py makemigrations --check --dry-run
	@DEBUG=1 $(VENV) manage.py check

format: install-dev  ## put code and templates into their one format
	@$(VENV) -m ruff check --fix .
	@$(VENV) -m ruff format .
	@$(TEMPLATES) -exec .venv/bin/djade {} + || true  # 1 also means: rewritten

messages: install  ## compile the translations in locale/
	@$(VENV) -m babel.messages.frontend compile -d locale -D django

requirements:  ## pin requirements*.in into requirements*.txt (needs uv; ARGS=--upgrade)
	@$(COMPILE) $(ARGS) requirements.in -o requirements.txt
	@$(COMPILE) $(ARGS) requirements-dev.in -o requirements-dev.txt

shell: install  ## open a Python shell with the models loaded
	@DEBUG=$${DEBUG-1} $(VENV) manage.py shell

clean:  ## remove what make made, but never var/, where the archive is
	@rm -rf .venv staticfiles .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

install:
	@$(PYTHON) tools/bootstrap.py requirements.txt

install-dev:
	@$(PYTHON) tools/bootstrap.py requirements-dev.txt
