"""What which.csv is about: each case a small estate, and the subjects that a reader would name."""

from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.which import all_subjects
from nhigraph.assurance.which.judge import judge
from nhigraph.assurance.which.planting import imagined
from tests.estate_files import write_estate

Record = dict[str, Any]
_Told = tuple[str, str, list[str], list[str]]


def _node(kind: str, key: str, **more: object) -> Record:
    return {"kind": kind, "key": key, **more}


def _holds(source: str, target: str, **more: object) -> Record:
    return {"kind": "CONTAINS", "from": source, "to": target, **more}


def _resolved(folder: Path, nodes: list[Record], edges: list[Record], **scope: object) -> Judged:
    write_estate(
        folder,
        [{"nhigraph": "facts/1", "nodes": nodes, "edges": edges}],
        {"nhigraph": "scope/1", "as_of": "2026-11-23", **scope},
    )
    return of_collection(collect([folder]))


_GL, _AR = "dataset:postgres:erp.fin.gl", "dataset:postgres:erp.fin.ar"
_ERP, _FIN = "container:postgres:erp", "container:postgres:erp.fin"
#: Case: nodes, edges, and the subjects as (kind, key, seats, nodes).
CASES: dict[
    str, tuple[list[Record], list[Record], list[tuple[str, str, list[str], list[str]]]]
] = {
    "tables of one database are one, without a node of its own": (
        [_node("Dataset", _GL), _node("Dataset", _AR)],
        [],
        [("database", _ERP, [_AR, _GL], [_AR, _GL])],
    ),
    "a database with its schemas is one": (
        [_node("Container", _ERP), _node("Container", _FIN), _node("Dataset", _GL)],
        [_holds(_ERP, _FIN), _holds(_FIN, _GL)],
        [("database", _ERP, [_ERP, _FIN, _GL], [_ERP, _FIN, _GL])],
    ),
    "two hosts with a database of one name are two": (
        [
            _node("Dataset", "dataset:postgres[a:5432]:erp.fin.gl"),
            _node("Dataset", "dataset:postgres[b:5432]:erp.fin.gl"),
        ],
        [],
        [
            ("database", f"container:postgres[{host}:5432]:erp", [key], [key])
            for host in "ab"
            for key in [f"dataset:postgres[{host}:5432]:erp.fin.gl"]
        ],
    ),
    "where a schema is a database, each is one": (
        [_node("Dataset", "dataset:mysql:crm.people"), _node("Dataset", "dataset:mysql:erp.gl")],
        [],
        [
            (
                "database",
                f"container:mysql:{n}",
                [f"dataset:mysql:{n}.{t}"],
                [f"dataset:mysql:{n}.{t}"],
            )
            for n, t in (("crm", "people"), ("erp", "gl"))
        ],
    ),
    "a server is a system, and its database one by itself": (
        [_node("Container", "acme:server"), _node("Dataset", _GL)],
        [_holds("acme:server", _GL)],
        [
            ("system", "acme:server", ["acme:server"], ["acme:server", _GL]),
            ("database", _ERP, [_GL], [_GL]),
        ],
    ),
    "a container that holds other data is a database, what it holds is none": (
        [_node("Container", "acme:lake"), _node("Dataset", "acme:raw")],
        [_holds("acme:lake", "acme:raw")],
        [("database", "acme:lake", ["acme:lake"], ["acme:lake", "acme:raw"])],
    ),
    "a container without data is a system": (
        [_node("Container", "acme:cluster"), _node("ServiceAccount", "acme:pod")],
        [_holds("acme:cluster", "acme:pod")],
        [("system", "acme:cluster", ["acme:cluster"], ["acme:cluster"])],
    ),
    "a container within another is none": (
        [_node("Container", "acme:account"), _node("Container", "acme:vpc")],
        [_holds("acme:account", "acme:vpc")],
        [("system", "acme:account", ["acme:account"], ["acme:account", "acme:vpc"])],
    ),
    "a bucket that nothing holds is a database": (
        [_node("Dataset", "arn:aws:s3:::exports")],
        [],
        [("database", "arn:aws:s3:::exports", ["arn:aws:s3:::exports"], ["arn:aws:s3:::exports"])],
    ),
    "a store of secrets is a system": (
        [_node("SecretStore", "acme:vault"), _node("Secret", "acme:pw")],
        [_holds("acme:vault", "acme:pw")],
        [("system", "acme:vault", ["acme:vault"], ["acme:vault"])],
    ),
    "what a repository holds is not the repository": (
        [_node("Repository", "acme:r"), _node("Model", "acme:m")],
        [_holds("acme:r", "acme:m")],
        [("repository", "acme:r", ["acme:r"], ["acme:r"])],
    ),
    "what a system no longer holds is not of it, on a condition it is": (
        [
            _node("System", "acme:s"),
            _node("Stream", "acme:gone"),
            _node("Stream", "acme:perhaps"),
        ],
        [
            _holds("acme:s", "acme:gone", valid_until="2026-01-01"),
            _holds("acme:s", "acme:perhaps", certainty="conditional", condition="tag"),
        ],
        [("system", "acme:s", ["acme:s"], ["acme:perhaps", "acme:s"])],
    ),
    "a vendor is one at all its nodes, and each name of a node is one": (
        [
            _node("OAuthApp", "acme:a", props={"vendor": "Statusly"}),
            _node("Token", "acme:b", props={"vendor": "Statusly"}),
            _node("Token", "acme:b", props={"vendor": "Other"}),
        ],
        [],
        [
            ("vendor", "vendor:Other", ["acme:b"], ["acme:b"]),
            ("vendor", "vendor:Statusly", ["acme:a", "acme:b"], ["acme:a", "acme:b"]),
        ],
    ),
    "people, jobs, streams, logs and reports are none": (
        [
            _node(kind, f"acme:{kind}")
            for kind in ("User", "CiJob", "Stream", "AuditLog", "Report", "Environment")
        ],
        [],
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_subjects_are_those_that_a_reader_would_name(name: str, tmp_path: Path) -> None:
    nodes, edges, expected = CASES[name]
    found = _resolved(tmp_path, nodes, edges)
    key = found.estate.graph.key_list
    told = [
        (one.kind, one.key, [key[n] for n in one.seats], [key[n] for n in one.nodes])
        for one in all_subjects(found)
    ]
    assert sorted(told) == sorted(expected)


def test_entries_of_the_boundary_that_no_vendor_names_are_vendors(tmp_path: Path) -> None:
    """One entry one vendor; what a vendor names, and what is outside, is in none of them."""
    nodes = [
        _node("ServiceAccount", "proc:a"),
        _node("ServiceAccount", "proc:b"),
        _node("ServiceAccount", "proc:named", props={"vendor": "Cardwell"}),
        _node("Workload", "host:x", name="Hostly"),
        _node("Workload", "gone:y"),
    ]
    boundary = {
        "carve_out": [{"key": "proc:*"}, {"kind": "Nothing"}],
        "inclusive": [{"key": "host:*", "kind": "Workload"}],
        "outside": [{"key": "gone:*"}],
    }
    found = _resolved(tmp_path, nodes, [], boundary=boundary)
    key = found.estate.graph.key_list
    told = {one.key: (one.name, [key[n] for n in one.nodes]) for one in all_subjects(found)}
    assert told == {
        "carve_out:proc:*": ("proc:*", ["proc:a", "proc:b"]),
        "inclusive:key: host:*, kind: Workload": ("Hostly", ["host:x"]),
        "vendor:Cardwell": ("Cardwell", ["proc:named"]),
    }


def _seated(found: Judged) -> dict[str, list[str]]:
    """Subject to the nodes that its imagined identity owns."""
    asked, key = all_subjects(found), found.estate.graph.key_list
    held = imagined(found.estate, asked)
    return {asked[number].key: [key[one.node] for one in some] for number, some in held.items()}


def test_whoever_holds_a_database_holds_it_at_its_top(tmp_path: Path) -> None:
    """Where one certainly holds the other; two that hold each other are held at one of them."""
    nodes = [_node("Container", _ERP), _node("Container", _FIN), _node("Dataset", _GL)]
    found = _resolved(tmp_path, nodes, [_holds(_ERP, _FIN), _holds(_FIN, _GL)])
    assert _seated(found) == {_ERP: [_ERP]}
    doubtful = [_holds(_ERP, _FIN), _holds(_FIN, _GL, certainty="assumed")]
    found = _resolved(tmp_path, nodes, doubtful)
    assert _seated(found) == {_ERP: [_ERP, _GL]}
    found = _resolved(tmp_path, nodes, [_holds(_ERP, _FIN), _holds(_FIN, _ERP)])
    assert _seated(found) == {_ERP: [_ERP, _GL]}
    dead = [_node("Container", _ERP, state="deleted"), *nodes[1:]]
    found = _resolved(tmp_path, dead, [_holds(_ERP, _FIN), _holds(_FIN, _GL)])
    assert _seated(found) == {_ERP: [_FIN]}


def test_a_name_that_is_taken_is_not_used_for_whoever_is_imagined(tmp_path: Path) -> None:
    nodes = [_node("System", "imagined:0"), _node("System", "imagined::x")]
    target = {
        "id": "s",
        "family": "financial-reporting",
        "fs_role": "record",
        "select": [{"key": "imagined:0"}],
    }
    found = _resolved(tmp_path, nodes, [], targets=[target])
    first, second = judge(found.estate, all_subjects(found))
    assert first.row is not None
    assert first.row.soc1 == "direct"
    assert second.row is not None
    assert second.row.soc1 == "none"


def test_answers_taken_on_ones_word_and_closed_gaps_count_as_for_identities(
    tmp_path: Path,
) -> None:
    """A gap that the scope closes is closed for the subject, too, wherever its row stands."""
    nodes = [
        _node("System", "acme:s"),
        _node("ServiceAccount", "acme:a"),
        _node("ServiceAccount", "acme:b"),
        _node("Dataset", _GL),
    ]
    edges = [_holds("acme:s", "acme:a"), _holds("acme:s", "acme:b")]
    facts = [
        {
            "nhigraph": "facts/1",
            "nodes": nodes,
            "edges": edges,
            "gaps": [{"at": "acme:a", "reason": "x"}, {"at": "acme:b", "reason": "y"}],
        }
    ]
    target = {
        "id": "gl",
        "family": "financial-reporting",
        "fs_role": "record",
        "select": [{"key": _GL}],
    }
    gaps: list[tuple[str, ...]] = []
    for closed in ([], ["acme:a"], ["acme:a", "acme:b"]):
        answers = [{"gap": {"at": at}, "is": "empty", "because": "known"} for at in closed]
        scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": [target]}
        write_estate(tmp_path, facts, {**scope, "answers": answers})
        found = of_collection(collect([tmp_path]))
        (system,) = [one for one in all_subjects(found) if one.key == "acme:s"]
        (one,) = judge(found.estate, [system])
        assert one.row is not None
        gaps.append(one.row.gaps)
    assert gaps == [("acme:a", "acme:b"), ("acme:b",), ()]
