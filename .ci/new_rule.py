"""Write the stubs of a new rule: its module and its fixtures, and a changelog line.

Every stub says what to put in its place, after the word STUB, and fails its tests until that is
done. CONTRIBUTING.md has the walkthrough.
"""

import keyword
import re
import sys
from pathlib import Path

from new_source import with_line

MODULE = '''"""STUB: what it finds, in one sentence.

What it finds: STUB: an identity that ..., or a node whose ...
Why it matters: STUB: what follows for the books or a promise.
What it needs: STUB: which facts; what is told as not known where they are missing.
When it is silent: STUB: where it finds nothing, and rightly.
How to end it: STUB: what to change; cut_edge names the fewest edges where edges end it.
Sources: STUB: who says so.
"""

from collections.abc import Iterator

from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.schema.crosswalk import mapped


def find(seen: Seen) -> Iterator[Hit | Unknown]:
    """STUB: a Hit for each finding, an Unknown for each node of which it cannot be said."""
    # STUB: rows of identities are seen.rows_where(...), what ways show seen.rows_that_show(...),
    # weaknesses that records show findings.standing.of_records(...). No threshold is decided here.
    del seen
    yield from ()


RULE = Rule(
    title="STUB: what is the matter with the subject",
    # STUB: OWASP | TSC | CSF | 800-53 | ISO 27001 | ITGC, blanks between; blank for none
    maps=mapped("NHI5:2025|CC6.3|PR.AA-05|AC-6|A.8.2|APD"),
    find=find,
)
'''

FIXTURES = """hit:
  what: "STUB: an estate in which it is found"
  nodes:
    - {kind: ServiceAccount, key: "acme:svc"}
    - {kind: Dataset, key: "acme:gl"}
  edges:
    - {kind: CAN_WRITE, from: "acme:svc", to: "acme:gl", action: post}
  found:
    - {subject: "acme:svc", target: "fin:gl", severity: critical}
miss:
  what: "STUB: one like it, in which it is not"
  nodes:
    - {kind: ServiceAccount, key: "acme:svc"}
gap:
  what: "STUB: one of which it cannot be said"
  nodes:
    - {kind: ServiceAccount, key: "acme:svc"}
  not_known: ["acme:svc"]
"""

LINE = "- Rule `NAME`: STUB: what it finds.\n"

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 30


def problem(name: str, root: Path) -> str | None:
    """Why there cannot be a new rule of that name; None where there can."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or keyword.iskeyword(name):
        return f"{name!r} is no name of a module: snake_case, at most {_LONGEST} characters"
    taken = [path for path in _paths(name, root) if path.exists()]
    if taken:
        listed = ", ".join(path.relative_to(root).as_posix() for path in taken)
        return f"there is a rule {name!r} already: {listed}"
    return None


def _paths(name: str, root: Path) -> tuple[Path, Path]:
    rules, tests = root / "nhigraph" / "rules", root / "tests" / "unit" / "rules"
    return rules / f"{name}.py", tests / f"{name}.yaml"


def write(name: str, root: Path) -> list[Path]:
    """Write the stubs of a rule below ``root``; returns what was written."""
    changelog = root / "CHANGELOG.md"
    lines = with_line(changelog.read_text(encoding="utf-8"), LINE.replace("NAME", name))
    module, fixtures = _paths(name, root)
    module.write_text(MODULE, encoding="utf-8")
    fixtures.write_text(FIXTURES, encoding="utf-8")
    changelog.write_text(lines, encoding="utf-8")
    return [module, fixtures, changelog]


def main(arguments: list[str]) -> int:
    """Write the stubs, and say what is next."""
    root = Path(__file__).resolve().parent.parent
    if len(arguments) != 1:
        print("usage: make new-rule NAME=agent_unwatched", file=sys.stderr)
        return 2
    (name,) = arguments
    why = problem(name, root)
    if why is not None:
        print(f"new-rule: {why}", file=sys.stderr)
        return 2
    for path in write(name, root):
        print(path.relative_to(root).as_posix())
    print(f"next: put something in place of each STUB, then make overlap test ARGS='-k {name}'")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
