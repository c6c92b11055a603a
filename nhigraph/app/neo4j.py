"""A stored graph into a Neo4j database, and what stands there."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from nhigraph.app.judge import judge
from nhigraph.app.judged import Judged, of_stored, opened
from nhigraph.app.query_library import Query
from nhigraph.app.stages import Say
from nhigraph.assurance.answer import Options
from nhigraph.graph import json_form
from nhigraph.graph.snapshot import Snapshot
from nhigraph.output.neo4j import content, push
from nhigraph.output.neo4j.asking import Asking, cells
from nhigraph.output.neo4j.content import Content
from nhigraph.output.neo4j.push import Push, Pushed
from nhigraph.output.neo4j.server import Address, connected, require_writable
from nhigraph.output.neo4j.stored import Standing, clean, standing
from nhigraph.records import dataclass
from nhigraph.version import __version__

#: Form of what is pushed; the number rises with every change of what nodes and types mean.
FORM = "neo4j/2"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A stored graph that is to be pushed; its answers are worked out when they are needed.

    Attributes:
        judged: The estate.
        name: What the snapshot is chosen by.
        digest: Says what is in it.
    """

    judged: Judged
    name: str
    digest: str

    def content(self, say: Say | None = None) -> Content:
        """All that is written.

        Raises:
            UsageError: The scope names no target.
        """
        judged = self.judged
        answered, _ = judge(judged, Options(all_reached=True), say)
        about = content.about(self.name, self.digest, answered, judged.estate, judged.gaps)
        return Content(about, answered, judged.estate)


def prepared(
    folder: Path, name: str = "", *, day: str | None = None, include_disabled: bool = False
) -> Prepared:
    """A stored graph, ready to be pushed or written.

    Args:
        folder: The graph.
        name: What the snapshot is chosen by; its day by default.
        day: ISO date that overrides the stored one.
        include_disabled: Inactive nodes count as active.
    """
    stored = opened(folder)
    judged = of_stored(stored, option=day, include_disabled=include_disabled)
    return Prepared(judged, name or judged.date.day, digest(stored, judged))


def digest(stored: Snapshot, judged: Judged) -> str:
    """Says what a push writes: the graph, its scope, what was read, the day, and this program."""
    said = {
        "form": FORM,
        "tool": __version__,
        "graph": stored.digest,
        "claims": [(c.subject, c.body, str(c.evidence)) for c in stored.claims],
        "coverage": stored.coverage,
        "day": judged.date.day,
        "include_disabled": judged.estate.day.include_disabled,
    }
    return hashlib.sha256(json_form.dumped(said)).hexdigest()


def run_push(
    address: Address, wanted: Prepared, *, discard_drawn: bool = False, say: Say | None = None
) -> Pushed:
    """Push a snapshot; the server is asked first, so that nothing is worked out in vain.

    Args:
        address: Where to.
        wanted: The snapshot.
        discard_drawn: What somebody drew at its earlier nodes may go with them.
        say: Told what is going on.

    Raises:
        ServerError: It did not arrive; what was there before still stands.
    """
    with connected(address) as driver:
        require_writable(driver, address.database)
        one = Push(driver, address.database, say)
        if one.stands(wanted.name, wanted.digest, discard_drawn=discard_drawn):
            return Pushed(wanted.name, unchanged=True)
        return one.run(wanted.content(say))


def run_status(address: Address) -> Standing:
    """What stands in a database.

    Raises:
        ServerError: It cannot be asked.
    """
    with connected(address) as driver:
        return standing(driver, address.database)


def run_clean(
    address: Address, names: Sequence[str], *, every: bool = False, discard_drawn: bool = False
) -> list[str]:
    """Remove snapshots, and nothing else.

    Args:
        address: Where.
        names: Which.
        every: All of them, and the constraints and indexes.
        discard_drawn: What somebody drew at their nodes may go with them.

    Returns:
        Names of those that were removed.

    Raises:
        ServerError: There is none of that name, or nothing can be written.
    """
    with connected(address) as driver:
        require_writable(driver, address.database)
        if not discard_drawn:
            for one in standing(driver, address.database).snapshots:
                if every or one.name in names:
                    push.refuse_drawn(driver, address.database, one.load)
        return clean(driver, address.database, names, every=every)


def run_query(
    address: Address, query: Query, given: Mapping[str, object], snapshot: str = ""
) -> tuple[str, list[list[object]]]:
    """Ask a question of the library.

    Args:
        address: Where.
        query: The question.
        given: Its parameters.
        snapshot: Name of the snapshot; the only one where it is empty.

    Returns:
        Name of the snapshot that was asked, empty where it was no single one, and cells of the
        query's columns.

    Raises:
        ServerError: It cannot be asked there.
        UsageError: There are several snapshots, and none is named.
    """
    with connected(address) as driver:
        of_all = "snapshot" not in query.params
        asking = Asking(driver, address.database, snapshot, of_all=of_all)
        rows = asking.rows(query.text, asking.resolved(given))
        return asking.snapshot, cells(rows, query.columns)
