#!/usr/bin/env bash
# Package:   mariadb-server-core and mariadb-client-core 1:10.11.19-0+deb12u1 (Debian 12).
# Question:  a role has a privilege on everything and one on a schema: which of the views of
#            privileges of information_schema list them for somebody who may read all of them?
# Guess:     both: user_privileges has the role's global privilege, schema_privileges the other.
# Behaviour: schema_privileges lists the role, and with it what the roles that it was granted have;
#            user_privileges lists no role at all, whatever roles may do everywhere. SHOW GRANTS
#            and mysql.global_priv have it, and a session that takes the role has the right.
# Meaning:   "no row in user_privileges" is not "no global privilege": who lists rights by these
#            views misses what roles may do to every schema, and takes what a role has by another
#            one for its own.
# Seen:      see SEEN below.
set -euo pipefail

version=1:10.11.19-0+deb12u1
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get download -q "mariadb-server-core=$version" "mariadb-client-core=$version" \
    "libmariadb3=$version" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu"

account=()
if [ "$(id -u)" -eq 0 ]; then account=(--user=nobody); fi
mkdir data
if [ "$(id -u)" -eq 0 ]; then chown nobody . data; fi
common=(--no-defaults "--basedir=$folder/root/usr" "--datadir=$folder/data" "${account[@]}")
root/usr/bin/mariadb-install-db "${common[@]}" --auth-root-authentication-method=normal \
    --skip-test-db >/dev/null 2>&1
root/usr/sbin/mariadbd "${common[@]}" --skip-networking "--socket=$folder/socket" \
    "--lc-messages-dir=$folder/root/usr/share/mysql" >log 2>&1 &
server=$!

ask() { root/usr/bin/mariadb --no-defaults -S "$folder/socket" -u "$1" -N -B; }
for _ in $(seq 100); do
    if echo 'SELECT 1;' | ask root >/dev/null 2>&1; then break; fi
    sleep 0.2
done

ask root <<'SQL'
CREATE DATABASE erp;
CREATE TABLE erp.gl (id INT);
CREATE ROLE auditor;
CREATE ROLE inner_role;
GRANT SELECT ON *.* TO auditor;
GRANT INSERT ON erp.* TO auditor;
GRANT UPDATE ON erp.* TO inner_role;
GRANT inner_role TO auditor;
CREATE USER ada@localhost;
GRANT auditor TO ada@localhost;
SQL

found=$(
    ask root <<'SQL'
SELECT VERSION();
SELECT 'user_privileges', COUNT(*) FROM information_schema.user_privileges
    WHERE grantee LIKE '%auditor%';
SELECT 'schema_privileges', privilege_type FROM information_schema.schema_privileges
    WHERE grantee LIKE '%auditor%' ORDER BY privilege_type;
SELECT 'global_priv', JSON_VALUE(Priv, '$.access') FROM mysql.global_priv WHERE User = 'auditor';
SQL
    ask ada <<'SQL'
SET ROLE auditor;
SELECT 'rows that the role reads', COUNT(*) FROM mysql.global_priv WHERE User = 'auditor';
SQL
)
seen=$(printf '%s\n' "10.11.19-MariaDB-0+deb12u1" "user_privileges 0" "schema_privileges INSERT" \
    "schema_privileges UPDATE" "global_priv 1" "rows that the role reads 1")
echo "$found"
if [ "${found//$'\t'/ }" != "$seen" ]; then
    echo "changed: expected" "$seen" >&2
    exit 1
fi
echo "as found"
