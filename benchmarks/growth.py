"""How the time of an assessment grows with the estate, shape by shape: is there a square?

    python -m benchmarks.growth [OTHER] [SHAPE ...]

Every shape is made of one thing that estates have many of, at two sizes, the larger four times the
smaller. Printed are the processor's seconds of ``nhigraph assess`` for both, without those of an
estate of four edges, and the exponent of their growth: 1 is a straight line, 2 a square. OTHER is
another checkout with its environment in ``.venv``: it is measured after this one.
"""

import json
import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from nhigraph.records import dataclass

SMALL, TIMES = 500, 4
_HERE = Path(__file__).resolve().parents[1]
_TESTS = (
    *("human", "enforced_by_target", "out_of_reach", "content_bound"),
    *("no_auto_threshold", "log_out_of_reach"),
)
Record = dict[str, object]


@dataclass(slots=True)
class Estate:
    """An estate that is being made.

    Attributes:
        nodes: Records of facts/1; likewise the others.
        targets: Keys of what targets stand for, a target each.
        beside: Further documents, by path.
    """

    nodes: list[Record]
    edges: list[Record]
    gates: list[Record]
    gaps: list[Record]
    targets: list[str]
    beside: dict[str, str]

    @classmethod
    def empty(cls) -> "Estate":
        """Nothing yet."""
        return cls([], [], [], [], [], {})

    def many(self, kind: str, prefix: str, count: int) -> None:
        """Nodes of a kind."""
        self.nodes += [{"kind": kind, "key": f"{prefix}:{at}"} for at in range(count)]

    def edge(self, kind: str, source: str, target: str, **more: object) -> None:
        """One edge."""
        self.edges.append({"kind": kind, "from": source, "to": target, **more})

    def write(self, folder: Path) -> None:
        """Write it as documents."""
        facts: Record = {"nhigraph": "facts/1", "nodes": self.nodes, "edges": self.edges}
        facts |= {"gates": self.gates, "gaps": self.gaps}
        target: Record = {"family": "financial-reporting", "process": "record-to-report"}
        target |= {
            "fs_role": "record",
            "icfr_basis": "own",
            "assertions": ["valuation_allocation"],
        }
        scope: Record = {"nhigraph": "scope/1", "organization": "Growth", "as_of": "2026-11-23"}
        scope["targets"] = [
            {**target, "id": f"t{at}", "select": [{"key": key}]}
            for at, key in enumerate(self.targets)
        ]
        written = {"x.facts.json": json.dumps(facts), "scope.yaml": json.dumps(scope)}
        for name, text in (written | self.beside).items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")


def _data(made: Estate, count: int) -> None:
    made.many("Dataset", "data", count)
    made.targets += [f"data:{at}" for at in range(count)]


def undeclared(made: Estate, size: int) -> None:
    """Gates that nobody declares, each before one identity: a question for each."""
    made.many("ServiceAccount", "bot", size)
    _data(made, 1)
    for at in range(size):
        made.edge("CAN_WRITE", f"bot:{at}", "data:0", gate=f"gate:{at}")


def conditions(made: Estate, size: int) -> None:
    """Conditions, each of one edge, two of them side by side on every other edge."""
    made.many("ServiceAccount", "bot", size)
    made.many("CloudRole", "role", size)
    _data(made, 20)
    for at in range(size):
        text = f"the address is {at}" + (f" and the hour is {at}" if at % 2 else "")
        more = {"certainty": "conditional", "condition": text}
        made.edge("CAN_ASSUME", f"bot:{at}", f"role:{at * 7 % size}", **more)
        made.edge("CAN_WRITE", f"role:{at}", f"data:{at % 20}")


def needs(made: Estate, size: int) -> None:
    """Rights, each of which needs a key of its own."""
    made.many("ServiceAccount", "bot", size)
    made.many("EncryptionKey", "key", size)
    _data(made, 10)
    for at in range(size):
        need = [{"at": f"key:{at}", "state": "READ"}]
        made.edge("CAN_WRITE", f"bot:{at}", f"data:{at % 10}", needs=need)
        made.edge("CAN_READ", f"bot:{at}", f"key:{at if at % 2 else at * 7 % size}")


def gaps(made: Estate, size: int) -> None:
    """Roles a third of which nobody described, on everybody's ways."""
    random = Random(7)
    made.many("ServiceAccount", "bot", size)
    made.many("CloudRole", "role", size)
    _data(made, 1)
    for at in range(size):
        made.edge("CAN_ASSUME", f"bot:{at}", f"role:{random.randrange(size)}")
        made.edge("CAN_ASSUME", f"role:{at}", f"role:{random.randrange(size)}")
    made.gaps += [{"at": f"role:{at}", "reason": "not exported"} for at in range(0, size, 3)]
    made.edge("CAN_WRITE", "role:1", "data:0")


def duties(made: Estate, size: int) -> None:
    """Everybody prepares and approves at five targets."""
    made.many("ServiceAccount", "bot", size)
    _data(made, 20)
    for at in range(size):
        for target in range(5):
            for action in ("post", "approve"):
                made.edge("CAN_WRITE", f"bot:{at}", f"data:{target}", action=action)


def approved(made: Estate, size: int) -> None:
    """Approvals by large groups, of whom some are held by those who ask."""
    made.many("ServiceAccount", "bot", size)
    made.many("User", "user", size)
    made.many("Group", "group", 20)
    _data(made, 20)
    for at in range(size):
        for group in range(3):
            made.edge("MEMBER_OF", f"user:{at}", f"group:{group}")
        made.edge("CAN_WRITE", f"bot:{at}", f"data:{at % 20}", gate=f"gate:{at % 20}")
        if at % 9 == 0:
            made.edge("CAN_ADMINISTER", f"bot:{at}", f"group:{at % 20}")
    rule: Record = {"kind": "approval", "tests": dict.fromkeys(_TESTS, True)}
    made.gates += [{**rule, "key": f"gate:{at}", "approvers": [f"group:{at}"]} for at in range(20)]


def jobs(made: Estate, size: int) -> None:
    """Repositories whose jobs use secrets of theirs, and write to each other past a gate."""
    for kind, prefix in (("Repository", "repo"), ("CiJob", "job"), ("Secret", "secret")):
        made.many(kind, prefix, size)
    made.many("ServiceAccount", "bot", size)
    _data(made, 30)
    for at in range(size):
        made.edge("EXECUTES", f"repo:{at}", f"job:{at}")
        made.edge("CAN_READ", f"job:{at}", f"secret:{at}", action="use_secret")
        made.edge("AUTHENTICATES_AS", f"secret:{at}", f"bot:{at}")
        made.edge("CAN_WRITE", f"bot:{at}", f"data:{at % 30}")
        made.edge("CAN_WRITE", f"job:{at}", f"repo:{(at * 5 + 1) % size}", gate=f"gate:{at}")


def credentials(made: Estate, size: int) -> None:
    """Four keys for everybody, all of them old."""
    made.many("ServiceAccount", "bot", size)
    _data(made, 1)
    for at in range(4 * size):
        old = {"kind": "ApiKey", "key": f"key:{at}", "props": {"rotated": "2020-01-01"}}
        made.nodes.append(old)
        made.edge("AUTHENTICATES_AS", f"key:{at}", f"bot:{at % size}")
    for at in range(size):
        made.edge("CAN_WRITE", f"bot:{at}", "data:0")
        made.edge("CAN_READ", f"bot:{at}", f"key:{at * 13 % (4 * size)}")


_ROLE: Record = {"superuser": False, "inherit": True, "createrole": False, "createdb": False}
_ROLE |= {"login": True, "replication": False, "bypassrls": False, "valid_until": None}
_TABLE: Record = {"kind": "r", "row_security": False, "force_row_security": False}
_TABLE |= {"security_invoker": False, "updatable": None, "partition": False, "inherits": []}
_TABLE |= {"reads": [], "definition": None, "columns": []}
_NONE = ("foreign_keys", "policies", "rules", "functions", "languages", "triggers")


def _export(size: int) -> Record:
    """A database: logins in groups, tables that groups own, rights of five logins on each."""
    random, groups, owner = Random(3), max(size // 10, 1), "postgres"
    roles: list[Record] = [{**_ROLE, "name": owner, "superuser": True}]
    roles += [{**_ROLE, "name": f"r{at}"} for at in range(size)]
    roles += [{**_ROLE, "name": f"g{at}", "login": False} for at in range(groups)]
    pairs = [(f"g{random.randrange(groups)}", f"r{at}") for at in range(size)]
    pairs += [(f"g{at}", f"g{at + 1}") for at in range(groups - 1)]
    given: Record = {"grantor": owner, "inherit": True, "set": True, "admin": False}
    tables: list[Record] = []
    for at in range(3 * size):
        who = f"g{at % groups}"
        rights = [f"r{random.randrange(size)}=arw/{who}" for _ in range(5)]
        tables.append(
            {**_TABLE, "schema": f"s{at % 20}", "name": f"t{at}", "owner": who}
            | {"acl": [f"{who}=arwdDxt/{who}", *rights]}
        )
    use = [f"g{at}=U/{owner}" for at in range(groups)]
    export: Record = {"nhigraph_export": "postgres/1", "extracted_at": "2026-11-22T02:30:00Z"}
    export |= {"server_version_num": 150018, "database": "erp", "host": None, "port": None}
    export |= {"system_identifier": "1", "roles": roles, "relations": tables}
    export["memberships"] = [{**given, "role": role, "member": one} for role, one in pairs]
    export["databases"] = [{"name": "erp", "owner": owner, "acl": None}]
    export["schemas"] = [
        {"name": f"s{at}", "owner": owner, "acl": [f"{owner}=UC/{owner}", *use]}
        for at in range(20)
    ]
    more = ("default_privileges", "foreign_servers", "event_triggers")
    export |= {name: [] for name in (*_NONE, *more)}
    return export


def database(made: Estate, size: int) -> None:
    """One large database."""
    made.beside["erp.postgres.json"] = json.dumps(_export(size))
    made.targets += [f"dataset:postgres:erp.s{at}.*" for at in range(20)]


def copies(made: Estate, size: int) -> None:
    """A small database that was exported many times: all say the same."""
    text = json.dumps(_export(6))
    made.beside |= {f"day-{at}/erp.postgres.json": text for at in range(size)}
    made.targets += [f"dataset:postgres:erp.s{at}.*" for at in range(20)]


_WORKFLOW = """\
on: {{schedule: [{{cron: "0 4 * * *"}}], workflow_dispatch: }}
jobs:
  load:
    runs-on: ubuntu-latest
    environment: production
    permissions: {{contents: write, actions: write}}
    env: {{DSN: "${{{{ secrets.DSN_{at} }}}}"}}
    steps:
      - uses: actions/checkout@v4
      - run: psql "$DSN" -c "insert into fin.entries values (1)"
"""


def repositories(made: Estate, size: int) -> None:
    """Checkouts of repositories, each with a workflow that loads the books."""
    made.many("ServiceAccount", "bot", 1)
    _data(made, 1)
    for at in range(size):
        name = f"repo{at}"
        origin = f'[remote "origin"]\n\turl = https://github.com/acme/{name}.git\n'
        made.beside[f"{name}/.git/config"] = origin
        made.beside[f"{name}/.git/HEAD"] = "ref: refs/heads/main\n"
        made.beside[f"{name}/.github/workflows/load.yml"] = _WORKFLOW.format(at=at)


SHAPES: dict[str, Callable[[Estate, int], None]] = {
    made.__name__: made
    for made in (
        *(undeclared, conditions, needs, gaps, duties, approved, jobs, credentials),
        *(database, copies, repositories),
    )
}


def written(shape: str, size: int, folder: Path) -> None:
    """Write an estate of a shape.

    Args:
        shape: One of ``SHAPES``.
        size: How many there are of what it is made of.
        folder: Where to.
    """
    made = Estate.empty()
    SHAPES[shape](made, size)
    made.write(folder)


def seconds(checkout: Path, folder: Path, out: Path) -> float:
    """The processor's seconds of one assessment."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [str(checkout / ".venv/bin/python"), "-P", "-m", "nhigraph", "assess", str(folder)]
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-500:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def growth(checkout: Path, shapes: list[str], place: Path) -> Iterator[tuple[str, float, float]]:
    """Shape by shape, the seconds at both sizes beyond those of a start."""
    (place / "one").mkdir()
    made = Estate.empty()
    needs(made, 2)
    made.write(place / "one")
    start = min(seconds(checkout, place / "one", place / "out") for _ in range(3))
    for shape in shapes:
        took = []
        for size in (SMALL, SMALL * TIMES):
            folder = place / f"{shape}-{size}"
            if not folder.exists():
                written(shape, size, folder)
            took.append(max(seconds(checkout, folder, place / "out") - start, 0.05))
        yield shape, took[0], took[1]


def main() -> None:
    """Print a line for every shape, and of every checkout."""
    asked = [word for word in sys.argv[1:] if word in SHAPES]
    others = [Path(word).resolve() for word in sys.argv[1:] if word not in SHAPES]
    for checkout in (_HERE, *others):
        with tempfile.TemporaryDirectory() as place:
            for shape, small, large in growth(checkout, asked or [*SHAPES], Path(place)):
                exponent = math.log(large / small) / math.log(TIMES)
                told = f"{shape:14} {small:8.2f} s {large:8.2f} s  exponent {exponent:5.2f}"
                print(f"{checkout.name:8} {told}", flush=True)


if __name__ == "__main__":
    main()
