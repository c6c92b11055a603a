#!/usr/bin/env bash
# Package:   neo4j 6.4.1 (PyPI), the Python driver: neo4j.time.Date, as it comes out of a database.
# Question:  is a day that the database returns the same key as Python's own day?
# Guess:     equal or not, both agree: what is equal is found in a set, as Python's rules demand
#            (equal objects have equal hashes).
# Behaviour: Date(2026, 1, 1) == datetime.date(2026, 1, 1) is True, and their hashes differ: it is
#            in a list of days, and neither in a set nor a key of a dict.
# Meaning:   rows of a database joined with rows of one's own by day lose every match, without an
#            error. Call .to_native() first.
# Seen:      equal True, in a list True, in a set False.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet neo4j==6.4.1

"$folder/venv/bin/python" - <<'PY'
import datetime
import sys

from neo4j.time import Date

theirs, ours = Date(2026, 1, 1), datetime.date(2026, 1, 1)
found = (theirs == ours, theirs in [ours], theirs in {ours}, theirs.to_native() in {ours})
print("equal %s, in a list %s, in a set %s; to_native() in a set %s" % found)
if found != (True, True, False, True):
    sys.exit("otherwise than found")
print("as found")
PY
