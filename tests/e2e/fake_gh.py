"""Stands where ``gh`` would be on PATH: serves a table of answers, and keeps what it was asked.

The table is JSON, ``{"ADDRESS": [PAGE, …]}`` or ``{"ADDRESS": {"status": N, "message": "…"}}``;
any other address is answered 404. A filter is run by jq, page by page, as gh runs its own; the
body of an error is printed without it (cli/cli, pkg/cmd/api/api.go, 2.83).
"""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Answer one call."""
    log = Path(os.environ["FAKE_GH_LOG"])
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(arguments) + "\n")
    if arguments[:2] == ["auth", "status"]:
        sys.stdout.write("Token: " + os.environ.get("GH_TOKEN", "") + "\n")
        return 0
    options = dict(itertools.pairwise(arguments))
    address = arguments[-1].partition("?")[0]
    table = json.loads(Path(os.environ["FAKE_GH_TABLE"]).read_text(encoding="utf-8"))
    answer = table.get(address, {"status": 404, "message": "Not Found"})
    if isinstance(answer, dict):
        return _refused(answer)
    for page in answer:
        done = subprocess.run(
            ["jq", "-r", "-c", options.get("--jq", ".")],
            input=json.dumps(page),
            text=True,
            check=True,
            capture_output=True,
        )
        sys.stdout.write(done.stdout)
    return 0


def _refused(answer: dict[str, object]) -> int:
    if answer["status"]:
        body = {"message": answer["message"], "documentation_url": "https://docs.github.com/rest"}
        sys.stdout.write(json.dumps({**body, "status": str(answer["status"])}))
        sys.stderr.write(f"gh: {answer['message']} (HTTP {answer['status']})\n")
    else:
        sys.stderr.write("error connecting to api.github.com\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
