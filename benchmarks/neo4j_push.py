"""How fast a push is, beside a statement for each edge and beside one session, in the same run.

    .venv/bin/python -m benchmarks.neo4j_push [RELATIONSHIPS]

RELATIONSHIPS is 50,000 by default; 1,000,000 is the size of the promise (a quarter of an hour on a
quiet machine). A server is started as the tests start theirs, with the heap of a person's own.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from nhigraph.output.neo4j.content import Group, Links
from nhigraph.output.neo4j.edges import Relation
from nhigraph.output.neo4j.push import SESSIONS, Push, make_schema
from nhigraph.output.neo4j.server import connected
from nhigraph.output.neo4j.stored import clean
from nhigraph.output.neo4j.values import Row
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from tests.neo4j.estates import address
from tests.neo4j.server import Server

#: Relationships for each node, and how many of them the naive way is sampled on.
FAN, SAMPLED, ROUNDS = 10, 5_000, 5
_KINDS = ("ServiceAccount", "Dataset", "Secret")


class Made:
    """A made-up snapshot, never whole in memory."""

    def __init__(self, name: str, relationships: int) -> None:
        self.count = relationships
        self.nodes = relationships // FAN
        self.about: Row = {"name": name, "digest": name, "edges": relationships}

    def groups(self) -> Iterator[Group]:
        """Nodes of three kinds, with eight properties."""
        for place, kind in enumerate(_KINDS):
            family = {"ServiceAccount": "Identity", "Dataset": "Data", "Secret": "Credential"}
            numbers = range(place, self.nodes, len(_KINDS))
            yield Group(("Entity", family[kind], kind), map(self._node, numbers))

    def _node(self, number: int) -> Row:
        return {
            "uid": f"acme:{number}", "key": f"acme:{number}", "name": f"node {number}",
            "owner": f"team-{number % 97}", "nhi": number % 3 == 0, "alive": True,
            "rotated": date(2025, 1, 1 + number % 28), "artifact": "acme.facts.json",
        }  # fmt: skip

    def links(self) -> Iterator[Links]:
        """Relationships of every kind, with eight properties."""
        kinds = sorted(EDGE_KINDS)
        for place, kind in enumerate(kinds):
            numbers = range(place, self.count, len(kinds))
            yield Links(kind, "Entity", "Entity", map(self.relation, numbers))

    def relation(self, number: int) -> Relation:
        """One of them."""
        ends = (number * 7919 % self.nodes, number * 104729 % self.nodes)
        said = {
            "key": f"{number:016x}", "certainty": "certain", "action": "update",
            "in_force": True, "artifact": "acme.facts.json", "pointer": f"/edges/{number}",
            "line": number, "basis": "declared",
        }  # fmt: skip
        return f"acme:{ends[0]}", f"acme:{ends[1]}", said


def main(relationships: int) -> None:
    assert set(_KINDS) <= set(NODE_KINDS)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(
            Path(folder),
            {"server.memory.heap.max_size": "4g", "server.memory.pagecache.size": "2g"},
            lean=False,
        )
        server.start()
        try:
            _measured(server, relationships)
        finally:
            server.kill()


def _measured(server: Server, relationships: int) -> None:
    with connected(address(server)) as driver:
        make_schema(driver, "")
        _pushed(driver, "warm", max(relationships // 10, 1_000), SESSIONS)
        ratios, rates, works = [], [], []
        for number in range(ROUNDS):
            took = {}
            for sessions in (SESSIONS, 1) if number % 2 else (1, SESSIONS):
                begun = _now(server)
                _pushed(driver, "measured", relationships, sessions)
                took[sessions] = _since(server, begun)
                # Every round begins on as much as the first: a store that outgrows the server's
                # page cache would measure the disk.
                clean(driver, "", ["measured"])
            ratios.append(took[1][0] / took[SESSIONS][0])
            rates.append(relationships / took[SESSIONS][0])
            works.append(relationships / took[SESSIONS][1])
            one, many = took[1][0], took[SESSIONS][0]
            print(
                f"round {number + 1}: one session {one:,.0f} s, {SESSIONS} {many:,.0f} s",
                flush=True,
            )
        rate, work = statistics.median(rates), statistics.median(works)
        print(f"push, nodes included: {rate:,.0f} relationships/s (median of {ROUNDS})")
        print(f"beside one session: {statistics.median(ratios):.2f} times as fast (paired)")
        begun = _now(server)
        _naive(driver, Made("warm", relationships))
        naive, drudgery = (SAMPLED / spent for spent in _since(server, begun))
        times = f"{rate / naive:,.0f} times; {work / drudgery:,.0f} times by processor time"
        print(f"one statement for each edge: {naive:,.0f}/s; the push is {times}")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of the client: {used:,.0f} MB at most")


def _now(server: Server) -> tuple[float, float]:
    """The clock, and processor time of client and server: a busy machine stretches but one."""
    return time.monotonic(), time.process_time() + server.spent()


def _since(server: Server, begun: tuple[float, float]) -> tuple[float, float]:
    now = _now(server)
    return now[0] - begun[0], now[1] - begun[1]


def _pushed(driver, name: str, relationships: int, sessions: int) -> None:  # noqa: ANN001
    done = Push(driver, "", sessions=sessions).run(Made(name, relationships))
    assert done.relationships == relationships


def _naive(driver, made: Made) -> None:  # noqa: ANN001
    """An auto-commit statement for each edge, ends found by the same index."""
    load = driver.execute_query("MATCH (s:Snapshot {name: 'warm'}) RETURN s.load AS load")
    said = (
        "MATCH (a:Entity {uid: $load + '|' + $a}) MATCH (b:Entity {uid: $load + '|' + $b}) "
        "CREATE (a)-[e:CAN_WRITE]->(b) SET e = $said"
    )
    few = Made("warm", max(made.count // 10, 1_000))
    with driver.session() as session:
        for number in range(SAMPLED):
            a, b, props = few.relation(number)
            session.run(said, load=load.records[0]["load"], a=a, b=b, said=props).consume()


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 50_000)
