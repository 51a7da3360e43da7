# What a newcomer needs: `make demo` and `make test`. The rest is what they are made of.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIND ?= 127.0.0.1:5000

help: ## say what there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: web ## a desk with people and tickets at http://127.0.0.1:5000
	@echo "== building the server (a few minutes the first time)"
	@cargo build
	@./target/debug/balcao demo --bind $(BIND)

run: web ## your own desk, with the settings of the environment or .env
	@cargo run -- serve

web: web/dist/manifest.json ## the front end, when its sources changed

web/dist/manifest.json: web/node_modules/.package-lock.json web/build.mjs web/icons.txt $(shell find web/src -type f 2>/dev/null)
	@echo "== building the front end"
	@cd web && npm run --silent build

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@echo "== fetching the front end's packages"
	@cd web && npm ci --silent --no-audit --no-fund
	@touch $@

test: web ## everything that this machine allows; says what it could not run
	@scripts/test

check: web ## format, lints and types: quick, before a commit
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --quiet -- -D warnings
	@cd web && npm run --silent check

e2e: web ## the journeys in a real browser
	@cargo build
	@scripts/e2e

screenshots: web ## new pictures for the READMEs, from the same pages in a real browser
	@cargo build
	@UPDATE_SCREENSHOTS=1 scripts/e2e pages.test.mjs

bench: web ## the figures of docs/benchmarks.md, from a release build (an hour at first)
	@cargo build --release --package balcao --package bench
	@ulimit -n 16000 && ./target/release/bench $(TICKETS)

.PHONY: bench help demo run web test check e2e screenshots
