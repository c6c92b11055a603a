"""What single statements ask for, and a DELETE through views, against a live server.

Each statement is run as somebody who has one set of rights after the other.
"""

from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest

from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql import bodies
from nhigraph.sources import mysql as source
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.mysql.trials import DENIED
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "DROP")
STATEMENTS = (
    "UPDATE t SET a = 1",
    "UPDATE t SET a = DEFAULT",
    "UPDATE t SET a = a + 1",
    "UPDATE t SET a = t.b",
    "UPDATE t SET a = 1 WHERE id = 1",
    "UPDATE t SET a = 1 WHERE TRUE",
    "UPDATE t SET a = 1 LIMIT 1",
    "UPDATE t SET a = 1 ORDER BY id LIMIT 1",
    "UPDATE t SET a = 1 WHERE EXISTS (SELECT 1 FROM o WHERE o.id = 1)",
    "UPDATE t SET a = (SELECT MAX(b) FROM o)",
    "UPDATE t AS z SET z.a = 1 WHERE z.id = 1",
    "UPDATE t JOIN o ON t.id = o.id SET t.a = o.b",
    "UPDATE t JOIN o ON o.id = 1 SET t.a = 1",
    "UPDATE t, o SET t.a = 1",
    "DELETE FROM t",
    "DELETE FROM t LIMIT 1",
    "DELETE FROM t WHERE id = 1",
    "DELETE FROM t WHERE TRUE RETURNING id",
    "DELETE FROM t ORDER BY id LIMIT 1",
    "DELETE FROM t WHERE EXISTS (SELECT 1 FROM o)",
    "DELETE t FROM t JOIN o ON t.id = o.id",
    "DELETE z FROM t AS z, o",
    "INSERT INTO t (id) VALUES (9)",
    "INSERT INTO t VALUES (9, 1, 1)",
    "INSERT INTO t (id, a) SELECT id + 10, a FROM o",
    "INSERT INTO t (id) VALUES (9) RETURNING id",
    "REPLACE INTO t (id) VALUES (1)",
    "REPLACE INTO t (id, a) SELECT id, a FROM o",
    "SELECT 1 FROM t",
    "SELECT t.a FROM t JOIN o ON t.id = o.id",
    "TRUNCATE TABLE t",
)
#: These ask for SELECT, which is told as what may be asked for.
PERHAPS = (
    "UPDATE t SET a = b",
    "INSERT INTO t (id) VALUES (1) ON DUPLICATE KEY UPDATE a = 3",
    "INSERT INTO t (id, a) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = VALUES(a)",
)
TABLES = """
CREATE DATABASE asking; CREATE USER asker@localhost;
CREATE TABLE asking.t (id INT PRIMARY KEY DEFAULT 0, a INT, b INT);
CREATE TABLE asking.o (id INT PRIMARY KEY, a INT, b INT);
CREATE TABLE asking.nothing (id INT); GRANT DROP ON asking.nothing TO asker@localhost;
INSERT INTO asking.t VALUES (1, 1, 1); INSERT INTO asking.o VALUES (1, 1, 1);
"""


@pytest.fixture(scope="module")
def tried(server: Server) -> Iterator[dict[tuple[str, frozenset[str], bool], bool]]:
    """Statement, rights on the one table, SELECT on the other, and whether it was let."""
    server.run(TABLES, stop=True)
    found = {}
    sets = chain.from_iterable(combinations(RIGHTS, many) for many in range(len(RIGHTS) + 1))
    for rights in sets:
        for reads in (False, True):
            given = ["REVOKE ALL PRIVILEGES, GRANT OPTION FROM asker@localhost"]
            given.append("GRANT DROP ON asking.nothing TO asker@localhost")
            if rights:
                given.append(f"GRANT {', '.join(rights)} ON asking.t TO asker@localhost")
            if reads:
                given.append("GRANT SELECT ON asking.o TO asker@localhost")
            server.run("".join(f"{one};\n" for one in given), stop=True)
            lines, at = ["USE asking"], {}
            for text in (*STATEMENTS, *PERHAPS):
                lines += ["START TRANSACTION", text]
                at[text] = len(lines)
                lines.append("ROLLBACK")
            ran = server.lines(lines, "asker")
            for text, line in at.items():
                found[text, frozenset(rights), reads] = ran.errors.get(line, 0) not in DENIED
    yield found
    server.run("DROP DATABASE asking; DROP USER asker@localhost;", stop=True)


def let(text: str, rights: frozenset[str], *, reads: bool, perhaps: bool) -> bool:
    """Whether what we say it needs is there; with what it perhaps needs, or without."""
    body = bodies.understand(text)
    assert not body.problem, (text, body.problem)
    first = body.steps[0]
    asked = [*body.steps, *(one for one in first.needs if perhaps or not one.branch)]
    has = {"t": rights, "o": frozenset({"SELECT"} if reads else ())}
    return all(one.privilege in has[one.thing[-1]] for one in asked)


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_asks_for_what_the_server_asks_for(
    tried: dict[tuple[str, frozenset[str], bool], bool], text: str
) -> None:
    """With every set of rights."""
    wrong = [
        (sorted(rights), reads)
        for (one, rights, reads), truth in tried.items()
        if one == text and let(text, rights, reads=reads, perhaps=True) is not truth
    ]
    assert wrong == []


@pytest.mark.parametrize("text", PERHAPS)
def test_what_a_statement_perhaps_asks_for_is_between(
    tried: dict[tuple[str, frozenset[str], bool], bool], text: str
) -> None:
    """A name may be a variable's; the server is never stricter than the stricter reading."""
    wrong = [
        (sorted(rights), reads)
        for (one, rights, reads), truth in tried.items()
        if one == text
        and not (
            let(text, rights, reads=reads, perhaps=True)
            <= truth
            <= let(text, rights, reads=reads, perhaps=False)
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("base", ["SELECT", "DELETE"])
@pytest.mark.parametrize("inner", ["", "SELECT", "DELETE"])
def test_a_delete_through_two_views_asks_for_no_right_on_the_inner_one(
    server: Server, tmp_path: Path, base: str, inner: str
) -> None:
    """Whatever the outer view's definer may there; the table's right is the inner definer's."""
    people = ("clerk", "outer_one", "inner_one")
    more = f"GRANT {inner} ON below.v TO outer_one@localhost;" if inner else ""
    server.run(
        "".join(f"CREATE USER {one}@localhost;" for one in people)
        + f"""
        CREATE DATABASE above; CREATE DATABASE below;
        CREATE TABLE above.t (id INT PRIMARY KEY); INSERT INTO above.t VALUES (1);
        GRANT SELECT ON above.t TO inner_one@localhost;
        CREATE DEFINER=inner_one@localhost SQL SECURITY DEFINER VIEW below.v AS
            SELECT id FROM above.t;
        CREATE DEFINER=outer_one@localhost SQL SECURITY DEFINER VIEW above.w AS
            SELECT id FROM below.v;
        GRANT DELETE ON above.w TO clerk@localhost; {more}
        REVOKE SELECT ON above.t FROM inner_one@localhost;
        GRANT {base} ON above.t TO inner_one@localhost;
        """,
        stop=True,
    )
    doc = export(server, tmp_path / "erp.mysql.json")
    done = not server.run("DELETE FROM above.w;", "clerk").errors
    undone = "".join(f"DROP USER {one}@localhost;" for one in people)
    server.run(f"DROP DATABASE above; DROP DATABASE below; {undone}", stop=True)
    facts = list(source.read(doc))
    who, at = names.account("clerk", "localhost"), (names.dataset("above", "t"), "OMIT")

    assert done is (base == "DELETE")
    for certain in (False, True):
        assert (at in Walker(facts, certain=certain).held(who)) is done
