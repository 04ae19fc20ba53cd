# The two commands of the README do all the set-up: `make run` and `make test`.
PYTHON ?= python3
BIN = .venv/bin
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

lint: .venv/dev.stamp  ## ruff and mypy strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/dev.stamp  ## docs/indicators.md, from the table of indicators
	$(BIN)/python -m strategies.page docs/indicators.md

schema: .venv/dev.stamp  ## config/schema/*.json, by which editors complete and check the files
	for file in fleet strategy; do \
	  $(BIN)/fleet schema $$file --config config > config/schema/$$file.new && \
	  mv config/schema/$$file.new config/schema/$$file.json || exit 1; done

starter: fleet/starter/compose.yml  ## what `fleet init` writes for containers: the same without the source

fleet/starter/compose.yml: docker-compose.yml
	sed '/^  build: \.$$/d' $< > $@

bench: .venv/dev.stamp  ## the figures, side by side with the alternatives
	$(BIN)/python -m benchmarks

.venv/run.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

lock:  ## renew the lock files (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes -q --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes -q --upgrade -o requirements-dev.lock

clean:  ## remove the environment and the demo's data
	rm -rf .venv data/demo build *.egg-info

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.PHONY: run test containers soak witness breaks lint docs schema starter bench lock clean help
