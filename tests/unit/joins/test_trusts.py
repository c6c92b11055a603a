"""Whom jobs become by their identity tokens, where trusts were read.

The workflows are read by their source; no source writes trusts yet, so they are stated here.
"""

from pathlib import Path

import pytest

from nhigraph.facts.ends import Condition, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.graph.build import build
from nhigraph.ingest.document import Checkout, Document
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.policy.github_actions.subjects import ISSUER
from nhigraph.schema import kinds as k
from nhigraph.sources import github_actions
from tests.unit.joins.test_clouds import AWS, action, job
from tests.unit.policy.test_github_actions import ARN

FILE = ".github/workflows/load.yml"
JOB = "github:acme/erp/job/load.yml#load"
PROD = "github:acme/erp/environment/prod/protection"
AT = Evidence("trusts.json", "/0", "0" * 64, "", "declared", 1)
NAMES = job(action(AWS, **{"role-to-assume": ARN}))
NOBODY = job("run: ./deploy.sh")
PUSHED = NAMES.replace("on: push", "on: {push: {branches: [main]}}")
IN_PROD = job(action(AWS, **{"role-to-assume": ARN}), more="environment: prod\n")


def trust(*subjects: str, glob: bool = False, issuer: str = ISSUER, at: str = ARN) -> Trust:
    conditions = (Condition("sub", subjects, glob),) if subjects else ()
    return Trust(at, AT, issuer=issuer, conditions=conditions)


def facts(folder: Path, text: str, **more: str) -> list[Fact]:
    """What documents of one repository say, and whom a role there trusts."""
    found: list[Fact] = []
    files = {FILE: text} | {name.replace("__", "/"): one for name, one in more.items()}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        doc = Document(path, name, checkout=Checkout("acme/erp", name))
        found += github_actions.read(doc)
    return found


def joined(*stated: Fact) -> Board:
    return passes.run(Board(build([*stated, Node(k.CLOUD_ROLE, ARN, AT)]).graph))


def become(board: Board) -> list[str]:
    """Edges from jobs to the role in the sealed graph."""
    graph = passes.sealed(board)
    rows = graph.edges.merge(graph.nodes["key"].rename("to"), left_on="dst", right_index=True)
    rows = rows[(rows["kind"] == "CAN_ASSUME") & (rows["to"] == ARN)]
    told = zip(rows["gate"], rows["certainty"], rows["condition"], strict=True)
    return sorted(" ".join(one for one in (gate, sure, why) if one) for gate, sure, why in told)


def notes(board: Board) -> list[str]:
    return [one.reason for one in board.facts if isinstance(one, Note)]


DOUBT = "(which form the repository gives to its tokens' subjects is not in the files)"
UNREAD = "conditional the trust policy of that identity, which no input shows, lets this job in"
_MAIN, _ENV = "repo:acme/erp:ref:refs/heads/main", "repo:acme/erp:environment:prod"
_DEV, _NUMBERS = _MAIN.replace("main", "dev"), "repo:acme@12/erp@34:environment:prod"
_ELSEWHERE = (
    "conditional the job has credentials from elsewhere, as it has no right to a token, and"
    f" the role ({UNREAD.removeprefix('conditional ')})"
)
#: A workflow, trusts of the role it names or does not, and how the job becomes that.
CASES: dict[str, tuple[str, list[Trust], list[str]]] = {
    "no trust was read": (NAMES, [], [UNREAD]),
    "nobody is named, and no trust was read": (NOBODY, [], []),
    "every token is accepted": (NAMES, [trust()], ["certain"]),
    "every token is accepted, and nobody is named": (NOBODY, [trust()], ["certain"]),
    "the branch is accepted": (
        PUSHED,
        [trust(_MAIN)],
        [f"conditional its token has sub equal to {_MAIN} {DOUBT}"],
    ),
    "one trust of two is enough": (PUSHED, [trust("x"), trust()], ["certain"]),
    "another branch, which other code could be run on": (
        PUSHED,
        [trust(_DEV)],
        [f"conditional it is run so that its token has sub equal to {_DEV}"],
    ),
    "another branch, and nobody is named": (
        NOBODY.replace("on: push", "on: {push: {branches: [main]}}"),
        [trust(_DEV)],
        [],
    ),
    "an environment, behind its rules": (
        IN_PROD,
        [trust(_ENV)],
        [f"{PROD} conditional its token has sub equal to {_ENV} {DOUBT}"],
    ),
    "an environment by numbers": (
        IN_PROD,
        [trust(_NUMBERS)],
        [f"{PROD} conditional its token has sub equal to {_NUMBERS} {DOUBT}"],
    ),
    "another repository": (NAMES, [trust("repo:acme/other:*", glob=True)], []),
    "another issuer": (NAMES, [trust(issuer="https://gitlab.example")], []),
    "another role": (NAMES, [trust(at="arn:aws:iam::123456789012:role/other")], [UNREAD]),
    "no right to a token": (
        NAMES.replace("id-token: write", "contents: read").replace("ubuntu-latest", "own"),
        [trust()],
        [_ELSEWHERE],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_job_becomes_whom_its_tokens_let_it(tmp_path: Path, case: str) -> None:
    text, read, expected = CASES[case]
    others = [Node(k.CLOUD_ROLE, one.at, AT) for one in read if one.at != ARN]
    assert become(joined(*facts(tmp_path, text), *read, *others)) == expected


@pytest.mark.parametrize("case", ["another repository", "another issuer"])
def test_a_role_that_lets_a_job_in_no_more_is_told_with_both(tmp_path: Path, case: str) -> None:
    """A path that a document takes away has a line that names both ends."""
    text, read, _ = CASES[case]
    (line,) = notes(joined(*facts(tmp_path, text), *read))
    assert JOB in line
    assert ARN in line


def test_what_an_action_of_the_repository_names_its_user_becomes_as_trusts_say(
    tmp_path: Path,
) -> None:
    """The action's own login is its user's."""
    text = job("uses: ./.github/actions/login")
    login = f"""
runs:
  using: composite
  steps:
    - uses: {AWS}
      with: {{role-to-assume: "{ARN}"}}
"""
    read = facts(tmp_path, text, **{".github__actions__login__action.yml": login})
    assert become(joined(*read)) == [UNREAD]
    assert become(joined(*read, trust())) == ["certain"]
    shut = joined(*read, trust("repo:acme/other:x"))
    assert become(shut) == []
    assert len(notes(shut)) == 1


def test_an_edge_by_a_trust_names_both_documents(tmp_path: Path) -> None:
    board = joined(*facts(tmp_path, NAMES), trust())
    (edge,) = (one for one in board.facts if isinstance(one, Edge) and one.kind is k.CAN_ASSUME)
    assert edge.evidence.artifact == FILE
    assert edge.because == (AT,)


def test_a_called_workflow_has_no_tokens_of_its_own(tmp_path: Path) -> None:
    """Its callers' are what it has: their repository and events are in the subject."""
    called = NAMES.replace("on: push", "on: workflow_call")
    assert become(joined(*facts(tmp_path, called), trust("repo:acme/other:x"))) == [UNREAD]


def test_a_token_that_no_trust_was_read_for_adds_no_gap_to_what_is_told(tmp_path: Path) -> None:
    """Whom it names, or the gap of its right to a token, stands for it."""
    for text in (NAMES, NOBODY):
        at = [one.at for one in joined(*facts(tmp_path, text)).facts if isinstance(one, Gap)]
        assert JOB not in at
