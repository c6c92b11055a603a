#!/usr/bin/env bash
# Package:   check-jsonschema 0.39.0 (PyPI), with the schema of .gitlab-ci.yml that its wheel carries.
# Question:  GitLab's documentation takes files in by a pattern in the short form, such as
#            include: 'configs/*.yml'. Is such a file valid by that schema?
# Guess:     yes, in the short form as in the long one, {local: 'configs/*.yml'}.
# Behaviour: the short form must end in a word's letter before .yml, so that any pattern in it is
#            refused, alone and in a list; the long form is valid.
# Meaning:   a repository whose pipeline runs fails this check, and what is valid by it is not all
#            that GitLab reads.
# Seen:      include: 'configs/a.yml'            valid
#            include: 'configs/*.yml'            refused
#            include: ['configs/**.yml']         refused
#            include: {local: 'configs/*.yml'}   valid
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet check-jsonschema==0.39.0

said=""
while IFS= read -r include; do
  printf 'include: %s\nload: {script: [make]}\n' "$include" >"$folder/.gitlab-ci.yml"
  if "$folder/venv/bin/check-jsonschema" --builtin-schema vendor.gitlab-ci \
    "$folder/.gitlab-ci.yml" >"$folder/out" 2>&1; then
    verdict=valid
  else
    verdict=refused
    grep -q "does not match\|errors were produced" "$folder/out"
  fi
  echo "$verdict  include: $include"
  said="$said $verdict"
done <<'LINES'
'configs/a.yml'
'configs/*.yml'
['configs/**.yml']
{local: 'configs/*.yml'}
LINES
if [ "$said" != " valid refused refused valid" ]; then
  echo "changed: see 'Seen' at the top of this script" >&2
  exit 1
fi
echo "as found"
