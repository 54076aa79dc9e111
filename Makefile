# Every target sets up .venv by itself, once, and again when the requirements change.
# Needs git, make and Python 3.11 or later.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done)
BIN := .venv/bin
ROOMS := inbox integrations router responders store workspace sandbox tierdesk
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.PHONY: demo test bench run venv networks lock
.DEFAULT_GOAL := demo

demo: .venv/.installed
	@$(BIN)/tierdesk demo

test: .venv/.tools
	@echo "Checking format, lint, types and imports, then running the tests"
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

bench: .venv/.tools
	@echo "Measuring"
	@$(BIN)/python -m benchmarks

run: .venv/.installed
	@test -n "$(DIR)" || { echo "Say which configuration: make run DIR=folder. To begin one: $(BIN)/tierdesk init folder"; exit 1; }
	@$(BIN)/tierdesk run "$(DIR)"

venv: .venv/.installed
	@echo "$(BIN)/tierdesk is ready"

networks: .venv/.installed
	@echo "Installing the libraries of all networks into .venv"
	@$(PIP) --no-deps --require-hashes -r requirements-networks.txt

# Only for those who change dependencies: the locks are kept as they are where nothing forces a change.
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
DEMO := --extra postgresql --extra sandbox --extra x
NETWORKS := $(DEMO) --extra bluesky --extra googleplay --extra appstore --extra reddit
lock: .venv/bin/python
	@echo "Locking the versions of what Tierdesk needs"
	@$(PIP) uv
	@$(LOCK) $(DEMO) -o requirements.txt
	@$(LOCK) $(NETWORKS) -c requirements.txt -o requirements-networks.txt
	@$(LOCK) $(NETWORKS) --extra semantic --extra dev -c requirements-networks.txt -o requirements-dev.txt

# The requirements are complete, so pip resolves nothing (--no-deps): its resolver would look at newer releases and
# refuse them for having no hash. pip checks the hash of every file; our own package has none and is installed as it
# stands here. pip compiles what it copies, so what stays here is compiled beside it: where Python may not write its
# bytecode itself (PYTHONDONTWRITEBYTECODE), every start would compile 300 modules anew, a quarter of it. So are the
# words of all languages, by the first message that is looked at.
.venv/.installed: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Tierdesk needs into .venv"
	@$(PIP) --no-deps --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q $(ROOMS)
	@$(BIN)/tierdesk rules explain hello > /dev/null
	@touch $@

.venv/.tools: requirements-dev.txt .venv/.installed
	@echo "Installing the tools for tests into .venv"
	@$(PIP) --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Tierdesk needs Python 3.11 or later, and none was found. Install it, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) comes without its venv module. Install it: on Debian and Ubuntu with apt install python3-venv"; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv --clear .venv
