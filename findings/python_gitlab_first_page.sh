#!/usr/bin/env bash
# Package:   python-gitlab 8.6.0 (PyPI), with which scripts save GitLab's lists.
# Question:  a project has 45 members. What do list() and list(per_page=…) return?
# Guess:     list() all 45, by as many requests as it takes; list(per_page=…) the same, in other
#            steps.
# Behaviour: the first page: 20, or as many as per_page says. A warning of Python's goes to the error
#            stream, unless the server, or a proxy before it, leaves out x-per-page: then nothing
#            says so. With iterator=True, or get_all=True, all 45.
# Meaning:   a saved list of exactly 20 or 100 items may be all there is, or not: whoever is not in
#            it is not known to be absent. Count before resting on it.
# Seen:      list()                      20  warned
#            list(per_page=40)           40  warned
#            list() without x-per-page   20  silent
#            list(iterator=True)         45  silent
#            list(get_all=True)          45  silent
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet python-gitlab==8.6.0

"$folder/venv/bin/python" - <<'PY'
import json
import sys
import threading
import warnings
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import gitlab

ALL = [{"id": number, "username": f"u{number}", "access_level": 30} for number in range(45)]


class Server(BaseHTTPRequestHandler):
    """Pages of a list, with the headers that GitLab documents for its pages by offset."""

    quiet = False

    def do_GET(self):
        asked = {name: int(said[0]) for name, said in parse_qs(urlsplit(self.path).query).items()}
        page, size = asked.get("page", 1), asked.get("per_page", 20)
        body = json.dumps(ALL[(page - 1) * size : page * size]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        if page * size < len(ALL):
            here = f"http://127.0.0.1:{self.server.server_port}{urlsplit(self.path).path}"
            after = f"<{here}?page={page + 1}&per_page={size}>"
            self.send_header("Link", f'{after}; rel="next"')
        if not Server.quiet:
            self.send_header("X-Per-Page", str(size))
            self.send_header("X-Total", str(len(ALL)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = gitlab.Gitlab(f"http://127.0.0.1:{server.server_port}")
members = client.projects.get(1, lazy=True).members_all
WAYS = {
    "list()": (False, lambda: members.list()),
    "list(per_page=40)": (False, lambda: members.list(per_page=40)),
    "list() without x-per-page": (True, lambda: members.list()),
    "list(iterator=True)": (False, lambda: list(members.list(iterator=True))),
    "list(get_all=True)": (False, lambda: members.list(get_all=True)),
}
SEEN = {
    "list()": (20, "warned"),
    "list(per_page=40)": (40, "warned"),
    "list() without x-per-page": (20, "silent"),
    "list(iterator=True)": (45, "silent"),
    "list(get_all=True)": (45, "silent"),
}
changed = False
for name, (quiet, ask) in WAYS.items():
    Server.quiet = quiet
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = (len(ask()), "warned" if told else "silent")
    print(f"{name:27} {found[0]:3} {found[1]}")
    changed |= found != SEEN[name]
if changed:
    sys.exit("changed: see 'Seen' at the top of this script")
PY
echo "as found"
