# Everything a fresh clone needs is python3 (3.11 or later) and make.
PYTHON ?= python3
BIN := .venv/bin
PIP_VERSION := 26.3
RUN_STAMP := .venv/.run-ready
DEV_STAMP := .venv/.dev-ready

.PHONY: run test check format bench screenshots lock clean

run: $(RUN_STAMP)
	@$(BIN)/conduit-tui $(ARGS)

test: $(DEV_STAMP)
	@$(BIN)/python -m pytest $(ARGS)

check: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP)
	@$(BIN)/python -m benchmarks $(ARGS)

screenshots: $(DEV_STAMP)
	@$(BIN)/python -m tests.take_screenshots

# An old pip neither resolves nor installs this set quickly, so the environment brings its own.
.venv/.pip-ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "conduit-tui needs Python 3.11 or later; try: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making .venv (once; under a minute with a fast network)" >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check 'pip==$(PIP_VERSION)'
	@touch $@

$(RUN_STAMP): .venv/.pip-ready requirements.txt pyproject.toml
	@$(BIN)/python -m pip install -q --no-deps -r requirements.txt
	@$(BIN)/python -m pip install -q --no-deps -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.txt
	@$(BIN)/python -m pip install -q --no-deps -r requirements-dev.txt
	@touch $@

# Needs uv. The run lock first; the dev lock is held to it.
lock:
	uv pip compile -q --universal -p 3.11 pyproject.toml -o requirements.txt \
	  --no-emit-index-url --no-header --no-annotate --generate-hashes
	uv pip compile -q --universal -p 3.11 pyproject.toml --group dev -c requirements.txt \
	  -o requirements-dev.txt --no-emit-index-url --no-header --no-annotate --generate-hashes

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
