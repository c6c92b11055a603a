#!/usr/bin/env bash
# Write the pinned, hashed requirements anew: `make lock`.
#
# requirements/build.txt  the installer and the build backend     (from build.in)
# requirements/user.txt   what nhigraph needs to run              (from pyproject.toml)
# requirements/dev.txt    the same pins, and what checks and tests need
# requirements/spark.txt  the extra spark: tests have it in .spark/ (.ci/spark.sh)
# requirements/dbt.txt    only to write dbt fixtures anew; installed by nobody by default
# requirements/aws.txt    only to write the sample's AWS account anew; likewise
#
# One file serves every supported Python and system: uv resolves universally and writes
# markers where versions differ. Pins that still fit stay; `UPGRADE=1 make lock` moves them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

uv=${UV:-}
if [ -z "$uv" ]; then
    .ci/venv.sh dev
    uv=.venv/bin/uv
fi

# No index address may enter the files: users install from the index that they configured.
common=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url
    --no-emit-find-links --no-header --quiet)
if [ -n "${UPGRADE:-}" ]; then common+=(--upgrade); fi

compile() { # target, inputs and options...
    local target=$1
    shift
    "$uv" pip compile "${common[@]}" --output-file "$target" "$@"
    if grep -nE '^ *(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)|https?://' "$target"; then
        echo "lock: $target names an index; nothing may" >&2
        exit 1
    fi
    echo "lock: $target: $(grep -c '^[a-zA-Z0-9]' "$target") pins"
}

compile requirements/build.txt requirements/build.in
compile requirements/user.txt -c requirements/build.txt pyproject.toml
compile requirements/dev.txt -c requirements/user.txt -c requirements/build.txt \
    --extra test pyproject.toml requirements/build.in
compile requirements/spark.txt -c requirements/user.txt requirements/spark.in
compile requirements/dbt.txt requirements/dbt.in
compile requirements/aws.txt requirements/aws.in
