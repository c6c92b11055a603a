#!/usr/bin/env bash
# Brings the Spark that tests start (requirements/spark.txt) into .spark/lib, apart from .venv:
# it is 400 MB, and nothing else needs it. Does nothing where that is there already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "spark: $*" >&2; }

pins=requirements/spark.txt
key=$(sha256sum "$pins" | cut -c 1-64)

mkdir -p .spark
exec 9>.spark/lock
flock 9
if ! command -v java >/dev/null; then
    say "no java: Spark cannot run"
    exit 1
fi
if [ "$(cat .spark/key 2>/dev/null)" = "$key" ]; then exit 0; fi
.ci/venv.sh dev
say "installing $pins into .spark/lib"
rm -rf .spark/lib
if ! .venv/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes --no-compile \
    --target .spark/lib -r "$pins" >.spark/pip.log 2>&1; then
    tail -n 20 .spark/pip.log >&2
    exit 1
fi
echo "$key" >.spark/key
