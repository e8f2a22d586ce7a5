# Clicker's commands. `make` alone lists them. Needs python3 >= 3.11, npm and make; as root on Debian the rest is installed.
# Every step leaves a stamp inside what it made, so a second run does nothing.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup run test lint lock vendor screenshots weight axe tap-trace lighthouse bench-bot walk fuzz audit bench chaos trace i18n i18n-update browser clean
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOT_APT = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0
# What touches the hot store on the way of a tap, played on a Valkey Cluster too.
CLUSTERED := tests/taps tests/leaderboard tests/players tests/sessions tests/pace
# Most of a test is waiting for a process; the files of one worker share its stores.
SIDE_BY_SIDE := -n 3 --dist loadfile
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard clicker/locale/*/LC_MESSAGES/messages.po))
# As a module, for it to find ours.
BABEL := $(BIN)/python -m babel.messages.frontend -q
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal -p 3.11

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.installed static/vendor/.filled $(CATALOGUES) ## Install everything that run and test need

run: setup ## Start the game with its stores; Ctrl-C stops it
	@exec $(BIN)/flask up

test: setup browser lint ## Lint, then run every test: real stores, real browser (ARGS="-k word" for some)
	$(if $(ARGS),,$(BIN)/pytest -q $(SIDE_BY_SIDE) --cluster $(CLUSTERED))
	@exec $(BIN)/pytest $(if $(ARGS),$(ARGS),$(SIDE_BY_SIDE))

lint: setup ## Check style, types and the direction of imports
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-cache) || { echo "$$said"; exit 1; }

lock: $(VENV)/.installed ## Lock the newest permitted versions (of Python and npm packages)
	$(COMPILE) --upgrade requirements-bootstrap.in -o requirements-bootstrap.txt
	$(COMPILE) --upgrade requirements.in -o requirements.txt
	$(COMPILE) --upgrade -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(COMPILE) --upgrade requirements-audit.in -o requirements-audit.txt
	npm install --package-lock-only --ignore-scripts --omit=peer --omit-lockfile-registry-resolved=true --no-audit --no-fund

vendor: ## Fill static/vendor/ from node_modules again
	@rm -f static/vendor/.filled
	@$(MAKE) --no-print-directory static/vendor/.filled

screenshots: setup browser tools/node_modules/.installed ## Play in a real browser and take the pictures of README and docs/
	@$(BIN)/python -m tests.screenshots
	@$(BIN)/python -m tests.bot_screenshots
	@$(BIN)/python -m tests.admin_screenshots
	@node tools/palette.js docs/img/*.png docs/img/*/*.png

weight: setup browser ## Every byte of the Mini App's first load, file by file; fails over budget
	@exec $(BIN)/python -m bench.miniapp.weight

axe: setup browser ## Every state of the Mini App, both themes and languages: can everybody use it?
	@exec $(BIN)/python -m bench.miniapp.axe

tap-trace: setup browser ## From the finger to the painted number, with a processor six times slower
	@exec $(BIN)/python -m bench.miniapp.trace

lighthouse: setup browser tools/node_modules/.installed ## Lighthouse's mobile profile on the Mini App
	@exec $(BIN)/python -m bench.miniapp.lighthouse

bench: setup ## Measure taps, size, players and overload; results go to bench/results/ (ARGS="raw" for one)
	@exec $(BIN)/python -m bench $(ARGS)

chaos: setup ## A hundred rounds of kill -9 while people tap (ARGS="--rounds 10" for fewer)
	@exec $(BIN)/python -m bench.chaos $(ARGS)

bench-bot: setup ## 5,000 live chats in the strict sandbox for ten minutes: 429s, waits, ages (ARGS="--seconds 60")
	@exec $(BIN)/python -m bench.bot $(ARGS)

fuzz: setup ## 50,000 requests of all kinds, and five minutes of schemathesis on the live server
	@FUZZ_REQUESTS=50000 FUZZ_SECONDS=300 exec $(BIN)/pytest -q -s tests/fuzz

audit: $(VENV)/audit/.installed ## Ask the registries for known holes in the locked packages
	$(VENV)/audit/bin/pip-audit --progress-spinner off --disable-pip --require-hashes -r requirements-bootstrap.txt -r requirements-dev.txt
	npm audit --package-lock-only

walk: setup ## 50,000 random steps through the bot's scenes
	@WALK_STEPS=50000 exec $(BIN)/pytest -q tests/bot/test_walk.py

trace: setup ## Tap once with a collector of traces and draw what it got into docs/telemetry.md
	@exec $(BIN)/python -m tests.telemetry.drawn

i18n: setup ## Compile the translations (setup does it too)

i18n-update: setup ## Collect new texts into every catalogue; then translate the empty ones
	$(BABEL) extract -F clicker/locale/babel.toml --no-location --sort-output -o $(VENV)/messages.pot .
	$(BABEL) update -i $(VENV)/messages.pot -d clicker/locale --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

clean: ## Remove what setup and the tools made; never the data in var/
	rm -rf $(VENV) node_modules static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -f clicker/locale/*/LC_MESSAGES/messages.mo
	find clicker sandbox tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	if $(ROOT_APT); then \
	  echo "Installing a browser for the tests: chromium"; \
	  $(APT) update && $(APT) install -y --no-install-recommends chromium >/dev/null; \
	else echo "The tests need a browser: install chromium or google-chrome."; exit 1; fi

# A venv without pip is what Debian's python3 leaves when python3-venv is missing.
$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Clicker needs python3, 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Clicker needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(ROOT_APT) && \
	  $(APT) update && $(APT) install -y --no-install-recommends python3-venv >/dev/null; } || \
	  { echo "$(PYTHON) has no venv: install Debian's python3-venv (or your system's equal)."; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(BIN)/uv: requirements-bootstrap.txt | $(BIN)/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Compiled here, because imports are most of a start (the bot: 4 s without, 2.5 s with) and not every machine writes bytecode.
# Plain pip is the slow way out where uv can't reach the registry that pip is configured for.
$(VENV)/.installed: requirements-dev.txt $(BIN)/uv
	@echo "Installing the Python packages"
	@$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes --python $(BIN)/python -r $< || \
	  $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# What audits is apart from what is audited.
$(VENV)/audit/.installed: requirements-audit.txt $(BIN)/uv
	@$(BIN)/uv venv --quiet --clear $(VENV)/audit
	@$(BIN)/uv pip install --quiet --require-hashes --python $(VENV)/audit/bin/python -r $<
	@touch $@

# No package's own script is run. Peers are left out: the Telegram script's package names React for parts that we don't use.
node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Clicker needs npm (Node's package manager)."; exit 1; }
	@echo "Installing the browser's packages"
	@npm ci --ignore-scripts --omit=peer --no-audit --no-fund --loglevel=error
	@touch $@

# What looks at the Mini App from outside: only fetched for the commands that use it.
tools/node_modules/.installed: tools/package.json tools/package-lock.json
	@echo "Installing the measuring tools"
	@cd tools && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Third-party files are never committed.
static/vendor/.filled: node_modules/.installed
	@npm run --silent vendor
	@touch $@

%.mo: %.po | $(VENV)/.installed
	@$(BIN)/pybabel -q compile -i $< -o $@
