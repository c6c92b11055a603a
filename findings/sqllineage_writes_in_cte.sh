#!/usr/bin/env bash
# Package:   sqllineage 1.5.9 with sqlfluff 4.5.0 (PyPI); dialect "postgres".
# Question:  which tables does a statement read and write whose WITH holds an INSERT, UPDATE or
#            DELETE? (https://www.postgresql.org/docs/current/queries-with.html: it is carried out
#            whatever the rest of the statement does with it.)
# Guess:     those of the inner statement, as where it stands alone; or an error, as for statements
#            that are not supported.
# Behaviour: the inner statement is passed over without an error, and its sources with it.
#            - INSERT or UPDATE in the WITH of a SELECT: nothing is read and nothing written.
#            - In the WITH of an INSERT: only what the outer INSERT writes is told; what was moved
#              there comes from nowhere.
#            A SELECT in the same place is followed.
# Meaning:   "writes nothing" is said of a statement that changes the ledger.
# Seen:      see SEEN below: per statement sources and targets.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet sqllineage==1.5.9 sqlfluff==4.5.0

"$folder/venv/bin/python" - <<'PY'
import sys

from sqllineage.runner import LineageRunner

PUT = "INSERT INTO ledger SELECT * FROM staging RETURNING id"
SEEN = {
    PUT: (["staging"], ["ledger"]),
    "WITH w AS (SELECT * FROM staging) INSERT INTO ledger SELECT * FROM w": (
        ["staging"], ["ledger"],
    ),
    f"WITH w AS ({PUT}) SELECT id FROM w": ([], []),
    "WITH w AS (UPDATE ledger SET a = s.a FROM staging s WHERE s.id = ledger.id"
    " RETURNING ledger.id) SELECT id FROM w": ([], []),
    f"WITH w AS ({PUT}) INSERT INTO audit SELECT id FROM w": ([], ["audit"]),
    "WITH w AS (DELETE FROM staging RETURNING *) INSERT INTO ledger SELECT * FROM w": (
        [], ["ledger"],
    ),
}

changed = False
for statement, expected in SEEN.items():
    found = LineageRunner(statement, dialect="postgres")
    seen = tuple(
        sorted(table.raw_name for table in tables)
        for tables in (found.source_tables, found.target_tables)
    )
    print(statement, *seen, sep="\n    ")
    changed |= seen != expected
if changed:
    sys.exit("changed: see SEEN in this script")
PY
echo "as found"
