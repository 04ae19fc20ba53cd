# The two commands of the README do all the set-up: `make run` and `make test`.
PYTHON ?= python3
BIN = .venv/bin
SHELL = bash
PIP = set -o pipefail; $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off
# What pip says in one line for each package as it comes: how many of how many, name and version.
PROGRESS = { n=0; of=$$(grep -c '^[a-zA-Z].*==' $<); while read -r word name rest; do case $$word in \
  Collecting) n=$$((n + 1)); name=$${name%%;*}; echo "  $$n/$$of  $${name/==/ }";; \
  Installing) echo "  unpacking them";; ERROR*|WARNING*) echo "$$word $$name $$rest" >&2;; esac; done; }
export PYTHONDONTWRITEBYTECODE =

run: .venv/run.stamp  ## the demo fleet: no account, no key, no internet
	$(BIN)/fleet demo

test: .venv/dev.stamp  ## all tests
	$(BIN)/python -m pytest -n auto --dist loadfile
	@$(MAKE) --no-print-directory containers

containers: .venv/dev.stamp  ## the fleet in real containers; skipped where no Docker engine answers
	$(BIN)/python -m pytest tests/containers --timeout 900 -n 0 -rs

soak: .venv/dev.stamp  ## everything happens to a fleet for an hour; SEED=n repeats one
	$(BIN)/python -m tests.soak $(if $(SEED),--seed $(SEED))

witness: .venv/dev.stamp  ## a second trader walks candles drawn by seed beside the product; SEED=n, BARS=n
	$(BIN)/python -m tests.witness --seed $(or $(SEED),1) --bars $(or $(BARS),1000)

breaks: .venv/dev.stamp  ## the product is broken line by line, and the witness must notice; SEED=n, COUNT=n
	$(BIN)/python -m tests.witness --breaks $(or $(COUNT),40) --seed $(or $(SEED),1)

mutants: .venv/dev.stamp  ## the product is broken by seed, and its fast tests must notice; SEED=n, COUNT=n, ROOM=name
	$(BIN)/python -m tests.mutants --seed $(or $(SEED),1) --count $(or $(COUNT),20) $(ROOM)

lint: .venv/dev.stamp  ## ruff and mypy strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/dev.stamp  ## docs/indicators.md, from the table of indicators
	$(BIN)/python -m strategies.indicators_page docs/indicators.md

schema: .venv/dev.stamp  ## config/schema/*.json, by which editors complete and check the files
	for file in fleet strategy; do \
	  $(BIN)/fleet schema $$file --config config > config/schema/$$file.new && \
	  mv config/schema/$$file.new config/schema/$$file.json || exit 1; done

exchanges: .venv/dev.stamp  ## domain/exchanges.txt, the names that ccxt knows; after a new ccxt
	$(BIN)/python -c 'import ccxt; print(*sorted(ccxt.exchanges), sep="\n")' > domain/exchanges.txt

starter: fleet/starter/compose.yml  ## what `fleet init` writes for containers: the same without the source

fleet/starter/compose.yml: docker-compose.yml
	sed '/^  build: \.$$/d' $< > $@

pictures: .venv/dev.stamp  ## docs/live.svg and docs/chart.svg, of a demo
	$(BIN)/fleet demo
	$(BIN)/python -m tests.pictures data/demo/trading.db docs

bench: .venv/dev.stamp  ## the figures, side by side with the alternatives
	$(BIN)/python -m benchmarks

.venv/run.stamp: requirements.lock pyproject.toml
	@echo "Making the environment in .venv, once: some 300 MB of packages, one or two minutes. Ctrl-C stops; make goes on later."
	@$(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.lock | $(PROGRESS)
	@$(PIP) -qq --no-deps --no-build-isolation -e .
	@touch $@
	@echo "Ready: \`. .venv/bin/activate\` puts \`fleet\` on the path."

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Adding what the tests need."
	@$(PIP) --require-hashes -r requirements-dev.lock | $(PROGRESS)
	@touch $@

lock:  ## renew the lock files (needs uv), and see that each package has a wheel for Linux on x86-64 and ARM
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes -q --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes -q --upgrade -o requirements-dev.lock
	for machine in x86_64 aarch64; do for version in 3.11 3.12 3.13 3.14; do \
	  uv pip install -q --dry-run --require-hashes --only-binary :all: --no-deps --target .venv/none \
	    --python-platform $$machine-manylinux_2_28 --python-version $$version -r requirements-dev.lock || exit 1; done; done

clean:  ## remove the environment and the demo's data
	rm -rf .venv data/demo build *.egg-info

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.PHONY: run test containers soak witness breaks mutants lint docs schema exchanges starter pictures bench lock clean help
