#!/usr/bin/env bash
# Package:   openlineage_sql 1.54.0 (PyPI), the SQL parser that OpenLineage integrations share;
#            dialect "postgres".
# Question:  which column of t does the column lineage name for an UPDATE or a MERGE that sets t.a
#            from a column b of another table?
# Guess:     a, from b, in every spelling: the table lineage of these statements is complete.
# Behaviour: the columns are those of the SELECTs inside the statement, under the SELECT's own
#            names; SET is not looked at.
#            - From a plain table there is no SELECT: tables are right, column lineage is empty.
#            - MERGE from a subquery: its columns "b" and "id" are given as what the statement
#              writes. t need not have them, id is only compared, and a is missing.
#            - SET a = (SELECT max(b) ...): the column is called "_0".
#            errors is empty in all of them.
# Beside it: INSERT INTO t (a) SELECT b gives "b", too: the list of columns after the table's name
#            is not used. (Seen on the way; no guess was made for this one.)
# Meaning:   "no column lineage" is not "no column flows", and a name found there is not a column
#            of the output. Who joins it with a catalog loses the edge or ties it to a namesake.
# Seen:      see SEEN below: per statement inputs, outputs, column -> origins, errors.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --no-deps openlineage_sql==1.54.0

"$folder/venv/bin/python" - <<'PY'
import sys

from openlineage_sql import parse

SEEN = {
    "UPDATE t SET a = s.b FROM s WHERE t.id = s.id": (["s"], ["t"], {}, 0),
    "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.b": (
        ["s"], ["t"], {}, 0,
    ),
    "MERGE INTO t USING (SELECT id, b FROM z) s ON t.id = s.id"
    " WHEN MATCHED THEN UPDATE SET a = s.b": (
        ["z"], ["t"], {"b": ["z.b"], "id": ["z.id"]}, 0,
    ),
    "UPDATE t SET a = (SELECT max(b) FROM s)": (["s"], ["t"], {"_0": ["s.b"]}, 0),
    "INSERT INTO t (a) SELECT b FROM s": (["s"], ["t"], {"b": ["s.b"]}, 0),
}


def lineage(statement):
    found = parse([statement], dialect="postgres")
    columns = {
        column.descendant.name: sorted(
            f"{source.origin.qualified_name}.{source.name}" for source in column.lineage
        )
        for column in found.column_lineage
    }
    return (
        sorted(table.qualified_name for table in found.in_tables),
        sorted(table.qualified_name for table in found.out_tables),
        columns,
        len(found.errors),
    )


changed = False
for statement, expected in SEEN.items():
    seen = lineage(statement)
    print(statement, *seen, sep="\n    ")
    changed |= seen != expected
if changed:
    sys.exit("changed: see SEEN in this script")
PY
echo "as found"
