"""Whom whoever pushes to a repository becomes, by every run that what is pushed could have.

The oracle writes the subject of each such run as the forges document it and compares it with the
trust by a matcher of its own; it shares no code with the product, which reads listings.
"""

import json
import re
from pathlib import Path
from random import Random

import pytest

from nhigraph.facts.ends import Condition, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact, Node
from nhigraph.graph.build import build
from nhigraph.ingest.document import Checkout, Document
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.schema import kinds as k
from nhigraph.sources import github_actions, gitlab

AT = Evidence("trusts.json", "/0", "0" * 64, "", "declared", 1)
ROLE = "arn:aws:iam::123456789012:role/ledger-writer"
GITHUB, GITLAB = "https://token.actions.githubusercontent.com", "https://git.acme.example"
LISTED: dict[str, tuple[str, object]] = {
    GITHUB: ("keys.json", [{"id": 1, "key": "ssh", "title": "sync", "read_only": False}]),
    GITLAB: ("deploy_keys.json", [{"id": 1, "title": "sync", "can_push": True, "key": "ssh"}]),
}
HOMES = {GITHUB: "acme/erp", GITLAB: "gitlab:git.acme.example/acme/erp"}
KEYS = {GITHUB: "github:acme/erp", GITLAB: "gitlab:git.acme.example/acme/erp"}
#: Names that a trust may be written with, and names that nobody has thought of yet.
NAMES, NEW = ("main", "release/1", "prod", "m"), ("zq-1", "zq/2", "qz3")


def runs(issuer: str, names: tuple[str, ...] = (*NAMES, *NEW)) -> dict[str, str]:
    """Subjects of all runs, each with the end of the key of what may stand before it."""
    if issuer == GITLAB:
        at = "project_path:acme/erp:ref_type:{}:ref:{}"
        branches = {at.format("branch", one): f"protection/{one}" for one in names}
        return branches | {at.format("tag", one): "" for one in names}
    found: dict[str, str] = {}
    for home in ("acme/erp", "acme@12/erp@34"):
        found |= {f"repo:{home}:ref:refs/heads/{one}": f"protection/{one}" for one in names}
        found |= {f"repo:{home}:ref:refs/tags/{one}": "" for one in names}
        found |= {f"repo:{home}:environment:{x}": f"environment/{x}/protection" for x in names}
        found[f"repo:{home}:pull_request"] = ""
    return found


def like(pattern: str, text: str) -> bool:
    body = "".join(".*" if x == "*" else "." if x == "?" else re.escape(x) for x in pattern)
    return re.fullmatch(body, text, re.DOTALL) is not None


def asked(rng: Random, issuer: str) -> tuple[str, bool]:
    """What a role asks of subjects: one of a repository's, less of it, or another's."""
    subject = rng.choice([*runs(issuer, NAMES)])
    match rng.randrange(4):
        case 0:
            return subject, rng.random() < 0.3
        case 1:
            return subject[: rng.randrange(8, len(subject))] + "*", True
        case 2:
            return subject.replace("acme/erp", "acme/*"), True
        case _:
            other = rng.choice(("acme/erp2", "acme2/erp", "acme/er?"))
            return subject.replace("acme/erp", other), rng.random() < 0.5


def ways(folder: Path, issuer: str, trust: Trust) -> set[str]:
    """Ends of the keys of the rules past which a deploy key lets its holder be the role."""
    name, listing = LISTED[issuer]
    path = folder / name
    path.write_text(json.dumps(listing))
    where = Checkout(HOMES[issuer], name)
    source = github_actions if issuer == GITHUB else gitlab
    facts: list[Fact] = [*source.read(Document(path, name, checkout=where))]
    graph = passes.sealed(
        passes.run(Board(build([*facts, trust, Node(k.CLOUD_ROLE, ROLE, AT)]).graph))
    )
    rows = graph.edges.merge(graph.nodes["key"].rename("to"), left_on="dst", right_index=True)
    rows = rows[(rows["kind"] == "CAN_ASSUME") & (rows["to"] == ROLE)]
    assert set(rows["certainty"]) <= {"conditional"}
    return {(gate or "").removeprefix(f"{KEYS[issuer]}/") for gate in rows["gate"]}


def ends(rules: set[str]) -> set[str]:
    """Keys write the slash of a branch as a code."""
    return {one.replace("release/1", "release%2F1") for one in rules}


@pytest.mark.parametrize("issuer", [GITHUB, GITLAB])
@pytest.mark.parametrize("seed", range(40))
def test_who_pushes_is_whom_some_run_is_let_in_as(tmp_path: Path, issuer: str, seed: int) -> None:
    value, glob = asked(Random(f"{issuer}/{seed}"), issuer)
    trust = Trust(ROLE, AT, issuer=issuer, conditions=(Condition("sub", (value,), glob),))
    let_in = {one for one in runs(issuer) if (like(value, one) if glob else value == one)}
    found = ways(tmp_path, issuer, trust)
    assert bool(found) == bool(let_in), value
    rules = {runs(issuer)[one] for one in let_in}
    free = {one for one in let_in if one not in runs(issuer, NAMES)}
    if "" in rules or free:
        assert found == {""}, value
    elif not {"*", "?"} & {*value.replace("acme/*", "")}:
        assert found == {one.replace("release/1", "release%2F1") for one in rules}, value


@pytest.mark.parametrize(
    ("claim", "value", "rule"),
    [
        ("repository", "acme/erp", ""),
        ("repository_owner", "acme", ""),
        ("ref", "refs/heads/main", "protection/main"),
        ("environment", "prod", "environment/prod/protection"),
    ],
)
def test_a_trust_may_ask_for_other_claims(
    tmp_path: Path, claim: str, value: str, rule: str
) -> None:
    trust = Trust(ROLE, AT, issuer=GITHUB, conditions=(Condition(claim, (value,)),))
    assert ways(tmp_path, GITHUB, trust) == {rule}


def test_a_key_that_only_reads_is_let_in_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = [{"id": 1, "key": "ssh", "title": "sync", "read_only": True}]
    monkeypatch.setitem(LISTED, GITHUB, ("keys.json", reads))
    assert ways(tmp_path, GITHUB, Trust(ROLE, AT, issuer=GITHUB)) == set()


def test_an_enterprise_may_have_an_issuer_of_its_own(tmp_path: Path) -> None:
    assert ways(tmp_path, GITHUB, Trust(ROLE, AT, issuer=f"{GITHUB}/acme")) == {""}
    assert ways(tmp_path, GITHUB, Trust(ROLE, AT, issuer=f"{GITHUB}.example")) == set()
