# make chat   set up if needed, add the sample library the first time, serve the chat page (PORT=7860)
# make test   set up if needed, run all tests, two files at a time
# make check  lint and types
# make screenshots   pictures of the page into run/screenshots, and those that the README shows into docs
PYTHON ?= python3
PORT ?= 7860
ASSISTANT_HOME ?= $(CURDIR)/run/library
BIN := .venv/bin
export ASSISTANT_HOME

.PHONY: chat test check screenshots setup clean
setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=…)."; exit 2; }
	@echo "Setting up in .venv (some minutes the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

chat: .venv/ready
	@test -e "$(ASSISTANT_HOME)/catalogue.sqlite" || $(BIN)/assistant add corpus/samples
	@$(BIN)/assistant chat --port $(PORT)

test: .venv/ready
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/ready
	@$(BIN)/ruff check . && $(BIN)/mypy

screenshots: .venv/ready
	@$(BIN)/python -m pytest -q tests/test_screenshots.py
	@$(BIN)/python -m scripts.pictures

clean:
	rm -rf .venv run
