#!/usr/bin/env bash
# Install nhigraph into an environment of its own: by default the version of this action, whose
# whole repository the runner has fetched.
set -euo pipefail

venv=$RUNNER_TEMP/nhigraph
package=${NHIGRAPH_PACKAGE:-$GITHUB_ACTION_PATH/../../..}
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$package"
echo "$venv/bin" >>"$GITHUB_PATH"
