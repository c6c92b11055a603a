#!/usr/bin/env bash
# Lint, format, types, layers. All four run, so that one look shows everything there is to mend.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bin=.venv/bin
failed=()
step() { # name, command...
    local name=$1
    shift
    echo "check: $name"
    if ! "$@"; then failed+=("$name"); fi
}

step lint "$bin/ruff" check .
step format "$bin/ruff" format --check .
step types "$bin/mypy"
step layers "$bin/lint-imports" --no-logo

if [ ${#failed[@]} -gt 0 ]; then
    echo "check: failed: ${failed[*]}" >&2
    exit 1
fi
echo "check: all passed"
