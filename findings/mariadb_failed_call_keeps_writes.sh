#!/usr/bin/env bash
# Package:   mariadb-server-core and mariadb-client-core 1:10.11.19-0+deb12u1 (Debian 12).
# Question:  a procedure, and a function, change a row and then end with SIGNAL: what is left of the
#            change, where autocommit is on?
# Guess:     nothing of either: CALL and SELECT are statements, and one that fails changes no row
#            of a table that has transactions.
# Behaviour: the function's change is undone with the SELECT that called it; the procedure's stays,
#            because each statement inside is one of its own. A handler without ROLLBACK, and an
#            error behind the change as a check, keep it as well.
# Meaning:   "the call was refused" is not "the books are as before": a check that stands behind
#            what a procedure writes holds nothing back, while the same check in a function does.
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

ask() { root/usr/bin/mariadb --no-defaults -S "$folder/socket" -u root -N -B "$@"; }
for _ in $(seq 100); do
    if echo 'SELECT 1;' | ask >/dev/null 2>&1; then break; fi
    sleep 0.2
done

ask <<'SQL'
CREATE DATABASE erp;
USE erp;
CREATE TABLE by_procedure (amount INT) ENGINE=InnoDB;
CREATE TABLE by_function (amount INT) ENGINE=InnoDB;
INSERT INTO by_procedure VALUES (5);
INSERT INTO by_function VALUES (5);
DELIMITER $$
CREATE PROCEDURE book_procedure()
BEGIN
    UPDATE by_procedure SET amount = 9;
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not allowed';
END$$
CREATE FUNCTION book_function() RETURNS INT
BEGIN
    UPDATE by_function SET amount = 9;
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not allowed';
    RETURN 1;
END$$
DELIMITER ;
SQL

# Both calls fail, each in a session of its own.
refused=0
echo 'CALL erp.book_procedure();' | ask >/dev/null 2>&1 || refused=$((refused + 1))
echo 'SELECT erp.book_function();' | ask >/dev/null 2>&1 || refused=$((refused + 1))
found=$(
    echo "refused $refused"
    ask <<'SQL'
SELECT VERSION();
SELECT 'procedure', amount FROM erp.by_procedure;
SELECT 'function', amount FROM erp.by_function;
SQL
)
SEEN=$(printf '%s\n' "refused 2" "10.11.19-MariaDB-0+deb12u1" "procedure 9" "function 5")
echo "$found"
if [ "${found//$'\t'/ }" != "$SEEN" ]; then
    echo "changed: expected" "$SEEN" >&2
    exit 1
fi
echo "as found"
