# The machine needs make and Python 3.11 or newer. Everything else is installed in here, from the locks.
#   FILES narrows lint, types and fix    make lint types FILES="billing tests/billing"
#   ARGS goes on to the command          make test ARGS="-k pay -x"

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PYTHON := $(BIN)/python
TOOLS := tests/node/node_modules/.made
PEERS := botbuilder agents teams
CHAT := sandbox/chat/node_modules/.made
TAB := pages/teams/node_modules/.made
NPM = cd $(1) && PATH="$(CURDIR)/$(BIN):$$PATH" npm
PIP_COMPILE := $(PYTHON) -m piptools compile --quiet --generate-hashes --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.PHONY: help run test check lint types imports house fix bench bench-quick bench-peers screenshot picture words audit vulnerabilities lock chromium clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

run: .venv/.made $(CHAT) $(TAB) ## Start the bot with local stand-ins for Microsoft and Work 365; Ctrl-C stops all of it
	@exec $(PYTHON) -m sandbox --bot $(ARGS)

test: .venv/.made $(CHAT) $(TAB) $(TOOLS) ## Run the tests
	@exec $(PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

check: lint types imports house ## Check format, lint, types, import rules and house rules; no tests

lint: .venv/.made ## Check format and lint, of all or of FILES
	@$(BIN)/ruff format --check $(or $(FILES),.)
	@$(BIN)/ruff check $(or $(FILES),.)

types: .venv/.made $(TOOLS) ## Check types, of all or of FILES
	@$(BIN)/node tests/node/node_modules/pyright/index.js $(FILES)

imports: .venv/.made ## Check who imports whom, by the contracts in pyproject.toml
	@$(BIN)/lint-imports --no-cache --no-logo

house: .venv/.made ## Check the rules that no other tool knows
	@$(PYTHON) -m tests.house

fix: .venv/.made ## Repair what a machine can repair, and format, all or FILES
	@$(BIN)/ruff check --fix --exit-zero $(or $(FILES),.)
	@$(BIN)/ruff format $(or $(FILES),.)

bench: bench-peers ## Run all benchmarks and write their report
	@exec $(PYTHON) -m bench $(ARGS)

bench-quick: .venv/.made ## Run those that fit into two minutes; other SDKs are measured where bench-peers has been made
	@exec $(PYTHON) -m bench --quick $(ARGS)

bench-peers: $(PEERS:%=var/bench/%/.made) ## Install the SDKs that the benchmarks compare with, each in an environment of its own

screenshot: .venv/.made $(CHAT) chromium ## Take the documentation's pictures again
	@exec $(PYTHON) -m docs.screenshot $(ARGS)

picture: .venv/.made ## Draw the packages and their imports again, as the code has them
	@$(PYTHON) -m docs.picture

words: .venv/.made ## Bring the catalogues under locale/ up to date with the sentences in the code
	@$(PYTHON) -m tests.words

audit: .venv/.made ## List the licences of what is shipped, and write its bill of materials to var/sbom.json
	@$(PYTHON) -m deploy.audit

vulnerabilities: .venv/.made ## Ask whether anything locked has a known vulnerability; fails where the package indexes cannot be asked
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements-dev.txt
	@$(call NPM,pages/teams) audit --package-lock-only
	@$(call NPM,sandbox/chat) audit --package-lock-only
	@$(call NPM,tests/node) audit --package-lock-only

lock: .venv/.made ## Lock the dependencies again; ARGS=--upgrade takes newer ones
	@$(PIP_COMPILE) $(ARGS) --output-file requirements.txt pyproject.toml
	@$(PIP_COMPILE) $(ARGS) --allow-unsafe --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	@$(call NPM,tests/node) install --package-lock-only
	@$(call NPM,sandbox/chat) install --package-lock-only
	@$(call NPM,pages/teams) install --package-lock-only

chromium: ## Install Chromium and fonts from Debian's packages, if there is no Chromium (needs root or sudo)
	@command -v chromium >/dev/null && exit; \
	command -v apt-get >/dev/null || { echo 'No apt-get here: please install Chromium, so that "chromium" is on the PATH.' >&2; exit 1; }; \
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi; \
	$$as_root apt-get update && \
	$$as_root apt-get install --yes --no-install-recommends chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji

clean: ## Remove what was installed and cached; var/, with the local database, stays
	@rm -rf .venv .make.lock .pytest_cache .ruff_cache .hypothesis tests/node/node_modules sandbox/chat/node_modules pages/teams/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two makes at once wait for each other; the second finds the work done.
once = exec 9>.make.lock; ! command -v flock >/dev/null || flock 9; [ $@ -nt $< ] && exit; set -e;

.venv/.made: requirements-dev.txt
	@$(once) \
	new_enough='import ensurepip, sys; sys.exit(sys.version_info < (3, 11))'; \
	if ! $(PYTHON) -c "import pip; $$new_enough" 2>/dev/null; then \
		for python in python3.13 python3.12 python3.11 python3 none; do \
			$$python -c "$$new_enough" 2>/dev/null && break; \
		done; \
		[ $$python != none ] || { echo 'Python 3.11 or newer, with its venv module, is not on the PATH.' >&2; exit 1; }; \
		$$python -m venv --clear .venv; \
	fi; \
	echo 'Installing into .venv; this takes a minute, once.'; \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<; \
	touch $@

var/bench/%/.made: bench/peers/%.txt | .venv/.made
	@$(PYTHON) -m venv --clear $(@D) && $(@D)/bin/pip install --quiet --disable-pip-version-check --requirement $< && touch $@

%/node_modules/.made: %/package-lock.json | .venv/.made
	@$(once) \
	($(call NPM,$*) ci --ignore-scripts --no-audit --no-fund --no-update-notifier --no-progress --loglevel=error >/dev/null); \
	touch $@
