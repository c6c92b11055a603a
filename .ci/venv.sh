#!/usr/bin/env bash
# Make .venv fit for use: `.ci/venv.sh user` (what nhigraph needs to run) or
# `.ci/venv.sh dev` (that, and what checks and tests need).
#
# A stamp keyed on everything that the result depends on makes the second call a matter of
# milliseconds. The checkout's path is part of the key: an environment that was moved or
# copied has wrong paths in its scripts and is built anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kind=${1:-}
case $kind in
    user | dev) ;;
    *)
        echo "usage: .ci/venv.sh user|dev" >&2
        exit 2
        ;;
esac
say() { echo "venv: $*" >&2; }

venv=.venv
bin=$venv/bin
supported='import sys; raise SystemExit(sys.version_info < (3, 11))'

key() { # the key of one kind, in the environment as it is now
    {
        pwd -P
        "$bin/python" -VV
        cat pyproject.toml .ci/venv.sh requirements/build.txt requirements/user.txt
        if [ "$1" = dev ]; then cat requirements/dev.txt; fi
    } | "$bin/python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}
fresh() { [ -f "$venv/$1.stamp" ] && [ "$(cat "$venv/$1.stamp")" = "$(key "$1")" ]; }

# Two makes at once must not install into one environment; the lock needs no file of its own.
exec 9<pyproject.toml
if command -v flock >/dev/null; then flock 9; fi

usable() { # a Python that can run nhigraph, and the one that was asked for, if one was
    [ -x "$bin/python" ] && "$bin/python" -c "$supported" 2>/dev/null &&
        { [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" -VV)" = "$("$bin/python" -VV)" ]; }
}
home() { cat "$venv/home" 2>/dev/null || true; }

if usable && [ "$(home)" = "$(pwd -P)" ]; then
    # dev holds every user pin, so a fresh dev environment serves users too.
    if fresh dev || { [ "$kind" = user ] && fresh user; }; then exit 0; fi
else
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$python" -c "$supported" 2>/dev/null; then
            found=$python
            break
        fi
    done
    if [ -z "${found:-}" ]; then
        say "needs Python 3.11 or newer; none found. Name one: make PYTHON=/path/to/python3 …"
        exit 1
    fi
    say "$("$found" -V): making $venv"
    "$found" -m venv --clear "$venv"
    pwd -P >"$venv/home"
fi
rm -f "$venv/user.stamp" "$venv/dev.stamp"

pip=("$bin/python" -m pip --disable-pip-version-check)
say "installing the pinned installer"
"${pip[@]}" install --quiet --require-hashes -r requirements/build.txt

# uv does not read pip's configuration. Whoever configured an index or a certificate bundle
# for pip means it for this installation too.
setting() { "${pip[@]}" config get "global.$1" 2>/dev/null || true; }
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=${PIP_INDEX_URL:-$(setting index-url)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX=$index; fi
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
    cert=${PIP_CERT:-$(setting cert)}
    if [ -n "$cert" ]; then export SSL_CERT_FILE=$cert; fi
fi

say "installing requirements/$kind.txt"
# Compiled here, once: first use is then as fast as every other, also where Python may not
# write byte code. pip is slower and equally good: it takes over if uv cannot run here.
# As pip does, it trusts the certificates that the system trusts.
if ! "$bin/uv" pip install --quiet --system-certs --python "$bin/python" --compile-bytecode \
    --require-hashes -r "requirements/$kind.txt"; then
    say "uv could not; pip tries"
    "${pip[@]}" install --quiet --require-hashes -r "requirements/$kind.txt"
fi

say "installing nhigraph from this folder"
"${pip[@]}" install --quiet --no-index --no-deps --no-build-isolation --editable .
key "$kind" >"$venv/$kind.stamp"
