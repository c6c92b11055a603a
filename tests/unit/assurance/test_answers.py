"""Answers of a scope: what they close and open, who wins, and what is wrong with them."""

from pathlib import Path

import numpy as np
import pytest

from nhigraph.app.ask import answers
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection, of_graph
from nhigraph.app.storing import store
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows

AS_OF = "2026-11-23"
GL, LOADER = "dataset:postgres:erp.fin.gl", "role:postgres:erp/etl_loader"
REPO = "github:acme/erp"
DSN = f"{REPO}/secret/PG_DSN"
WORKFLOW = """
on: [push]
permissions: {contents: read}
jobs:
  load:
    runs-on: ubuntu-latest
    steps: [{run: ./load, env: {PG_DSN: "${{ secrets.PG_DSN }}"}}]
  test:
    runs-on: ${{ vars.RUNNER }}
    steps: [{run: ./test, env: {X: "${{ secrets.CODECOV_TOKEN }}"}}]
  cloud:
    runs-on: ubuntu-latest
    permissions: {id-token: write}
    steps: [{run: ./cloud}]
  write:
    runs-on: ubuntu-latest
    permissions: {contents: write}
    steps: [{run: ./write}]
"""
OLD = """
on: [push]
jobs:
  old:
    runs-on: ubuntu-latest
    steps: [{run: ./old}]
"""
FACTS = f"""
nhigraph: facts/1
nodes:
  - {{kind: DatabaseRole, key: "{LOADER}"}}
  - {{kind: DatabaseRole, key: "role:postgres:erp/ada"}}
  - {{kind: DatabaseRole, key: "role:postgres:erp/marked", nhi: true}}
  - {{kind: ServiceAccount, key: "aws:arn:aws:iam::111122223333:role/deploy"}}
  - {{kind: Dataset, key: "{GL}"}}
edges:
  - {{kind: CAN_WRITE, from: "{LOADER}", to: "{GL}"}}
gaps:
  - {{at: "role:postgres:erp/ada", reason: nobody knows}}
"""
SCOPE = f"""
nhigraph: scope/1
organization: Acme
commitments: [S]
targets:
  - {{id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{{key: "{GL}"}}]}}
"""


def judged(folder: Path, *answers: str, more: str = "", facts: str = FACTS) -> Judged:
    """The estate with some answers in its scope."""
    (folder / ".github/workflows").mkdir(parents=True, exist_ok=True)
    (folder / ".git").mkdir(exist_ok=True)
    (folder / ".github/workflows/ci.yml").write_text(WORKFLOW)
    (folder / ".github/workflows/old.yml").write_text(OLD)
    (folder / "a.facts.yaml").write_text(facts)
    listed = "answers:\n" + "".join(f"  - {one}\n" for one in answers) if answers else ""
    (folder / "scope.yaml").write_text(f"{SCOPE}{listed}{more}")
    return of_collection(collect([folder], repo="acme/erp"), option=AS_OF)


def standing(found: Judged) -> dict[str, tuple[str, str]]:
    """Last part of an identity's key to its soc1 and exposure."""
    many = rows(Analysis(found.estate)).identities
    return {row.identity.rpartition("#")[2]: (row.soc1, row.exposure) for row in many}


def said(found: Judged) -> list[str]:
    return [f"{issue.level}: {issue.problem}" for issue in found.resolved.problems]


OPEN = ("undetermined", "undetermined")
NONE = ("none", "in-population")


def test_without_answers_nobody_of_them_is_decided(tmp_path: Path) -> None:
    found = standing(judged(tmp_path))
    assert {found[job] for job in ("load", "test", "cloud")} == {OPEN}


CLOSING: dict[str, tuple[str, str, str]] = {
    "a secret that opens nothing": (
        "{secret: {key: '*/secret/PG_DSN'}, opens: nothing}",
        "load",
        DSN,
    ),
    "tokens that nobody trusts": (
        "{token: {key: 'github:acme/*'}, trusted_by: nothing}",
        "cloud",
        f"{REPO}/permission/id-token:write",
    ),
    "gaps at several places": (
        "{gap: {at: ['role:postgres:erp/ada', 'role:postgres:erp/marked']}, is: empty}",
        "role:postgres:erp/ada",
        "role:postgres:erp/ada",
    ),
    "a gap where there is nothing": (
        "{gap: {at: 'role:postgres:erp/a*'}, is: empty}",
        "role:postgres:erp/ada",
        "role:postgres:erp/ada",
    ),
}


@pytest.mark.parametrize("case", CLOSING.values(), ids=CLOSING)
def test_an_answer_that_closes_takes_the_gap_away(
    case: tuple[str, str, str], tmp_path: Path
) -> None:
    answer, identity, gap = case
    found = judged(tmp_path, answer)
    assert standing(found)[identity] == NONE
    assert [name for one in found.resolved.answers for name, _ in one.gaps] == [gap]
    assert not said(found)


MACHINES: dict[str, tuple[str, str]] = {
    "the variable names the provider's machine": (
        f"{{variable: {{key: '{REPO}/variable/RUNNER'}}, is: ubuntu-22.04}}",
        "neither",
    ),
    "the variable in another case": (
        f"{{variable: {{key: '{REPO}/variable/runner'}}, is: ubuntu-22.04}}",
        "neither",
    ),
    "all jobs run on the provider's machines": (
        f"{{default: runner, of: {{key: '{REPO}'}}, is: hosted}}",
        "neither",
    ),
    "they do not": (f"{{default: runner, of: {{key: '{REPO}'}}, is: self-hosted}}", "open"),
}


@pytest.mark.parametrize(("answer", "verdict"), MACHINES.values(), ids=MACHINES)
def test_where_a_job_runs(answer: str, verdict: str, tmp_path: Path) -> None:
    closed = "{secret: {key: '*/secret/CODECOV_TOKEN'}, opens: nothing}"
    found = standing(judged(tmp_path, answer, closed))
    assert found["test"] == (OPEN if verdict == "open" else NONE)


def test_a_machine_of_ones_own_is_a_machine_that_others_may_hold(tmp_path: Path) -> None:
    answer = f"{{variable: {{key: '{REPO}/variable/RUNNER'}}, is: big-box, confirmed_by: ops}}"
    graph = judged(tmp_path, answer).estate.graph
    assert graph.node_id(f"{REPO}/runner/big-box") is not None


@pytest.mark.parametrize("confirmed", [True, False])
def test_an_answer_that_opens_is_an_edge(*, confirmed: bool, tmp_path: Path) -> None:
    """It is assumed unless somebody confirmed it: never in *can*, always a path."""
    by = ", confirmed_by: 'change 12'" if confirmed else ""
    found = judged(tmp_path, f"{{secret: {{key: '{DSN}'}}, opens: '{LOADER}'{by}}}")
    assert standing(found)["load"][0] == "direct"
    many = rows(Analysis(found.estate)).verdicts
    certainty = {row.certainty for row in many if row.identity.endswith("#load")}
    assert certainty == {"can" if confirmed else "may"}


def test_what_a_token_is_trusted_by_is_reached_with_it(tmp_path: Path) -> None:
    role = "aws:arn:aws:iam::111122223333:role/deploy"
    facts = FACTS.replace("gaps:", f'  - {{kind: CAN_WRITE, from: "{role}", to: "{GL}"}}\ngaps:')
    answer = f"{{token: {{key: '{REPO}'}}, trusted_by: '{role}'}}"
    several = f"{{token: {{key: '{REPO}/*'}}, trusted_by: '{role}'}}"
    found = judged(tmp_path, several, facts=facts)
    assert standing(found)["cloud"][0] == "direct"
    assert standing(judged(tmp_path, answer, facts=facts))["cloud"][0] == "undetermined"


def test_a_selector_may_say_what_a_secret_opens(tmp_path: Path) -> None:
    answer = f"{{secret: {{key: '{DSN}'}}, opens: {{kind: DatabaseRole, key: '*loader'}}}}"
    assert standing(judged(tmp_path, answer))["load"][0] == "direct"


def test_an_answer_closes_only_what_asks_for_it(tmp_path: Path) -> None:
    """Of everything that its selector matches, gaps of other sorts among it."""
    found = judged(tmp_path, "{token: {key: '*'}, trusted_by: nothing}")
    closed = [name for one in found.resolved.answers for name, _ in one.gaps]
    assert closed == [f"{REPO}/permission/id-token:write"]


# -- who wins -----------------------------------------------------------------------------------

EXACT = f"{{secret: {{key: '{DSN}'}}, opens: '{LOADER}'}}"
LOOSE = "{secret: {key: 'github:acme/*/secret/*'}, opens: nothing}"


@pytest.mark.parametrize("order", [(EXACT, LOOSE), (LOOSE, EXACT)])
def test_the_most_specific_selector_wins(order: tuple[str, str], tmp_path: Path) -> None:
    found = judged(tmp_path, *order)
    assert standing(found)["load"][0] == "direct"
    assert not [line for line in said(found) if line.startswith("error")]


def test_equally_specific_answers_that_differ_are_an_error_and_neither_counts(
    tmp_path: Path,
) -> None:
    found = judged(tmp_path, EXACT, f"{{secret: {{key: '{DSN}'}}, opens: nothing}}")
    assert standing(found)["load"] == OPEN
    assert [line.partition(":")[0] for line in said(found)] == ["error", "error"]
    assert "scope.yaml /answers/1" in said(found)[0]


def test_equally_specific_answers_that_agree_are_one(tmp_path: Path) -> None:
    found = judged(
        tmp_path, EXACT, EXACT.replace("}", ", because: x}", 2).replace(", because: x", "", 1)
    )
    assert standing(found)["load"][0] == "direct"
    assert not said(found)


def test_what_a_secret_opens_goes_before_there_is_nothing_there(tmp_path: Path) -> None:
    found = judged(tmp_path, EXACT, f"{{gap: {{at: '{DSN}'}}, is: empty}}")
    assert standing(found)["load"][0] == "direct"
    assert said(found) == ["warning: a more exact answer counts in its place"]


# -- days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "closed"), [("2026-11-22", False), ("2026-11-23", True), ("2026-11-24", True)]
)
def test_an_answer_counts_until_its_last_day_inclusive(
    until: str, closed: bool, tmp_path: Path
) -> None:
    found = judged(tmp_path, f"{{secret: {{key: '{DSN}'}}, opens: nothing, until: {until}}}")
    assert standing(found)["load"] == (NONE if closed else OPEN)
    ended = f"warning: this answer ended on {until}: what it told is open again"
    assert said(found) == ([] if closed else [ended])


# -- against documents --------------------------------------------------------------------------

DOCUMENT = FACTS.replace(
    "gaps:", f'  - {{kind: AUTHENTICATES_AS, from: "{DSN}", to: "{LOADER}"}}\ngaps:'
)


@pytest.mark.parametrize("opens", ["nothing", "role:postgres:erp/ada"])
def test_a_document_stands_against_an_answer(opens: str, tmp_path: Path) -> None:
    answer = f"{{secret: {{key: '{DSN}'}}, opens: '{opens}'}}"
    found = judged(tmp_path, answer, facts=DOCUMENT)
    assert standing(found)["load"][0] == "direct"
    assert said(found) == [f"error: a document shows that {DSN} opens {LOADER}"]


def test_an_answer_that_a_document_gives_too_is_no_longer_needed(tmp_path: Path) -> None:
    found = judged(tmp_path, f"{{secret: {{key: '{DSN}'}}, opens: '{LOADER}'}}", facts=DOCUMENT)
    assert [line.partition(":")[0] for line in said(found)] == ["warning"]
    assert "no longer needed" in said(found)[0]


NEEDLESS = "warning: this answer is no longer needed: nothing asks for it ({})"
WRONG: dict[str, tuple[str, str]] = {
    "a selector that matches nothing": (
        "{secret: {key: '*/secret/NOWHERE'}, opens: nothing}",
        "warning: this answer matches nothing: key: */secret/NOWHERE",
    ),
    "a key that nothing describes": (
        f"{{secret: {{key: '{DSN}'}}, opens: 'role:postgres:erp/nobody'}}",
        "error: no input describes role:postgres:erp/nobody, which it is said to open",
    ),
    "one of several keys that nothing describes": (
        f"{{secret: [{{key: '{DSN}'}}, {{key: '{DSN}X'}}], opens: nothing}}",
        f"warning: a part of this answer matches nothing: key: {DSN}X",
    ),
    "a gate that stands nowhere": (
        "{gate: 'github:acme/x/protection/main', test: human, is: true}",
        NEEDLESS.format("github:acme/x/protection/main"),
    ),
    "a condition on which nothing rests": (
        "{condition: 'the moon is full', is: true}",
        "warning: nothing rests on this condition: the moon is full",
    ),
}


@pytest.mark.parametrize(("answer", "problem"), WRONG.values(), ids=WRONG)
def test_scope_check_tells_what_is_wrong_with_an_answer(
    answer: str, problem: str, tmp_path: Path
) -> None:
    assert said(judged(tmp_path, answer)) == [problem]


def test_an_answer_that_stands_twice_is_told_with_its_line(tmp_path: Path) -> None:
    answer = f"{{secret: {{key: '{DSN}'}}, opens: nothing}}"
    found = judged(tmp_path, answer, answer)
    line = SCOPE.count("\n") + 2
    told = f"warning: the same answer stands twice, first on line {line} (key: {DSN})"
    assert said(found) == [told]
    assert [one.pointer for one in found.resolved.problems] == ["/answers/1"]


# -- defaults, conditions, gates ----------------------------------------------------------------


@pytest.mark.parametrize(("value", "writes"), [("read", False), ("write", True)])
def test_the_default_of_the_workflow_token(value: str, writes: bool, tmp_path: Path) -> None:
    answer = f"{{default: workflow_token, of: {{key: '{REPO}'}}, is: {value}, confirmed_by: ops}}"
    graph = judged(tmp_path, answer).estate.graph
    old, repository = (graph.node_id(key) for key in (f"{REPO}/job/old.yml#old", REPO))
    edges = graph.edges[(graph.edges["src"] == old) & (graph.edges["dst"] == repository)]
    found = edges[edges["kind"] == "CAN_WRITE"]["certainty"].tolist()
    assert found == (["certain"] if writes else [])


def test_a_default_that_a_document_tells_stands(tmp_path: Path) -> None:
    (tmp_path / "actions-permissions-workflow.json").write_text(
        '{"default_workflow_permissions": "read", "can_approve_pull_request_reviews": false}'
    )
    answer = f"{{default: workflow_token, of: {{key: '{REPO}'}}, is: write}}"
    found = said(judged(tmp_path, answer))
    assert found == [f"error: a document says that the default of {REPO} differs"]


def reads(folder: Path, condition: str, answer: str) -> list[list[str]]:
    """Certainty and condition of an edge on a condition, once an answer tells something."""
    edge = f'{{kind: CAN_READ, from: "{LOADER}", to: "{GL}", certainty: conditional'
    facts = FACTS.replace("gaps:", f'  - {edge}, condition: "{condition}"}}\ngaps:')
    graph = judged(folder, answer, facts=facts).estate.graph
    rows = (graph.edges["kind"] == "CAN_READ") & (graph.edges["dst"] == graph.node_id(GL))
    found: list[list[str]] = graph.edges[rows][["certainty", "condition"]].to_numpy().tolist()
    return found


CONDITIONS: dict[str, tuple[str, str, list[list[str]]]] = {
    "false": ("it is so", "is: false", []),
    "true": ("it is so", "is: true", [["assumed", ""]]),
    "true and confirmed": ("it is so", "is: true, confirmed_by: ada", [["certain", ""]]),
    "one of two": ("it is so and b is so", "is: true", [["conditional", "b is so"]]),
    "the other of two": ("a is so and it is so", "is: true", [["conditional", "a is so"]]),
    "one of two is false": ("it is so and b is so", "is: false", []),
    "a part of a word": ("it is sometimes", "is: false", [["conditional", "it is sometimes"]]),
}


@pytest.mark.parametrize("case", CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition_is_settled(case: tuple[str, str, list[list[str]]], tmp_path: Path) -> None:
    condition, truth, left = case
    assert reads(tmp_path, condition, f"{{condition: 'it is so', {truth}}}") == left


NETWORK = "aws:SourceVpc StringEquals vpc-1 or vpc-2"
IP, LIKE = "aws:SourceIp IpAddress 10.0.0.0/8", "aws:SourceVpc StringLike vpc-*"
OTHER = "aws:SourceVpc StringNotEquals vpc-1"
DENIED = "a statement that denies of the identity policy own does not apply: "
CONTEXTS: dict[str, tuple[str, str, list[list[str]]]] = {
    "one of its values": (NETWORK, "is: vpc-1", [["assumed", ""]]),
    "confirmed": (NETWORK, "is: vpc-2, confirmed_by: ada", [["certain", ""]]),
    "another value": (NETWORK, "is: vpc-3", []),
    "a key that no request has": (NETWORK, "is: nothing", []),
    "several, of which one fits": (NETWORK, "is: [vpc-3, vpc-1]", [["assumed", ""]]),
    "another key": (IP, "is: vpc-1", [["conditional", IP]]),
    "beside another": (f"it is so and {NETWORK}", "is: vpc-1", [["conditional", "it is so"]]),
    "two on the key": (f"{NETWORK} and {LIKE}", "is: vpc-1", [["assumed", ""]]),
    "of a denial that does not hold": (f"{DENIED}{OTHER}", "is: vpc-1", [["assumed", ""]]),
    "of a denial that holds": (f"{DENIED}{OTHER}", "is: vpc-2", []),
    "of a denial on two": (f"{DENIED}{OTHER} as well as {IP}", "is: vpc-1", [["assumed", ""]]),
    "of a denial of which the rest is open": (
        f"{DENIED}{OTHER} as well as {IP}",
        "is: vpc-2",
        [["conditional", f"{DENIED}{OTHER} as well as {IP}"]],
    ),
    "words": (f"it runs in {NETWORK}", "is: vpc-1", [["conditional", f"it runs in {NETWORK}"]]),
}


@pytest.mark.parametrize("case", CONTEXTS.values(), ids=CONTEXTS)
def test_what_requests_always_have_settles_conditions(
    case: tuple[str, str, list[list[str]]], tmp_path: Path
) -> None:
    condition, told, left = case
    answer = f"{{context: 'aws:sourcevpc', of: {{key: '{LOADER}'}}, {told}}}"
    assert reads(tmp_path, condition, answer) == left


def test_what_requests_of_others_have_settles_nothing(tmp_path: Path) -> None:
    answer = "{context: 'aws:sourcevpc', of: {key: 'role:postgres:erp/ada'}, is: vpc-1}"
    assert reads(tmp_path, NETWORK, answer) == [["conditional", NETWORK]]


def test_two_answers_settle_two_conditions_of_one_edge(tmp_path: Path) -> None:
    """Both are gone, and it is as sure as the less sure of them, whichever stands first."""
    sure = "{condition: a is so, is: true, confirmed_by: ada}"
    loose = "{condition: b is so, is: true}"
    edge = f'{{kind: CAN_READ, from: "{LOADER}", to: "{GL}", certainty: conditional'
    for number, pair in enumerate(
        ((sure, loose), (loose, sure), (sure, sure.replace("a is", "b is")))
    ):
        facts = FACTS.replace("gaps:", f'  - {edge}, condition: "a is so and b is so"}}\ngaps:')
        graph = judged(tmp_path / str(number), *pair, facts=facts).estate.graph
        rows = (graph.edges["kind"] == "CAN_READ") & (graph.edges["dst"] == graph.node_id(GL))
        found = graph.edges[rows][["certainty", "condition"]].to_numpy().tolist()
        assert found == [["certain" if number == 2 else "assumed", ""]]


GATE = f"{REPO}/protection/?"


@pytest.mark.parametrize(
    ("answer", "exposure"),
    [
        (f"{{default: branch_protection, of: {{key: '{REPO}'}}, is: none}}", False),
        (f"{{gate: '{GATE}', test: enforced_by_target, is: false}}", False),
        (f"{{gate: '{GATE}', test: enforced_by_target, is: true}}", True),
    ],
)
def test_a_rule_before_a_branch(answer: str, exposure: bool, tmp_path: Path) -> None:
    gate = judged(tmp_path, answer).estate.graph.gate_records[GATE]
    assert gate.tests == {"enforced_by_target": exposure}


@pytest.mark.parametrize("of", [REPO, "github:acme/*"])
@pytest.mark.parametrize("stands", ["true", "false"])
def test_an_answer_about_a_gate_is_more_exact_than_a_default_of_its_repository(
    of: str, stands: str, tmp_path: Path
) -> None:
    default = f"{{default: branch_protection, of: {{key: '{of}'}}, is: none}}"
    gate = f"{{gate: '{GATE}', test: enforced_by_target, is: {stands}}}"
    found = judged(tmp_path, default, gate)
    tests = found.estate.graph.gate_records[GATE].tests
    assert tests == {"enforced_by_target": stands == "true"}
    assert said(found) == ["warning: a more exact answer counts in its place"]


# -- people -------------------------------------------------------------------------------------


def test_people_are_not_of_the_population(tmp_path: Path) -> None:
    found = judged(tmp_path, more='people: [{key: "role:postgres:erp/ada"}]\n')
    assert "role:postgres:erp/ada" not in standing(found)
    assert not said(found)
    (told,) = answers(found)
    assert (told.about, told.identities) == ("people", ("role:postgres:erp/ada",))


#: What a selector of everything meets and does not take out: data, people, who is out already.
BESIDE = """
nhigraph: facts/1
nodes:
  - {kind: DatabaseRole, key: "role:postgres:hr/bob"}
  - {kind: DatabaseRole, key: "role:postgres:hr/gone", state: disabled}
  - {kind: DatabaseRole, key: "role:postgres:hr/eve", nhi: false}
  - {kind: User, key: "github:user/fay"}
  - {kind: Dataset, key: "dataset:postgres:hr.staff"}
  - {kind: Secret, key: "secret:vault/hr"}
"""


def test_only_who_would_be_judged_is_taken_on_the_word_of_people(tmp_path: Path) -> None:
    """The rest that a wide selector matches rests on no word of the scope."""
    found = judged(tmp_path, more='people: [{key: "*"}]\n', facts=BESIDE)
    (told,) = answers(found)
    taken = ("role:postgres:hr/bob", "role:postgres:hr/gone")
    assert (told.subject, told.identities) == ("2 identities", taken)
    graph = found.estate.graph
    stated = {key: graph.stated_places("node", np.array([graph.node_id(key)]))[0] for key in KEYS}
    assert all(place[0][0] == "a.facts.yaml" for place in stated.values())


@pytest.mark.parametrize("key", ["role:postgres:hr/eve", "github:user/fay"])
def test_to_say_of_people_that_they_are_people_is_no_error(key: str, tmp_path: Path) -> None:
    found = judged(tmp_path, more=f'people: [{{key: "{key}"}}]\n', facts=BESIDE)
    assert not [line for line in said(found) if "people" in line]
    assert not answers(found)


KEYS = ("dataset:postgres:hr.staff", "secret:vault/hr", "github:user/fay", "role:postgres:hr/eve")
PEOPLE: dict[str, tuple[str, str]] = {
    "nobody": ('people: [{key: "role:nowhere"}]\n', "no identity matches this selector of people"),
    "data": (
        f'people: [{{key: "{GL}"}}]\n',
        "no identity matches this selector of people",
    ),
    "a job": (
        f'people: [{{key: "{REPO}/job/*#load"}}]\n',
        f"{REPO}/job/ci.yml#load runs by itself, and is no person's",
    ),
    "against a document": (
        'people: [{key: "role:postgres:erp/marked"}]\n',
        "a document says that role:postgres:erp/marked is no person's",
    ),
}


@pytest.mark.parametrize(("more", "problem"), PEOPLE.values(), ids=PEOPLE)
def test_words_about_people_that_do_nothing(more: str, problem: str, tmp_path: Path) -> None:
    found = judged(tmp_path, more=more)
    assert said(found) == [f"error: {problem}"]
    assert standing(found)["load"] == OPEN


WIDE = [
    ("{secret: {key: '*'}, opens: nothing}", True),
    ("{secret: {key: 'github:acme/*/secret/*'}, opens: nothing}", True),
    ("{secret: {key: 'github:acme/*/secret/PG_*'}, opens: nothing}", False),
    ("{gap: {at: '*'}, is: empty}", True),
    ("{gap: {at: 'role:postgres:erp/*'}, is: empty}", False),
]


@pytest.mark.parametrize(("answer", "wide"), WIDE)
def test_an_answer_about_whatever_is_there_is_told(
    answer: str,
    wide: bool,
    tmp_path: Path,
) -> None:
    told = [line for line in said(judged(tmp_path, answer)) if "now and later" in line]
    assert len(told) == (1 if wide else 0)


# -- what cannot be read ------------------------------------------------------------------------

UNREADABLE: dict[str, tuple[str, str]] = {
    "nothing known": ("{x: 1}", "expected what it is about"),
    "two things": ("{secret: {key: a}, gap: {at: b}}", "one answer is about one thing"),
    "misspelt": ("{secrte: {key: a}, opens: nothing}", "did you mean 'secret'"),
    "no selector": ("{secret: , opens: nothing}", "secret: missing"),
    "an empty selector": ("{secret: {}, opens: nothing}", "selector: it has no condition"),
    "no answer": ("{secret: {key: a}}", "opens: missing"),
    "another word": ("{default: workflow_token, of: {key: a}, is: maybe}", "expected one of read"),
    "another default": ("{default: wrokflow_token, of: {key: a}, is: read}", "workflow_token"),
    "one name": ("{same: [a]}", "expected two names"),
    "no truth": ("{condition: a, is: perhaps}", "expected true or false"),
    "no such test": ("{gate: a, test: humann, is: true}", "did you mean 'human'"),
    "a gap that is full": ("{gap: {at: a}, is: full}", "empty"),
    "gaps nowhere": ("{gap: {at: []}, is: empty}", "a list of keys"),
    "gaps at no texts": ("{gap: {at: [{}]}, is: empty}", "expected text"),
    "no date": ("{gap: {at: a}, is: empty, until: soon}", "expected a date"),
}


@pytest.mark.parametrize(("answer", "problem"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_that_cannot_be_read_costs_itself_only(
    answer: str, problem: str, tmp_path: Path
) -> None:
    found = judged(tmp_path, answer, EXACT)
    assert standing(found)["load"][0] == "direct"
    errors = [reason for level, _, _, reason in found.resolved.unread if level == "error"]
    assert len(errors) == 1
    assert problem in errors[0]
    assert standing(found)["role:postgres:erp/ada"] == OPEN
    assert not found.complete


def test_a_snapshot_keeps_answers(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    collected_in = tmp_path / "in"
    found = judged(
        collected_in, EXACT, "{secret: {key: '*/secret/CODECOV_TOKEN'}, opens: nothing}"
    )
    collected = collect([collected_in], repo="acme/erp")
    store(tmp_path / "graph", collected.graph, collected.claims, found.date, found.coverage)
    again = of_graph(tmp_path / "graph")
    assert standing(again) == standing(found)
    assert [one.given.says for one in again.resolved.answers] == [
        one.given.says for one in found.resolved.answers
    ]
