# Every command of the project; `make help` lists them.
SHELL := /bin/bash
# What Python keeps of the tests' files is kept: each worker would work it out anew.
unexport PYTHONDONTWRITEBYTECODE
VENV ?= .venv
BIN := $(VENV)/bin
# Of two builds of one version Debian's own is taken: it is a fifth faster than what version managers build by default.
PYTHON ?= $(shell version='import sys; print(sys.version_info[:2])'; \
	[ "$$(/usr/bin/python3 -c "import ensurepip; $$version" 2>&1)" = "$$(python3 -c "$$version" 2>&1)" ] \
	&& echo /usr/bin/python3 || echo python3)
# One more than there are cores: browsers and servers are waited for.
WORKERS ?= $(shell expr $$(nproc) + 1)
# A file stays with one worker: the web process or the world that it makes for all its tests is made once.
SPREAD = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
SUPABASE_CLI := supabase@3.1.0
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help demo serve test check lint types unit contracts journeys browser chromium lock schema reference clean \
	audit-dependencies supabase-check supabase-tools permission-matrix erasure-proof crash-test provider-ledger-test \
	bench-ingest bench-dashboard bench-policies bench-audit bench-retention bench-receiving bench-webhooks \
	bench-systems

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 30

# --- set-up -----------------------------------------------------------------------------------------------------------

# A Debian without python3-venv gets it by apt where that is allowed.
$(VENV)/bin/python:
	@echo "Making the virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || \
		{ rm -rf $(VENV); [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null \
		  && $(PYTHON) -m venv $(VENV); } || \
		{ echo "Python's venv module is missing: install the package python3-venv and try again."; exit 1; }

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Installing the locked dependencies …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 src
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/.run
	@echo "Installing the tools of development …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

chromium: ## Install Chromium for the browser tests, where it is missing and apt may be used
	@for package in chromium chromium-headless-shell; do \
		command -v $$package >/dev/null || { [ "$$(id -u)" = 0 ] && { apt-get update -qq || true; } && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$package >/dev/null; } || \
		echo "$$package is missing and cannot be installed by this user."; done
	@command -v chromium >/dev/null || echo "The browser tests will be skipped."

# --- run --------------------------------------------------------------------------------------------------------------

demo: $(VENV)/.run ## Start FLOW with four simulated restaurants and print where and how to log in
	@$(BIN)/flow demo

# --- prove ------------------------------------------------------------------------------------------------------------

test: ## Install what is needed and run every check and test
	@$(MAKE) --no-print-directory --output-sync=line --jobs=3 chromium lint types
	@$(BIN)/python -m pytest $(SPREAD) tests

check: test ## What CI runs

lint: $(VENV)/.dev ## Style and layers
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@found=$$($(BIN)/lint-imports --no-cache 2>&1) || { echo "$$found"; exit 1; }

types: $(VENV)/.dev ## Types
	@$(BIN)/mypy

unit contracts journeys browser: $(VENV)/.dev ## One part of the tests: unit, contracts, journeys or browser
	@$(BIN)/python -m pytest $(SPREAD) \
		$(if $(filter unit,$@),tests --ignore=tests/contracts --ignore=tests/journeys --ignore=tests/browser,tests/$@)

bench-ingest: $(VENV)/.run ## Measure event ingest against a plain COPY and an empty endpoint
	@$(BIN)/python -m bench.ingest

bench-webhooks: $(VENV)/.run ## Measure outgoing webhooks: 500 events/s to 20 endpoints, five that hang, a worker killed
	@$(BIN)/python -m bench.webhooks_out

bench-dashboard: $(VENV)/.run ## Measure the executive page and the roll-up over 10 million events
	@$(BIN)/python -m bench.dashboard

bench-systems: $(VENV)/.run ## Measure the page of integrations over a month with a million calls
	@$(BIN)/python -m bench.systems

permission-matrix: $(VENV)/.dev ## Walk every role, table and operation, and open every policy and grant by hand
	@$(BIN)/python -m bench.permissions

bench-policies: $(VENV)/.run ## Measure what row level security costs the dashboard of the largest restaurant
	@$(BIN)/python -m bench.policies

bench-audit: $(VENV)/.run ## Measure what the chain of the audit log costs its writers, and how fast it is checked
	@$(BIN)/python -m bench.audit

bench-retention: $(VENV)/.run ## Let ten million old events go while new ones come in
	@$(BIN)/python -m bench.retention

erasure-proof: $(VENV)/.run ## Erase a guest who is in every table, and search a dump of the database for her
	@$(BIN)/python -m bench.erasure

crash-test: $(VENV)/.run ## Kill web process and PostgreSQL under load; nothing may be lost or doubled
	@$(BIN)/python -m bench.crash

bench-receiving: $(VENV)/.run ## Measure incoming webhooks, verified and committed, against an empty endpoint
	@$(BIN)/python -m bench.webhooks_in

provider-ledger-test: $(VENV)/.run ## Let ten thousand webhooks come, many twice and none in order, and compare with the providers' books
	@$(BIN)/python -m bench.ledger

supabase-check: $(VENV)/.dev supabase-tools ## Prove that FLOW is the same on plain PostgreSQL, on Supabase and behind a pooler
	@$(BIN)/python -m bench.supabase

# The oldest PostgreSQL that FLOW supports, PgBouncer and the Supabase CLI: what is missing, where apt and npm may be used.
supabase-tools:
	@for package in "postgresql-15 /usr/lib/postgresql/15/bin/postgres" "pgbouncer /usr/sbin/pgbouncer" \
		"nodejs $$(command -v node || echo missing)" "npm $$(command -v npm || echo missing)"; do set -- $$package; \
		[ -e $$2 ] || { [ "$$(id -u)" = 0 ] && { apt-get update -qq || true; } && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$1 >/dev/null; } || \
		echo "$$1 is missing and cannot be installed by this user."; done
	@[ -x .tools/node_modules/.bin/supabase ] || \
		npm install --loglevel=error --no-audit --no-fund --no-save --prefix .tools $(SUPABASE_CLI) || \
		echo "The Supabase CLI is missing and cannot be installed."

# --- keep -------------------------------------------------------------------------------------------------------------

audit-dependencies: $(VENV)/bin/python ## Ask the Python advisory database about every locked version (needs the network)
	@test -x .tools/pip-audit/bin/pip-audit || { $(PYTHON) -m venv .tools/pip-audit && \
		.tools/pip-audit/bin/pip install --quiet --disable-pip-version-check pip-audit; }
	@.tools/pip-audit/bin/pip-audit --disable-pip --require-hashes -r requirements.txt -r requirements-dev.txt

lock: $(VENV)/bin/python ## Resolve the dependencies anew and write the lock files
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	@$(COMPILE) --extra build --output-file requirements.txt pyproject.toml
	@$(COMPILE) --extra build --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

schema: $(VENV)/.dev ## Write supabase/schema.sql anew from the migrations
	@$(BIN)/flow schema > supabase/schema.sql

reference: $(VENV)/.dev ## Write docs/reference anew from the code
	@$(BIN)/flow reference docs/reference

clean: ## Remove the virtual environment and caches; the demo's data in .flow stay
	@rm -rf $(VENV) .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis
