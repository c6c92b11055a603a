"""Listings of GitLab's API against expectations written by hand.

Each folder of ``gitlab/`` holds one document at its address, and ``expect.yaml``: what a person
reads in it, one line a fact (``told``), compared whole. ``$P`` is the project, ``$S`` another one,
``$G`` and ``$O`` groups, ``$H`` the server. What every role comes to is written down once, here:
``ladders`` are the roles of whose members a case speaks, ``grants`` the grants. ``numbered`` are
accounts that belong to the account of their number. A place is compared where a line has one.
"""

import contextlib
import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhigraph.errors import InputError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.ingest.document import Checkout, Document
from nhigraph.sources.gitlab import INGESTOR
from tests.unit.sources.told import told

HERE = Path(__file__).parent / "gitlab"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())
CANARY = "canary"
NAMES = {"P": "acme/data/erp", "S": "acme/site", "G": "acme/data", "O": "acme/ops"}

_VARIABLES = (
    "the project takes variables from whoever starts its pipelines, and one of them changes what"
    " a job does"
)
_FIRST = "it is given a job before another machine takes it"
#: What a grant opens in a project; ``$X`` is the project.
GRANTS = {
    "owner": ["CAN_ADMINISTER $X/permission/owner -> $X"],
    "maintainer": ["CAN_ADMINISTER $X/permission/maintainer -> $X"],
    "developer": ["HOLDS $X/permission/developer -> $X/permission/push"],
    "reporter": ["CAN_READ $X/permission/reporter -> $X"],
    # What it reads, joins say (``policy.forges.gitlab``).
    "read_variables": [],
    "push": ["CAN_WRITE $X/permission/push -> $X change_logic past $X/protection/?"],
    "trigger": [
        "Workflow $X/pipeline",
        f"CAN_WRITE $X/permission/trigger -> $X/pipeline change_logic if {_VARIABLES}",
    ],
    "create_runner": [
        "Workflow $X/pipeline",
        f"CAN_WRITE $X/permission/create_runner -> $X/pipeline change_logic if {_FIRST}",
    ],
}
LADDER = ["owner", "maintainer", "developer", "reporter"]


def expected(case: str) -> dict[str, Any]:
    found = yaml.safe_load((HERE / case / "expect.yaml").read_text())
    assert isinstance(found, dict)
    return found


def path_of(case: str) -> Path:
    (path,) = (HERE / case).rglob("*.json")
    return path


def document(case: str) -> Document:
    path = path_of(case)
    return Document(path, path.relative_to(HERE).as_posix())


def read(doc: Document) -> list[Fact]:
    assert INGESTOR.recognises(doc)
    return [fact for fact in INGESTOR.read(doc) if isinstance(fact, Fact)]


def of_grant(name: str, whose: str) -> list[str]:
    lines = [f"Grant $X/permission/{name} ({name} of {NAMES[whose]})"]
    if whose in "PS":
        lines += [f"Repository $X ({NAMES[whose].rpartition('/')[2]})", *GRANTS[name]]
        lines += of_grant("push", whose) if name == "developer" else []
    else:
        lines.append(f"Container $X ({NAMES[whose].rpartition('/')[2]})")
    return [line.replace("$X", f"${whose}") for line in lines]


def of_ladder(top: str, whose: str) -> list[str]:
    lines: list[str] = []
    roles = LADDER[LADDER.index(top) :]
    for role, lower in zip(roles, [*roles[1:], ""], strict=True):
        lines.append(f"Group ${whose}/members/{role} ({role}s of {NAMES[whose]})")
        lines.append(f"HOLDS ${whose}/members/{role} -> ${whose}/permission/{role}")
        if lower:
            lines.append(f"MEMBER_OF ${whose}/members/{role} -> ${whose}/members/{lower}")
        lines += of_grant(role, whose)
    return lines


def wanted(case: str) -> list[str]:
    said = expected(case)
    host = f"gitlab:{said.get('host', 'gitlab.example')}"
    lines = list(said.get("facts", ()))
    for role in said.get("ladders", ()):
        lines += of_ladder(role, "P")
    for whose, role in said.get("group_ladders", {}).items():
        lines += of_ladder(role, whose)
    for name in said.get("grants", ()):
        lines += of_grant(name, "P")
    for login, number in said.get("numbered", {}).items():
        account = f"$H/admin/account-number/{number}"
        lines += [
            f"Group {account} (account {number})",
            f"MEMBER_OF $H/users/{login} -> {account}",
        ]
    for number in range(said.get("variables", 0)):
        key = f"$P/variable/V{number:02}"
        lines += [
            f"Secret {key} (V{number:02}) listed=True variable_type=env_var",
            f"CAN_READ $P/permission/maintainer -> {key} read_secret",
            f"CAN_WRITE $P/permission/maintainer -> {key}",
        ]
    keys = {"H": host, "P": f"{host}/acme/data/erp", "S": f"{host}/acme/site"}
    keys |= {"G": f"{host}/groups/acme/data", "O": f"{host}/groups/acme/ops"}
    return [re.sub(r"\$([A-Z])(?![A-Za-z])", lambda m: keys[m[1]], line) for line in lines]


#: What a field may hold instead of what it should.
OTHERS: list[object] = [None, 7, True, "x", [], {}, [{}], {"a": 1}]
FINE = [case for case in CASES if "error" not in expected(case)]


@pytest.mark.parametrize("case", FINE)
def test_a_listing_says_what_a_person_reads_in_it(case: str) -> None:
    """No fact more, none less."""
    found = [told(fact) for fact in read(document(case))]
    lines = wanted(case)

    plain = {line.rpartition(" @")[0] for line in found}
    assert plain == {re.sub(r" @\S+\Z", "", line) for line in lines}
    placed = {line.rpartition(":")[0] for line in found}
    assert {line for line in lines if re.search(r" @\S+\Z", line)} <= placed


def test_a_number_in_the_place_of_a_path_is_told() -> None:
    doc = document("broken_number")
    with pytest.raises(InputError, match="expected the path of a project or group"):
        INGESTOR.recognises(doc)


@pytest.mark.parametrize("case", FINE)
def test_no_value_of_a_variable_token_or_address_is_kept(case: str) -> None:
    for fact in read(document(case)):
        assert CANARY not in repr(fact).lower(), fact


@pytest.mark.parametrize("case", [case for case in FINE if not case.startswith("pages")])
def test_a_document_that_changes_type_in_one_place_is_a_line_and_no_fault(case: str) -> None:
    """Each value of each listing in turn becomes one of another type."""
    original = json.loads(path_of(case).read_text())
    doc = document(case)
    for place in _places(original)[:60]:
        for value in OTHERS:
            changed = copy.deepcopy(original)
            _put(changed, place, value)
            doc.release()
            doc.__dict__["data"] = json.dumps(changed).encode()
            if INGESTOR.recognises(doc):
                assert {fact.evidence.artifact for fact in read(doc)} <= {doc.artifact}


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    found = [at] if at else []
    if isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            found += _places(item, (*at, name))
    return found


def _put(whole: Any, at: tuple[Any, ...], value: object) -> None:  # noqa: ANN401
    for name in at[:-1]:
        whole = whole[name]
    whole[at[-1]] = value


# -- whose a document is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "repository", "holder"),
    [
        ("gitlab.com/projects/acme%2Ferp/variables.json", None, "gitlab:gitlab.com/acme/erp"),
        ("x/git.corp.example/projects/a%2Fb%2Fc/variables.json", None, "git.corp.example/a/b/c"),
        ("localhost/projects/a%2Fb/variables.json", None, "gitlab:localhost/a/b"),
        ("gitlab/projects/a%2Fb/variables.json", None, "gitlab:gitlab/a/b"),
        ("variables.json", "gitlab:git.example/acme/erp", "gitlab:git.example/acme/erp"),
        ("exports/variables.json", "gitlab:git.example/acme/erp", "gitlab:git.example/acme/erp"),
        ("gitlab.com/projects/a%2Fb/variables.json", "gitlab:git.example/x/y", "gitlab.com/a/b"),
    ],
)
def test_whose_a_listing_is_its_place_says(
    tmp_path: Path, path: str, repository: str | None, holder: str
) -> None:
    (tmp_path / "f.json").write_text('[{"key": "DSN", "variable_type": "env_var"}]')
    checkout = None if repository is None else Checkout(repository, path)
    doc = Document(tmp_path / "f.json", path, checkout=checkout)
    keys = {fact.key for fact in read(doc) if isinstance(fact, Node)}
    assert any(f"{holder}/variable/DSN" in key for key in keys)


@pytest.mark.parametrize(
    ("path", "repository"),
    [
        ("gitlab.com/projects/acme%2Ferp/unheard_of.json", None),
        ("gitlab.com/projects/acme%2Ferp/hooks.json", None),
        ("other.json", "gitlab:git.example/acme/erp"),
    ],
)
def test_what_lies_nowhere_or_is_no_listing_is_not_taken_for_one(
    tmp_path: Path, path: str, repository: str | None
) -> None:
    (tmp_path / "f.json").write_text('[{"key": "DSN", "variable_type": "env_var"}]')
    checkout = None if repository is None else Checkout(repository, path)
    assert not INGESTOR.recognises(Document(tmp_path / "f.json", path, checkout=checkout))


#: What a printed command leaves where it was run, and the same elsewhere.
LEFT = {
    "variables.json": '[{"key": "DSN", "variable_type": "env_var", "value": "CANARY-v"}]',
    "project.json": '{"path_with_namespace": "acme/erp", "default_branch": "main"}',
    "job_token_scope.json": '{"inbound_enabled": true}',
    "protected_branches.json": '[{"name": "main", "push_access_levels": []}]',
    "protected_environments.json": '[{"name": "prod", "deploy_access_levels": []}]',
    "branch-main.approval_rules.json": '[{"id": 1, "approvals_required": 2}]',
    "export/projects/acme%2Ferp/variables.json": '[{"key": "D", "variable_type": "env_var"}]',
}


@pytest.mark.parametrize("repository", [None, "acme/erp"])
@pytest.mark.parametrize("path", LEFT)
def test_a_listing_of_nobody_is_told_with_where_it_belongs(
    tmp_path: Path, path: str, repository: str | None
) -> None:
    (tmp_path / "f.json").write_text(LEFT[path])
    checkout = None if repository is None else Checkout(repository, path)
    doc = Document(tmp_path / "f.json", path, checkout=checkout)
    assert INGESTOR.recognises(doc)
    with pytest.raises(InputError, match="which project or group it is about") as raised:
        list(INGESTOR.read(doc))
    assert "save it at its address, as in gitlab.com/projects/GROUP%2FNAME" in raised.value.advice


@pytest.mark.parametrize("name", ["variables", "project", "protected_branches", "hooks"])
@pytest.mark.parametrize("text", ["[]", "{}", '[{"key": 1}]', '{"message": "404 Not found"}', "3"])
def test_other_json_of_such_a_name_is_nobodys_business(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / "f.json").write_text(text)
    assert not INGESTOR.recognises(Document(tmp_path / "f.json", f"{name}.json"))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=12,
    ),
    st.sampled_from(["variables", "members/all", "protected_branches", "runners/1", "hooks"]),
)
def test_whatever_lies_at_an_address_ends_in_facts_or_in_one_error(
    tmp_path: Path, content: object, place: str
) -> None:
    (tmp_path / "f.json").write_text(json.dumps(content))
    doc = Document(tmp_path / "f.json", f"gitlab.com/projects/a%2Fb/{place}.json")
    with contextlib.suppress(InputError):
        if INGESTOR.recognises(doc):
            for fact in read(doc):
                assert isinstance(fact.evidence, Evidence)


def test_what_a_role_comes_to_stands_at_no_single_member() -> None:
    """Else a cut would say that who takes one member out has stopped all of them."""
    doc = document("members")
    rungs = [one for one in read(doc) if isinstance(one, Edge) and "/members/" in one.source]

    assert rungs
    assert {one.evidence.pointer for one in rungs} == {""}
    assert len(doc.content) > 1
