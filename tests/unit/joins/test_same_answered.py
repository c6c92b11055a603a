"""Whether two databases lie on one server, told by an answer of the scope."""

from pathlib import Path

import pytest

from nhigraph.app.judged import Judged, of_collection
from nhigraph.schema import kinds as k
from tests.unit.joins.test_servers import exported, read

CRM, ERP = "role:postgres:crm/loader", "role:postgres:erp/loader"
SCOPE = "nhigraph: scope/1\ncommitments: [S]\nas_of: 2026-11-23\nanswers:\n  - {}\n"
HOSTS = {"crm": "10.0.0.1", "erp": "db.internal"}


def judged(folder: Path, answer: str) -> Judged:
    """Two exports, of a name and of an address: nobody can tell whether they are one."""
    (folder / "scope.yaml").write_text(SCOPE.replace("{}", answer))
    exports = (exported(name, host=host, port=5432) for name, host in HOSTS.items())
    return of_collection(read(folder, *exports, options="-d crm"))


NAMES = {
    "as keys have them": "[postgres:crm, postgres:erp]",
    "the other way round": "[postgres:erp, postgres:crm]",
    "host and port": "['10.0.0.1:5432', 'db.internal:5432']",
    "hosts": "[db.internal, 10.0.0.1]",
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("word", ["same", "different"])
def test_servers_are_one_or_two_on_somebodys_word(word: str, names: str, tmp_path: Path) -> None:
    found = judged(tmp_path, f"{{{word}: {names}, confirmed_by: ops}}")
    graph = found.estate.graph
    ids = [graph.node_id(key) for key in (CRM, ERP)]
    rows = graph.edges[graph.edges["src"].isin(ids) & graph.edges["dst"].isin(ids)]
    assert rows["kind"].tolist() == [k.CAN_ASSUME.label] * (2 if word == "same" else 0)
    assert set(rows["certainty"]) <= {"certain"}
    closed = {key for one in found.resolved.answers for key, _ in one.gaps}
    assert {CRM, ERP} <= closed
    assert not found.resolved.problems


def test_other_names_close_nothing(tmp_path: Path) -> None:
    found = judged(tmp_path, "{same: ['10.0.0.7:5432', 'db.internal:5432']}")
    assert not found.estate.closed
    (problem,) = found.resolved.problems
    assert "no longer needed" in problem.problem


def books(folder: Path, answer: str, **more: object) -> tuple[Judged, list[str]]:
    """Two exports of one database, at a name and at an address."""
    (folder / "scope.yaml").write_text(SCOPE.replace("{}", answer))
    ports = {"port": 5432, **more}
    exports = [exported("erp", host=host, **ports) for host in HOSTS.values()]
    if "system_identifier" in more:
        exports[1] = exports[1].replace('"1"', '"2"')
    found = of_collection(read(folder, *exports))
    roles = [key for key in found.estate.graph.key_list if key.endswith(":erp/loader")]
    return found, roles


def test_exports_of_one_name_are_kept_apart_until_somebody_says_that_they_are_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "two").mkdir()
    (tmp_path / "one").mkdir()
    _, two = books(tmp_path / "two", "{different: ['10.0.0.1:5432', 'db.internal:5432']}")
    assert len(two) == 2
    found, one = books(tmp_path / "one", "{same: ['10.0.0.1:5432', 'db.internal:5432']}")
    assert one == ["role:postgres:erp/loader"]
    assert not found.resolved.problems


def test_an_answer_with_a_last_day_merges_nothing(tmp_path: Path) -> None:
    _, roles = books(tmp_path, "{same: ['10.0.0.1', db.internal], until: 2027-01-01}")
    assert len(roles) == 2


def test_what_systems_say_of_themselves_stands(tmp_path: Path) -> None:
    answer = "{same: ['10.0.0.1:5432', 'db.internal:5432']}"
    found, roles = books(tmp_path, answer, system_identifier="1")
    assert len(roles) == 2
    (problem,) = found.resolved.problems
    assert problem.level == "error"
    assert problem.problem.endswith("say that they are two")
