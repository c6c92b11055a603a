# Each target is one line: what is done stands in .ci/, and the workflow calls the same.
# On a new checkout `make demo` is all it takes; nothing need be installed or activated first.

PYTHON ?=
export PYTHON

.PHONY: help demo check test nightly lock new-source new-rule overlap screenshots user dev .venv/user.stamp .venv/dev.stamp \
	clean distclean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1|\2/p' Makefile | column -t -s '|'

demo: user ## install what nhigraph needs and run `nhigraph demo`
	@.venv/bin/nhigraph demo

check: dev ## lint, format, types, layers
	@.ci/check.sh

test: dev ## everything that runs on every change; ARGS="-k name" goes to pytest
	@.ci/system.sh
	@.venv/bin/python -m pytest -n 2 --dist loadgroup $(ARGS)

nightly: dev ## the long runs that `make test` leaves out
	@.ci/system.sh
	@.venv/bin/python -m pytest -n 2 --dist loadgroup -m nightly $(ARGS)

lock: ## pin and hash the requirements anew; UPGRADE=1 moves pins that still fit
	@.ci/lock.sh

new-source: dev ## write the stubs of a new source: make new-source NAME=vault
	@if [ -z "$(NAME)" ]; then echo "usage: make new-source NAME=vault" >&2; exit 2; fi
	@if [ ! -f .ci/new_source.py ]; then \
		echo "no .ci/new_source.py yet: CONTRIBUTING.md has the steps by hand" >&2; exit 2; fi
	@.venv/bin/python .ci/new_source.py "$(NAME)"

new-rule: dev ## write the stubs of a new rule: make new-rule NAME=agent_unwatched
	@if [ -z "$(NAME)" ]; then echo "usage: make new-rule NAME=agent_unwatched" >&2; exit 2; fi
	@.venv/bin/python .ci/new_rule.py "$(NAME)"

screenshots: dev ## fourteen views of both pages, as pictures in screenshots/; VIEWS="path cut"
	@.ci/system.sh
	@.venv/bin/python -m tests.pages.screenshots screenshots $(VIEWS)

overlap: dev ## write anew what every rule says of every rule's fixtures; read the difference
	@.venv/bin/python -m tests.unit.rules.overlap

user: .venv/user.stamp ## .venv with what nhigraph needs to run
dev: .venv/dev.stamp ## .venv with that and what checks and tests need

# The script looks at the stamp itself: its key is made of contents, not of times.
.venv/user.stamp .venv/dev.stamp:
	@.ci/venv.sh $(basename $(notdir $@))

clean: ## remove caches and build output
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find nhigraph tests .ci -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove .venv too
	@rm -rf .venv
