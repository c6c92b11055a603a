#!/usr/bin/env bash
# Package:   postgresql-15 and postgresql-client-15 15.18-0+deb12u1 (Debian 12).
# Question:  the owner of a table let ada read it and pass that on, and she let bo read it. What is
#            left to bo once the owner revokes from ada with CASCADE?
# Guess:     nothing: CASCADE takes with a right whatever was passed on by it.
# Behaviour: so it is, unless ada became a superuser in between, or a member of the owner. Then her
#            own right goes, bo keeps his, and its grantor in the table's list of rights is still
#            ada, who is in the list no more. No error, and no notice.
# Meaning:   "revoked with CASCADE" is no evidence that nobody is left who reads by it: the list of
#            rights has to be read again. A right whose grantor holds none looks like damage, and is
#            not.
# Seen:      see SEEN below: what ada is, the table's list of rights, whether bo can read.
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

ask() { "$programs/psql" -X -q -At -F ' ' -h "$folder" -U root_of_all -d postgres "$@"; }
for _ in $(seq 100); do
    if ask -c 'SELECT 1' >/dev/null 2>&1; then break; fi
    sleep 0.2
done

try() { # what ada is, and what makes her that
    ask <<SQL
CREATE ROLE the_owner; CREATE ROLE ada; CREATE ROLE bo;
CREATE TABLE gl (amount int); ALTER TABLE gl OWNER TO the_owner;
SET ROLE the_owner; GRANT SELECT ON gl TO ada WITH GRANT OPTION; RESET ROLE;
SET ROLE ada; GRANT SELECT ON gl TO bo; RESET ROLE;
$2;
SET ROLE the_owner; REVOKE SELECT ON gl FROM ada CASCADE; RESET ROLE;
SELECT '$1:', relacl, has_table_privilege('bo', 'gl', 'SELECT') FROM pg_class WHERE relname = 'gl';
DROP TABLE gl; DROP ROLE ada; DROP ROLE bo; DROP ROLE the_owner;
SQL
}
found=$(
    ask -c 'SHOW server_version'
    try 'as before' 'SELECT WHERE false'
    try 'a superuser' 'ALTER ROLE ada SUPERUSER'
    try 'a member' 'GRANT the_owner TO ada'
)
SEEN="15.18 (Debian 15.18-0+deb12u1)
as before: {the_owner=arwdDxt/the_owner} f
a superuser: {the_owner=arwdDxt/the_owner,bo=r/ada} t
a member: {the_owner=arwdDxt/the_owner,bo=r/ada} t"
echo "$found"
if [ "$found" != "$SEEN" ]; then
    echo "changed: see SEEN in this script" >&2
    exit 1
fi
echo "as found"
