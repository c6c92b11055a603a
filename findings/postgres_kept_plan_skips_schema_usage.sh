#!/usr/bin/env bash
# Package:   postgresql-15 and postgresql-client-15 15.18-0+deb12u1 (Debian 12).
# Question:  a PL/pgSQL function that is no security definer writes to books.gl. bo may call it and
#            has INSERT on the table, but no USAGE on the schema. Is his call refused, on one
#            connection that ada, who has USAGE, has used before, as in a pool that says SET ROLE?
# Guess:     refused each time: the function runs as bo, and without USAGE he cannot name the table.
# Behaviour: refused only where nobody has called it before him on that connection. Behind ada's
#            call, or a superuser's, bo's is let: USAGE is asked for when a statement's names are
#            looked up, and the plan that is kept for the connection holds them looked up. Rights on
#            the table are asked for each time. After DISCARD PLANS he is refused again.
# Meaning:   USAGE on a schema is no boundary between roles that share connections; and whoever
#            tries out rights with SET ROLE on one connection sees calls let that a connection of
#            their own refuses.
# Seen:      see SEEN below: what came before bo's call, and what he then had written.
set -euo pipefail

version=15.18-0+deb12u1
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get download -q "postgresql-15=$version" "postgresql-client-15=$version" \
    "libpq5=$version" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu"
programs=$folder/root/usr/lib/postgresql/15/bin

as=()
if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    chown nobody .
fi
"${as[@]}" "$programs/initdb" -D data -U root_of_all -A trust >/dev/null
"${as[@]}" "$programs/postgres" -D data -k "$folder" -c listen_addresses= >log 2>&1 &
server=$!

export PGOPTIONS='-c client_min_messages=error'
ask() { "$programs/psql" -X -q -At -F ' ' -h "$folder" -U root_of_all -d postgres "$@"; }
for _ in $(seq 100); do
    if ask -c 'SELECT 1' >/dev/null 2>&1; then break; fi
    sleep 0.2
done

try() { # what comes before bo's call, on the same connection
    ask <<SQL 2>&1 | sed 's/^.*ERROR: /ERROR:/' | grep -E '^(ERROR|nothing|ada|written)'
CREATE ROLE ada; CREATE ROLE bo; CREATE SCHEMA books; CREATE TABLE books.gl (amount int);
GRANT USAGE ON SCHEMA books TO ada; GRANT INSERT ON books.gl TO ada, bo; $3
CREATE FUNCTION post() RETURNS text LANGUAGE plpgsql AS
    'BEGIN INSERT INTO books.gl VALUES (1); RETURN current_user; END';
\\echo $1
\\o /dev/null
$2
\\o
SET ROLE bo; SELECT 'written by ' || post(); RESET ROLE;
DROP FUNCTION post; DROP SCHEMA books CASCADE; DROP ROLE ada; DROP ROLE bo;
SQL
}
found=$(
    ask -c 'SHOW server_version'
    try 'nothing before:' '' ''
    try 'ada before:' 'SET ROLE ada; SELECT post(); RESET ROLE;' ''
    try 'ada before, plans discarded:' 'SET ROLE ada; SELECT post(); RESET ROLE; DISCARD PLANS;' ''
    try 'ada before, no right on the table:' 'SET ROLE ada; SELECT post(); RESET ROLE;' \
        'REVOKE INSERT ON books.gl FROM bo;'
)
SEEN="15.18 (Debian 15.18-0+deb12u1)
nothing before:
ERROR: permission denied for schema books
ada before:
written by bo
ada before, plans discarded:
ERROR: permission denied for schema books
ada before, no right on the table:
ERROR: permission denied for table gl"
echo "$found"
if [ "$found" != "$SEEN" ]; then
    echo "changed: see SEEN in this script" >&2
    exit 1
fi
echo "as found"
