#!/usr/bin/env bash
# Package:   neo4j 6.4.1 (PyPI), the Python driver.
# Question:  what happens with an address that carries user and password, as those of most databases
#            may: bolt://USER:PASSWORD@HOST?
# Guess:     they are used, or refused with an error that does not repeat the password.
# Behaviour: refused, before anything is sent, by a ConfigurationError that prints the whole
#            address, the password included; so does neo4j:// .
# Meaning:   who hands an address of a configuration on to the driver and logs what it raises has
#            the password in the log. Look for "@" in the address first, and refuse it oneself.
# Seen:      "URI userinfo is not supported by direct drivers … Given URI: 'bolt://neo4j:CANARY…"
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet neo4j==6.4.1

"$folder/venv/bin/python" - <<'PY'
import sys

import neo4j

PASSWORD = "CANARY-password"
found = {}
for scheme in ("bolt", "neo4j"):
    try:
        neo4j.GraphDatabase.driver(f"{scheme}://neo4j:{PASSWORD}@localhost:7687").close()
    except neo4j.exceptions.ConfigurationError as error:
        found[scheme] = PASSWORD in str(error)
print(found)
if found != {"bolt": True, "neo4j": True}:
    sys.exit("otherwise than found")
print("as found")
PY
