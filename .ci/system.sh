#!/usr/bin/env bash
# The system packages that tests need. Installs what is missing where it may (root, apt-get);
# elsewhere says what will be skipped. With CI=true nothing may be missing.
set -euo pipefail

say() { echo "system: $*" >&2; }

postgres() { # the newest PostgreSQL server program, if there is one
    local found
    found=$(find /usr/lib/postgresql/*/bin -name postgres 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$found" ]; then found=$(command -v postgres || true); fi
    echo "$found"
}

mariadb_server() {
    PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v mariadbd || true
}

browser() {
    command -v chromium || command -v chromium-browser || true
}

apt_install() {
    local log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if apt-get install -y -q --no-install-recommends "$@" >"$log" 2>&1 ||
        { apt-get update -q >>"$log" 2>&1 &&
            apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1; }; then
        rm -f "$log"
        return 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 1
}

missing=()
if [ -z "$(postgres)" ]; then missing+=(postgresql); fi
# The server's programs alone: its full package would start a service.
if [ -z "$(mariadb_server)" ] || ! command -v mariadb >/dev/null; then
    missing+=(mariadb-server-core mariadb-client-core)
fi
if [ -z "$(browser)" ]; then missing+=(chromium); fi
if ! command -v jq >/dev/null; then missing+=(jq); fi
if ! command -v java >/dev/null; then missing+=(openjdk-17-jre-headless); fi
if ! command -v mvn >/dev/null; then missing+=(maven); fi
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "installing ${missing[*]}"
        apt_install "${missing[@]}" || say "apt-get could not install ${missing[*]}"
    else
        say "not root, or no apt-get: nothing can be installed from here"
    fi
fi

component() { # name, program, marker, arguments that print its version
    local name=$1 program=$2 marker=$3
    shift 3
    if [ -n "$program" ]; then
        say "$name: $("$program" "$@" 2>/dev/null | head -n 1)"
    elif [ "${CI:-}" = true ]; then
        say "$name: missing, and CI=true allows no skip"
        exit 1
    else
        say "$name: missing; SKIPPED: tests marked $marker"
    fi
}

component PostgreSQL "$(postgres)" postgres --version
component MariaDB "$(mariadb_server)" mysql --version
component Chromium "$(browser)" browser --version
component jq "$(command -v jq || true)" github_export --version
component Java "$(command -v java || true)" "neo4j and spark" --version
component Maven "$(command -v mvn || true)" neo4j --version
