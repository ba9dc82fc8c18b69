# make demo    compare two strategies and print where the report is
# make test    style, types, import contracts and tests
#
# PYTHON=python3.12 chooses the interpreter of a new .venv, WORKERS=4 the number of test processes.

PYTHON ?= python3
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
EXTRAS := test,lint,data,dask,xlsx
PIP := -m pip --quiet --no-input --disable-pip-version-check
DEMO := outputs/demo

# Stamps: pip runs again only when the dependencies (or the interpreter) change.
INSTALLED := $(VENV)/installed
INSTALLED_TEST := $(VENV)/installed-test

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test kernel lint bench evidence evidence-refresh pages constraints clean

help:
	@echo "make demo         compare two strategies and print where the report is"
	@echo "make test         style, types, import contracts and tests"
	@echo "make lint         the same without the tests"
	@echo "make bench        measure speed and memory, beside peers"
	@echo "make evidence     compare all rows of the evidence with tests/evidence/validation.csv"
	@echo "make evidence-refresh  write that table anew, after a change that was meant"
	@echo "make pages        measure the figures of the pages on presets and playbooks anew, half an hour"
	@echo "make constraints  take the newest versions that the bounds allow into constraints.txt"
	@echo "make clean        remove .venv and caches (results in outputs/ stay)"

demo: $(INSTALLED)
	@$(BIN)/fishpond compare 'strategies=[kill_pig,fish_raising]' \
		replications=20 population.size=2000 horizon_days=180 out=$(DEMO)
	@echo "Report: $(DEMO)/report.html"

test: $(INSTALLED_TEST)
	@$(MAKE) --no-print-directory -j2 lint kernel
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope

# Compiled once, before the workers start: otherwise each of them compiles for itself.
kernel: $(INSTALLED_TEST)
	@$(BIN)/python -c "from sim.compiled import warm_up; print(f'Kernel ready after {warm_up():.1f} s')"

lint: $(INSTALLED_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks

# All rows in the quick size, two to three minutes; make test compares them, too, one after the other beside other tests.
evidence: $(INSTALLED_TEST)
	@$(BIN)/python -m tests.evidence

evidence-refresh: $(INSTALLED_TEST)
	@$(BIN)/python -m tests.evidence refresh

pages: $(INSTALLED)
	@$(BIN)/python -m benchmarks.pages

constraints:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && \
	"$$folder/bin/python" $(PIP) install '.[$(EXTRAS)]' && \
	"$$folder/bin/python" $(PIP) freeze --exclude fishpond > "$$folder/versions" && \
	tr 'A-Z_' 'a-z-' < "$$folder/versions" | LC_ALL=C sort > constraints.txt
	@echo "constraints.txt is new: run make test, then see git diff constraints.txt"

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find sim experiments configs tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(INSTALLED): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing fishpond into $(VENV): about a minute the first time"
	@$(BIN)/python $(PIP) install -c constraints.txt -e .
	@touch $@

$(INSTALLED_TEST): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing fishpond and its tests' tools into $(VENV): about a minute the first time"
	@$(BIN)/python $(PIP) install -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $(INSTALLED) $@

# A link to the interpreter, so a .venv whose interpreter is gone is made anew.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "fishpond needs Python 3.11 or newer, and '$(PYTHON)' is not: name one, as in 'make PYTHON=python3.12'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "'$(PYTHON)' cannot make virtual environments: install its venv package ('apt-get install python3-venv' on Debian)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
