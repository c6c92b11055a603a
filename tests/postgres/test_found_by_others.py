"""What somebody makes where others look for names runs as these: really tried, and a line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.facts.facts import Note
from nhigraph.ingest.document import Document
from nhigraph.sources import postgres as source
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

_BASE = """
CREATE ROLE app; CREATE ROLE loader;
CREATE TABLE public.inbox (n varchar); CREATE TABLE public.gl (a int);
GRANT SELECT ON public.inbox TO loader; GRANT INSERT ON public.gl TO loader;
GRANT INSERT ON public.inbox TO loader; INSERT INTO public.inbox VALUES ('X');
"""
_POSTS = "LANGUAGE plpgsql AS $$BEGIN INSERT INTO public.gl VALUES (666); RETURN {}; END$$;"
_FITS = f"CREATE FUNCTION public.lower(varchar) RETURNS text {_POSTS.format('$1')}"
_NAMED = (
    "CREATE SCHEMA loader; CREATE TABLE loader.inbox (n varchar);"
    f" CREATE FUNCTION loader.t() RETURNS trigger {_POSTS.format('NEW')}"
    " CREATE TRIGGER t BEFORE INSERT ON loader.inbox FOR EACH ROW EXECUTE FUNCTION loader.t();"
    " GRANT USAGE ON SCHEMA loader TO loader; GRANT ALL ON loader.inbox TO loader;"
)
#: What app was granted, what it makes, what loader runs, and which line is said.
CASES = {
    "a function in public": (
        "GRANT CREATE ON SCHEMA public TO app;",
        _FITS,
        "SELECT lower(n) FROM inbox;",
        "things in schema public",
    ),
    "nothing in public": ("", _FITS, "SELECT lower(n) FROM inbox;", ""),
    "a schema that is called like a role": (
        "GRANT CREATE ON DATABASE found TO app;",
        _NAMED,
        "INSERT INTO inbox VALUES ('x');",
        "a schema",
    ),
    "no schema": ("", _NAMED, "INSERT INTO inbox VALUES ('x');", ""),
}


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    cluster.psql("postgres", "CREATE DATABASE found;")
    yield "found"
    cluster.psql("postgres", "DROP DATABASE found; DROP ROLE app; DROP ROLE loader;")


@pytest.mark.parametrize("case", CASES)
def test_who_makes_what_others_find_is_a_line(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    granted, made, run, said = CASES[case]
    cluster.psql(database, _BASE + granted)
    path = tmp_path / "found.postgres.json"
    path.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    script = f"SET ROLE app; {made}\nRESET ROLE; SET ROLE loader;\n{run}"
    cluster.psql(database, script, stop=False)
    posted = int(cluster.psql(database, "SELECT count(*) FROM public.gl WHERE a = 666;")) > 0
    assert posted is bool(said)

    facts = source.read(Document(path, path.name))
    lines = [one.reason for one in facts if isinstance(one, Note) and "others' " in one.reason]
    assert lines == (
        [f"who may make {said} decides what others' statements find by a name without its schema"]
        if said
        else []
    )
