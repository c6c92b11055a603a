#!/usr/bin/env bash
# Run `nhigraph check` with what the action was given, and leave its exit code.
set -euo pipefail

arguments=()
while IFS= read -r line; do
    line=${line%$'\r'}
    if [ -n "$line" ]; then arguments+=("$line"); fi
done <<<"${NHIGRAPH_INPUTS:-.}"

option() { # name, value: given only where there is one
    if [ -n "$2" ]; then arguments+=("$1=$2"); fi
}
option --scope "${NHIGRAPH_SCOPE:-}"
option --fail-on "${NHIGRAPH_FAIL_ON:-}"
option --baseline "${NHIGRAPH_BASELINE:-}"
option --fail-on-new "${NHIGRAPH_FAIL_ON_NEW:-}"
option --repo "${NHIGRAPH_REPO:-}"
option --out "${NHIGRAPH_OUT:-nhigraph-out}"
option --summary "${GITHUB_STEP_SUMMARY:-}"
if [ "${NHIGRAPH_STRICT:-false}" = true ]; then arguments+=(--strict); fi

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'report=%s\n' "${NHIGRAPH_OUT:-nhigraph-out}/report.html" >>"$GITHUB_OUTPUT"
fi
nhigraph check "${arguments[@]}"
