#!/usr/bin/env bash
# Package:   mariadb-server-core and mariadb-client-core 1:10.11.19-0+deb12u1 (Debian 12).
# Question:  etl@localhost and etl@'%' are two accounts, and only the second was granted anything.
#            What may a session of the first do, which CURRENT_USER() says it is? And does one more
#            grant, of INSERT on erp.*, ever take a right away?
# Guess:     nothing: a grant is to an account, as SHOW GRANTS prints it. And no: rights add up.
# Behaviour: what etl@'%' has on schemas, tables and columns counts for it, because the rows are
#            looked up by the user's name and the client's host; what it has on *.* does not. SHOW
#            GRANTS of the session shows none of it. Of several rows for schemas that match a name
#            the most specific counts alone: with SELECT on `er%`.*, a grant of INSERT on erp.*
#            takes SELECT on erp away.
# Meaning:   rights of an account cannot be read off its own grants: those of its namesakes whose
#            host covers its own belong to them, and a grant can hide another one.
# Seen:      see SEEN below: the statements that were let (0) and those that were refused (error).
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
CREATE TABLE erp.gl (id INT, amount INT);
CREATE USER etl@'%';
CREATE USER etl@localhost;
GRANT DELETE ON *.* TO etl@'%';
GRANT SELECT ON erp.* TO etl@'%';
GRANT INSERT ON erp.gl TO etl@'%';
CREATE USER ada@localhost;
GRANT SELECT ON `er%`.* TO ada@localhost;
SQL

try() { # who, statement: 0 where it is let, else the number of the error
    local said
    said=$(echo "$2;" | ask "$1" 2>&1 >/dev/null) || true
    said=$(sed -n 's/^ERROR \([0-9]*\).*/\1/p' <<<"$said")
    echo "$1: $2: ${said:-0}"
}
found=$(
    echo 'SELECT VERSION(), CURRENT_USER(); SHOW GRANTS;' | ask etl | tr '\t' ' '
    try etl 'SELECT COUNT(*) FROM erp.gl'
    try etl 'INSERT INTO erp.gl VALUES (1, 2)'
    try etl 'DELETE FROM erp.gl'
    try ada 'SELECT COUNT(*) FROM erp.gl'
    echo 'GRANT INSERT ON erp.* TO ada@localhost;' | ask root
    try ada 'SELECT COUNT(*) FROM erp.gl'
)
SEEN="10.11.19-MariaDB-0+deb12u1 etl@localhost
GRANT USAGE ON *.* TO \`etl\`@\`localhost\`
etl: SELECT COUNT(*) FROM erp.gl: 0
etl: INSERT INTO erp.gl VALUES (1, 2): 0
etl: DELETE FROM erp.gl: 1142
ada: SELECT COUNT(*) FROM erp.gl: 0
ada: SELECT COUNT(*) FROM erp.gl: 1142"
echo "$found"
if [ "$found" != "$SEEN" ]; then
    echo "changed: see SEEN in this script" >&2
    exit 1
fi
echo "as found"
