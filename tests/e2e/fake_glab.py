"""Stands where ``glab`` would be on PATH: serves a table of answers, and keeps what it was asked.

The table is JSON, ``{"HOST/ADDRESS": [PAGE, …]}``, where a page may be ``{"status": N, "message":
"…"}``; any other address is answered 404. Pages are printed one after another; the body of an
error is printed like any other, the status on the error stream, and then it is over
(gitlab-org/cli, internal/commands/api/api.go, 1.53).
"""

import json
import os
import sys
from pathlib import Path

NOT_FOUND = {"status": 404, "message": "404 Not Found"}


def main(arguments: list[str]) -> int:
    """Answer one call."""
    log = Path(os.environ["FAKE_GLAB_LOG"])
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(arguments) + "\n")
    host = arguments[arguments.index("--hostname") + 1]
    table = json.loads(Path(os.environ["FAKE_GLAB_TABLE"]).read_text(encoding="utf-8"))
    if arguments[:2] == ["auth", "status"]:
        sys.stderr.write("Token: " + os.environ.get("GITLAB_TOKEN", "") + "\n")
        return 0 if any(key.startswith(f"{host}/") for key in table) else 1
    address = arguments[-1].partition("?")[0]
    for page in table.get(f"{host}/{address}", [NOT_FOUND]):
        if isinstance(page, dict) and "status" in page and "message" in page:
            return _refused(page)
        sys.stdout.write(json.dumps(page))
    return 0


def _refused(answer: dict[str, object]) -> int:
    if answer["status"]:
        sys.stdout.write(json.dumps({"message": answer["message"]}))
        sys.stderr.write(f"glab: {answer['message']} (HTTP {answer['status']})\n")
    else:
        sys.stderr.write("could not connect\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
