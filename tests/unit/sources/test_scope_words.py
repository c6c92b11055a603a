"""Every word of a scope that has a vocabulary: one that is misspelt is told, as an error.

The words are listed by hand here, so that a vocabulary without a check is missed by no one.
"""

import re
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.scope_places import PlacedIssue, placed
from tests.e2e.command import inside

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:writer"}
  - {kind: Secret, key: "acme:secret"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl", name: gl, tags: [ledger]}
edges:
  - {kind: CAN_WRITE, from: "acme:writer", to: "dataset:postgres:erp.fin.gl"}
"""
SCOPE = """\
nhigraph: scope/1
organization: Acme
commitments: [S, C]
as_of: 2026-11-23
thresholds: {credential_age_days: 90}
targets:
  - id: gl
    family: financial-reporting
    process: record-to-report
    fs_role: record
    icfr_basis: own
    recoverable: untested
    assertions: [completeness, valuation]
    select:
      - {kind: Dataset, tag: ledger}
  - id: people
    family: trust-service
    commitments: [C]
    data_class: [confidential]
    select: [{key: "dataset:postgres:erp.fin.gl"}]
boundary: {carve_out: [], outside: []}
owners: [{select: {key: "acme:*"}, owner: finance}]
aliases: [{platform: postgres, host: db.internal, as: erp}]
links:
  - {kind: CAN_READ, from: "acme:writer", to: "acme:secret", action: read_secret,
     confirmed_by: me, valid_until: 2027-01-01}
answers:
  - {secret: {key: "acme:secret"}, opens: nothing, because: "old", until: 2027-01-01}
  - {token: {key: "acme:writer"}, trusted_by: nothing}
  - {default: workflow_token, of: {key: "acme:*"}, is: read}
  - {gap: {at: "acme:writer"}, is: empty}
  - {gate: "acme:gate", test: human, is: true}
  - {gate: "acme:other", approvers: nobody}
people: [{key: "acme:jane"}]
cuts: {weights: [{match: {edge: CAN_WRITE}, weight: 5}], keep: [{match: {from: {key: "acme:*"}}}]}
"""
#: What stands in place of what, and the word or field that the line names.
MISSPELT = {
    "organization": "organisazion",
    "commitments: [S, C]": "comitments: [S, C]",
    "[S, C]": "[S, X]",
    "as_of": "as_off",
    "thresholds": "treshholds",
    "credential_age_days": "credential_age_day",
    "id: gl": "idd: gl",
    "financial-reporting": "finacial-reporting",
    "process": "proces",
    "fs_role": "fs_roles",
    "fs_role: record": "fs_role: recrod",
    "icfr_basis: own": "icfr_basis: owm",
    "untested": "utested",
    "assertions": "asertions",
    "[completeness": "[completness",
    "valuation]": "valuatoin]",
    "select:\n": "selct:\n",
    "kind: Dataset": "kind: Datasett",
    "tag: ledger": "tga: ledger",
    "trust-service": "trust-servce",
    "data_class": "dataclass",
    "[confidential]": "[confidental]",
    "boundary": "boundry",
    "carve_out": "carveout",
    "owners": "onwers",
    "owner: finance": "ownr: finance",
    "aliases": "aliasses",
    "platform: postgres": "platform: postgress",
    "host: db": "hots: db",
    "links": "linsk",
    "CAN_READ": "CAN_RAED",
    "action: read_secret": "action: read_secrte",
    "confirmed_by": "confirmd_by",
    "valid_until": "valid_untill",
    "answers": "anwsers",
    "opens: nothing": "opens: nothign",
    "opens:": "opnes:",
    "because": "becuase",
    "until: 2027-01-01}\n  - {token": "untill: 2027-01-01}\n  - {token",
    "trusted_by: nothing": "trusted_by: nothin",
    "workflow_token": "workflow_tokn",
    "is: read": "is: raed",
    "is: empty": "is: emtpy",
    "test: human": "test: humn",
    "nobody": "nobdy",
    "people: [{key": "people: [{kye",
    "cuts": "ctus",
    "weights": "wieghts",
    "edge: CAN_WRITE": "edge: CAN_WRIET",
    "keep": "kepe",
}


def _folder(tmp_path: Path, scope: str) -> Path:
    (tmp_path / "acme.facts.yaml").write_text(FACTS)
    (tmp_path / "scope.yaml").write_text(scope)
    return tmp_path


def _checked(folder: Path) -> tuple[Judged, list[PlacedIssue]]:
    """As the command does, without asking who reaches what."""
    judged = of_collection(collect([folder]))
    return judged, placed(judged.issues, [folder])


def _errors(folder: Path) -> list[str]:
    return [issue.problem for issue in _checked(folder)[1] if issue.level == "error"]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is wrong before a word is misspelt: gates that no input describes."""
    return _errors(_folder(tmp_path_factory.mktemp("sound"), SCOPE))


@pytest.mark.parametrize("right", MISSPELT)
def test_a_misspelt_word_is_an_error_at_its_line(
    right: str, sound: list[str], tmp_path: Path
) -> None:
    assert SCOPE.count(right) == 1
    wrong = MISSPELT[right]
    scope = SCOPE.replace(right, wrong)
    found = [
        issue
        for issue in _checked(_folder(tmp_path, scope))[1]
        if issue.level == "error" and issue.problem not in sound
    ]
    changed = [a != b for a, b in zip(SCOPE.splitlines(), scope.splitlines(), strict=True)]
    assert changed.index(True) + 1 in [issue.line for issue in found], found
    # Only a word of which nothing else is known is told without naming it: its list is.
    if wrong != "[S, X]" and "nobdy" not in wrong:
        told = {f"{mark}{word}{mark}" for word in re.findall(r"[\w-]+", wrong) for mark in "'\""}
        assert any(word in issue.problem for word in told for issue in found)


@pytest.mark.parametrize("said", ["tested", "untested", "no", "unknown", "true", "false"])
def test_words_of_recovery_are_known(said: str, sound: list[str], tmp_path: Path) -> None:
    assert _errors(_folder(tmp_path, SCOPE.replace("untested", said))) == sound


def test_an_answer_that_lost_its_last_day_closes_nothing(tmp_path: Path) -> None:
    facts = FACTS + 'gaps:\n  - {at: "acme:writer", reason: "policy not given"}\n'
    answer = 'answers: [{gap: {at: "acme:writer"}, is: empty, %s: 2026-01-01}]\n'
    scope = SCOPE[: SCOPE.index("boundary")]
    for field in ("until", "untill"):
        _folder(tmp_path, scope + answer % field)
        (tmp_path / "acme.facts.yaml").write_text(facts)
        judged = _checked(tmp_path)[0]
        assert not judged.estate.closed, field
    assert judged.coverage["complete"] is False


def test_an_alias_of_another_platform_is_a_warning(tmp_path: Path) -> None:
    """The export that it is for may come another day."""
    issues = _checked(_folder(tmp_path, SCOPE.replace("platform: postgres", "platform: oracle")))
    (told,) = (issue for issue in issues[1] if "oracle" in issue.problem)
    assert told.level == "warning"


def test_the_command_prints_lines_as_an_editor_reads_them(tmp_path: Path) -> None:
    scope = SCOPE.replace("untested", "tesetd").replace("fin.gl", "fin.gi")
    _folder(tmp_path, scope)
    ran = inside("scope", "check", ".", cwd=tmp_path)
    assert ran.code == 1
    assert (
        "scope.yaml:12:18: error: target gl: this target was not understood: recoverable: "
        "unknown recoverable 'tesetd'; did you mean 'tested'?\n"
    ) in ran.out
    line = next(one for one in ran.out.splitlines() if "fin.gi" in one)
    assert line.startswith("scope.yaml:20:20: warning: ")
    assert ran.out.splitlines()[-1].startswith(f"{ran.out.count(': error: ')} error")
    given = inside("scope", "check", tmp_path, "--format", "json")
    assert '"file": "' + (tmp_path / "scope.yaml").as_posix() in given.out
    assert '"line": 12,' in given.out
    assert '"column": 18' in given.out
