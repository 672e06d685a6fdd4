# Linli (邻里). `make demo` runs the demo district, `make test` runs every test; `make help` lists the rest.
PYTHON ?= python3
LINLI := .venv/bin/linli

.PHONY: help demo demo-reset dev setup test lint bench crash lock

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup  ## the demo district on http://127.0.0.1:8000 (LINLI_PORT), set up when needed
	@exec $(LINLI) demo

demo-reset: setup  ## forget the demo's data: the next `make demo` begins at today
	@$(LINLI) demo-reset

dev: setup-dev  ## the demo with sources served as they are and restarted when they change
	@LINLI_DEV=1 exec $(LINLI) demo

setup:  ## .venv with requirements.lock, front-end files, language model
	@$(PYTHON) tools/setup.py

.PHONY: setup-dev
setup-dev:
	@$(PYTHON) tools/setup.py --dev

test: setup-dev  ## lint, layers, types, every test on SQLite and on PostgreSQL
	@.venv/bin/python tools/check.py

lint: setup-dev  ## lint, layers and types only
	@.venv/bin/python tools/check.py --lint-only

bench: setup-dev  ## all benches, small: intake, live, orders, due, relay (see docs/benchmarks.md for the large ones)
	@for name in intake live orders due relay; do $(LINLI) bench $$name --small || exit 1; done

crash: setup-dev  ## kill real processes at 200 moments on each database: nothing lost, nothing doubled
	@.venv/bin/python -m bench.crash
	@.venv/bin/python -m bench.crash --postgres

lock: setup-dev  ## compute the lock files anew
	@tools/lock.sh
