"""Workflow files, actions and exports of rules against expectations written by hand.

Each folder of ``github_actions/`` holds one input and ``expect.yaml``: what a person reads in the
input. ``edges`` and ``gates``, ``gaps``, ``notes`` and ``refused`` are compared whole, ``props``
property by property. ``nodes``, names by key, are compared whole where they are given, ``states``
always. A document lies at ``path`` in the checkout of ``repository``, or in none where that is
null. An edge is written ``FROM KIND TO [action] [copy|other] [gate=NAME]
[conditional] [@pointer]``; the short names of nodes are those of ``Names``. Every workflow is
contained in its repository and stopped by whoever writes ``actions``: these two edges are not
repeated in each expectation.
"""

import copy
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.ends import End
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Gate, Node, Note, Refused
from nhigraph.ingest.document import Checkout, Document
from nhigraph.policy.github_actions.events import EVENTS
from nhigraph.schema.types import EdgeKind, NodeKind
from nhigraph.sources import github_actions
from nhigraph.sources.github_actions import INGESTOR
from tests.unit.sources.told_ends import columns

HERE = Path(__file__).parent / "github_actions"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())
REPOSITORY = "acme/erp"
CANARY = "CANARY"


def expected(case: str) -> dict[str, Any]:
    found = yaml.safe_load((HERE / case / "expect.yaml").read_text())
    assert isinstance(found, dict)
    return found


def document(case: str) -> Document:
    files = (path for path in (HERE / case).rglob("*") if path.is_file())
    (path,) = (path for path in files if path.name != "expect.yaml")
    wanted = expected(case)
    inside = wanted.get("path", f".github/workflows/{path.name}")
    repository = wanted.get("repository", REPOSITORY)
    checkout = None if repository is None else Checkout(repository, inside)
    return Document(path, inside, checkout=checkout)


def said(case: str) -> list[Fact]:
    doc = document(case)
    assert INGESTOR.recognises(doc)

    return [fact for fact in INGESTOR.read(doc) if isinstance(fact, Fact)]


FINE = [case for case in CASES if "error" not in expected(case)]
BROKEN = [case for case in CASES if "error" in expected(case)]
WORKFLOWS = [
    case for case in CASES if not (HERE / case / "expect.yaml").read_text().count("path:")
]


class Names:
    """Short names of the expectations, for the repository and workflow of all fixtures."""

    FILE = "workflow.yml"

    @classmethod
    def key(cls, name: str) -> str:
        plain = {
            "wf": keys.Workflow(keys.repository(REPOSITORY), cls.FILE).text,
            "repo": keys.repository(REPOSITORY).text,
            "anyone": keys.Anyone().text,
            "grant:actions": keys.Permission(keys.repository(REPOSITORY), "actions:write").text,
        }
        family, _, rest = name.partition(":")
        if name in plain:
            return plain[name]
        if family == "env-secret":
            environment, _, secret = rest.rpartition("/")
            return keys.EnvironmentSecret(
                keys.Environment(keys.repository(REPOSITORY), environment), secret
            ).text
        if family == "action":
            path, _, ref = rest.partition("@")
            owner, repository, *folders = path.split("/")
            return keys.Action(
                keys.repository(f"{owner}/{repository}"), "/".join(folders), ref or ""
            ).text
        makers = {
            "wf": lambda: keys.Workflow(keys.repository(REPOSITORY), rest).text,
            "job": lambda: keys.Job(keys.repository(REPOSITORY), cls.FILE, rest).text,
            "secret": lambda: keys.RepositorySecret(keys.repository(REPOSITORY), rest).text,
            "called": lambda: (
                keys.CalledSecret(keys.Workflow(keys.repository(REPOSITORY), cls.FILE), rest).text
            ),
            "written": lambda: cls.written(*rest.rpartition("#")[::2]),
            "stored": lambda: keys.Stored(*rest.rpartition("/")[::2]).text,
            "env": lambda: keys.Environment(keys.repository(REPOSITORY), rest).text,
            "runner": lambda: (
                keys.Runner(keys.repository(REPOSITORY), tuple(rest.split(","))).text
            ),
        }
        return makers[family]() if family in makers else name

    @classmethod
    def written(cls, path: str, name: str) -> str:
        return keys.Written(
            keys.repository(REPOSITORY), path or f".github/workflows/{cls.FILE}", name
        ).text

    @classmethod
    def edge(cls, written: str) -> tuple[str, str | None]:
        """An edge as text with full keys, and the place it was said."""
        words = written.split(" ")
        places = [word[1:] for word in words[3:] if word.startswith("@")]
        rest = [word for word in words[3:] if not word.startswith("@")]
        gated = [cls.gate(word) if word.startswith("gate=") else word for word in rest]
        start = f"{cls.key(words[0])} {words[1]} {cls.key(words[2])}"
        return " ".join((start, *sorted(gated))), places[0] if places else None

    @classmethod
    def gate(cls, word: str) -> str:
        """``gate=branch`` is the default branch's; any other word names an environment."""
        name = word.removeprefix("gate=")
        if name == "branch":
            return f"gate={keys.BranchProtection(keys.repository(REPOSITORY), keys.UNNAMED).text}"
        environment = keys.Environment(keys.repository(REPOSITORY), name)
        return f"gate={keys.EnvironmentProtection(environment).text}"

    @classmethod
    def prop(cls, written: Any) -> Any:  # noqa: ANN401 - parsed expectation
        """A property's value with ``<name>`` unfolded."""
        if isinstance(written, list):
            return tuple(cls.prop(item) for item in written)
        if not isinstance(written, str):
            return written
        return re.sub(r"<([^>]*)>", lambda m: cls.key(m[1]), written)


def edge_text(edge: Edge) -> str:
    words = [
        edge.action or "",
        edge.transform.value if edge.transform else "",
        f"gate={edge.gate}" if edge.gate else "",
        edge.certainty.value if edge.certainty != "certain" else "",
    ]
    start = f"{edge.source} {edge.kind.label} {edge.target}"
    return " ".join((start, *sorted(word for word in words if word)))


def gate_text(gate: Gate) -> str:
    tests = [f"{name}={str(value).lower()}" for name, value in sorted(gate.tests.items())]
    by = ["by", *gate.approvers] if gate.approvers else []
    return " ".join((gate.key, *tests, *by))


def expected_gate(written: str) -> str:
    name, _, rest = written.partition(": ")
    if name.startswith("branch "):
        key = keys.BranchProtection(keys.repository(REPOSITORY), name.removeprefix("branch ")).text
    else:
        key = keys.EnvironmentProtection(keys.Environment(keys.repository(REPOSITORY), name)).text
    return f"{key} {rest}".strip()


def of(facts: list[Fact], kind: type) -> Iterator[Any]:
    return (fact for fact in facts if isinstance(fact, kind))


def matched(wanted: list[str], found: set[str]) -> None:
    """Each text found holds one of the wanted, each wanted is held by one found."""
    assert len(found) == len(wanted), sorted(found)
    for part in wanted:
        assert any(part in text for text in found), (part, sorted(found))


@pytest.mark.parametrize("case", FINE)
def test_edges_of_a_file_are_those_a_person_reads_in_it(case: str) -> None:
    """No edge more, none less, each at the place named where one is."""
    wanted = expected(case)
    lines = list(wanted.get("edges", ()))
    facts = said(case)
    if wanted.get("baseline", "path" not in wanted):
        lines += ["repo CONTAINS wf", "grant:actions CAN_STOP wf"]
    places: dict[str, set[str]] = {}
    for edge in of(facts, Edge):
        places.setdefault(edge_text(edge), set()).add(edge.evidence.pointer)

    pairs = [Names.edge(line) for line in lines]

    assert {text for text, _ in pairs} == set(places)
    for text, place in pairs:
        assert place is None or place in places[text], (text, places[text])


@pytest.mark.parametrize("case", FINE)
def test_properties_are_those_a_person_reads_in_the_file(case: str) -> None:
    """Each listed property of each listed node has exactly the listed value."""
    nodes: dict[str, dict[str, Any]] = {}
    ends: dict[str, list[End]] = {}
    for node in of(said(case), Node):
        nodes.setdefault(node.key, {}).update(node.props)
    for end in of(said(case), End):
        ends.setdefault(end.at, []).append(end)
    for key, many in ends.items():
        nodes[key] |= columns(many)

    for name, props in expected(case).get("props", {}).items():
        found = nodes[Names.key(name)]
        wanted = {key: Names.prop(value) for key, value in props.items()}
        assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("case", FINE)
def test_nodes_are_those_of_the_file_with_the_names_and_states_it_gives_them(case: str) -> None:
    """None more and none less where a case lists them; no state but those it lists."""
    wanted = expected(case)
    nodes = list(of(said(case), Node))

    states = {node.key: node.state.value for node in nodes if node.state}
    assert states == {Names.key(name): state for name, state in wanted.get("states", {}).items()}
    if "nodes" in wanted:
        found = {(node.key, node.name) for node in nodes}
        assert found == {(Names.key(key), name) for key, name in wanted["nodes"].items()}


@pytest.mark.parametrize("case", [case for case in FINE if "secrets" in case and "export" in case])
def test_nothing_is_kept_of_a_listed_secret_but_its_name_and_days(case: str) -> None:
    """Whatever GitHub may add to the record, and whatever a user may have put there."""
    for node in of(said(case), Node):
        kept = {"created", "rotated", "visibility", "listed", "secrets_total"}
        assert node.props.keys() <= kept


@pytest.mark.parametrize("case", FINE)
def test_what_is_not_known_is_said(case: str) -> None:
    """Gaps, notes and refused records are the expected ones; nothing is passed over."""
    wanted, facts = expected(case), said(case)

    expected_gaps = []
    for line in wanted.get("gaps", ()):
        name, _, reason = line.partition(": ")
        expected_gaps.append(f"{Names.key(name)}: {reason}")
    gaps = {f"{gap.at}: {gap.reason}" for gap in of(facts, Gap)}
    assert len(gaps) == len(expected_gaps), sorted(gaps)
    for line in expected_gaps:
        at, _, reason = line.partition(": ")
        assert any(gap.startswith(f"{at}: ") and reason in gap for gap in gaps), line
    matched(wanted.get("notes", []), {note.reason for note in of(facts, Note)})
    refused = sorted(record.reason for record in of(facts, Refused))
    assert refused == sorted(wanted.get("refused", []))
    for part in wanted.get("conditions", ()):
        assert any(part in (edge.condition or "") for edge in of(facts, Edge))


@pytest.mark.parametrize("case", FINE)
def test_gates_claim_what_the_file_proves_and_no_more(case: str) -> None:
    """Key, tests and approvers of every gate."""
    found = {gate_text(gate) for gate in of(said(case), Gate)}

    assert found == {expected_gate(line) for line in expected(case).get("gates", ())}


@pytest.mark.parametrize("case", BROKEN)
def test_an_unreadable_file_is_an_error_with_its_place(case: str) -> None:
    """The error names the artifact, the place and what was expected."""
    wanted = expected(case)["error"]
    doc = document(case)

    assert doc.path.suffix != ".json" or INGESTOR.recognises(doc)
    with pytest.raises(InputError) as caught:
        list(INGESTOR.read(doc))

    assert caught.value.artifact == doc.artifact
    assert caught.value.pointer == wanted["pointer"]
    assert wanted["problem"] in caught.value.problem
    assert wanted.get("advice", "") in caught.value.advice
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("case", FINE)
def test_ends_of_edges_and_gates_are_nodes_of_the_same_file(case: str) -> None:
    """Only what no file can name is left without: the default branch, an unnamed environment."""
    facts = said(case)
    nodes = {node.key for node in of(facts, Node)}

    ends = {end for edge in of(facts, Edge) for end in (edge.source, edge.target)}
    assert ends <= nodes
    assert {gate.at for gate in of(facts, Gate)} <= nodes
    assert {gap.at for gap in of(facts, Gap)} <= nodes
    gates = {gate.key for gate in of(facts, Gate)}
    unnamed = {Names.gate(f"gate={name}").removeprefix("gate=") for name in ("branch", "?")}
    assert {edge.gate for edge in of(facts, Edge) if edge.gate} <= gates | unnamed


@pytest.mark.parametrize("case", FINE)
def test_conditions_are_on_conditional_edges_only(case: str) -> None:
    """A conditional edge says why; a certain one has nothing to say."""
    for edge in of(said(case), Edge):
        assert bool(edge.condition) == (edge.certainty == "conditional")


@pytest.mark.parametrize("case", FINE)
def test_evidence_can_be_read_again(case: str) -> None:
    """Every place resolves, and every fact but one about the whole file has a line."""
    doc = document(case)
    for fact in said(case):
        evidence = fact.evidence
        assert evidence.sha256 == doc.sha256
        pointer = evidence.pointer
        # A document of one line has no lines to name.
        assert pointer == "" or evidence.line > 0 or doc.path.read_text().strip().count("\n") == 0
        value = doc.content
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]


def texts_of(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a fact
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | set):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*texts_of(key), *texts_of(item))
    elif hasattr(value, "__slots__") and not isinstance(value, NodeKind | EdgeKind):
        for name in value.__slots__:
            yield from texts_of(getattr(value, name))


@pytest.mark.parametrize("case", FINE)
def test_no_secret_value_enters_a_fact(case: str) -> None:
    """The planted values appear in no key, property, condition or excerpt."""
    assert not [text for fact in said(case) for text in texts_of(fact) if CANARY in text]


def test_canaries_are_planted_in_every_field_that_may_hold_a_secret() -> None:
    """Variables, inputs, called inputs and secrets, defaults, scripts: each has its canary."""
    planted = "\n".join(
        path.read_text() for path in sorted(HERE.glob("*/*.y*ml")) if path.name != "expect.yaml"
    )
    for form in (
        r"PLAIN: CANARY",
        r"text: \"CANARY",
        r"token: CANARY",
        r"both: \"CANARY",
        r"default: CANARY",
        r"echo CANARY",
        r"--password CANARY",
        r"password=CANARY",
        r"loader:CANARY",
        r"TOKEN=CANARY",
        r"'CANARY",
        r"TOKEN: CANARY",
    ):
        assert re.search(form, planted), form


def test_exports_have_a_canary_wherever_nothing_may_be_kept() -> None:
    """In fields that no export should have, in those that are not read, and in odd records."""
    planted = "\n".join(path.read_text() for path in sorted(HERE.glob("*/*.json")))
    for form in ("value", "encrypted_value", "temp_clone_token", "description", "created_at"):
        assert f'"{form}": "{CANARY}' in planted, form


def test_a_workflow_has_one_key_whether_it_is_listed_or_read() -> None:
    """The list and the file meet on the workflow, its repository and the grant that stops it."""
    listed = {node.key for node in of(said("export_workflows"), Node) if "nightly" not in node.key}

    assert listed <= {node.key for node in of(said("trigger_push"), Node)}


def test_every_documented_event_is_in_a_fixture() -> None:
    """The list of GitHub's documentation, one by one."""
    seen: set[str] = set()
    for case in WORKFLOWS:
        for node in of(said(case), Node) if case in FINE else ():
            triggers = node.props.get("triggers", ())
            seen |= {trigger.partition("=")[0] for trigger in triggers}

    assert set(EVENTS) <= seen


def test_there_are_at_least_sixty_workflow_files() -> None:
    """The issue's bar."""
    assert len([case for case in WORKFLOWS if (HERE / case / "workflow.yml").exists()]) >= 60


def test_the_source_emits_what_it_declares_all_of_it_somewhere() -> None:
    """Kinds of the fixtures and kinds of the declaration are the same."""
    kinds: set[str] = set()
    for case in FINE:
        for fact in said(case):
            if isinstance(fact, Node | Edge):
                kinds.add(fact.kind.label)

    assert kinds == {kind.label for kind in INGESTOR.emits}


@pytest.mark.parametrize("case", FINE)
def test_two_reads_say_the_same(case: str) -> None:
    """Order and content of the facts do not change from one read to the next."""
    assert said(case) == said(case)


def test_a_file_takes_less_than_five_milliseconds() -> None:
    """Parsing and reading, on average over the fixtures and the best of three rounds."""
    rounds = []
    for _ in range(3):
        docs = [document(case) for case in FINE]
        started = time.perf_counter()
        for doc in docs:
            list(INGESTOR.read(doc))
        rounds.append((time.perf_counter() - started) / len(docs))

    assert min(rounds) < 0.005


# --- where a file lies ---------------------------------------------------------------------------


def read_text(tmp_path: Path, text: str, name: str, checkout: Checkout | None) -> list[Fact]:
    path = tmp_path / Path(name).name
    path.write_text(text)
    doc = Document(path, name, checkout=checkout)
    assert INGESTOR.recognises(doc)

    return [fact for fact in INGESTOR.read(doc) if isinstance(fact, Fact)]


SMALL = "on: push\npermissions: {}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo}]}}\n"


@pytest.mark.parametrize(
    ("name", "checkout", "key"),
    [
        ("x.yml", None, "github:local/unknown/workflow/x.yml"),
        ("ci/.github/workflows/x.yml", None, "github:local/unknown/workflow/x.yml"),
        (
            "x.yml",
            Checkout("local/f", "workflows/x.yml"),
            "github:local/f/workflow/workflows%2Fx.yml",
        ),
        (
            "in/x.yml",
            Checkout("acme/erp", ".github/workflows/x.yml"),
            "github:acme/erp/workflow/x.yml",
        ),
    ],
)
def test_a_workflow_has_one_key_wherever_it_was_given_from(
    tmp_path: Path, name: str, checkout: Checkout | None, key: str
) -> None:
    """By its name in the folder of workflows, or by what is known of its path."""
    nodes = {
        fact.key for fact in read_text(tmp_path, SMALL, name, checkout) if isinstance(fact, Node)
    }

    assert key in nodes


@pytest.mark.parametrize("repository", ["local/erp", "acme/erp"])
@pytest.mark.parametrize(
    "path", ["x.yml", "a/x.yml", "vendor/.github/workflows/x.yml", ".github/workflows/old/x.yml"]
)
def test_a_workflow_elsewhere_in_a_checkout_is_nobodys(
    tmp_path: Path, repository: str, path: str
) -> None:
    """Whether the checkout has a remote or not: GitHub does not run it."""
    facts = read_text(tmp_path, SMALL, "x.yml", Checkout(repository, path))
    assert [type(fact) for fact in facts] == [Note]


def test_a_file_among_the_workflows_is_taken_even_if_it_is_none(tmp_path: Path) -> None:
    """It is meant to be one, so it becomes an error instead of nothing."""
    path = tmp_path / "x.yml"
    path.write_text("jobs: [\n")
    doc = Document(path, "x.yml", checkout=Checkout("a/b", ".github/workflows/x.yml"))

    assert INGESTOR.recognises(doc)
    with pytest.raises(InputError):
        list(INGESTOR.read(doc))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "kind: Pod\n"),
        ("b.yml", "- on\n"),
        ("c.json", '{"url": "x"}'),
        ("d.json", "[]"),
        ("e.json", "[1]"),
        ("f.yml", "runs: {}\n"),
        ("g.json", '{"full_name": "a/b", "default_branch": "main"}'),
        ("h.json", '[{"full_name": "a/b", "default_branch": "main", "url": "https://x.test/"}]'),
        ("i.json", '{"workflows": [], "secrets": []}'),
    ],
)
def test_documents_of_other_sources_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    """Recognition goes by content."""
    path = tmp_path / name
    path.write_text(text)

    assert not INGESTOR.recognises(Document(path, name))


def test_a_document_that_is_no_export_is_an_error(tmp_path: Path) -> None:
    """Whoever reads without asking first is told."""
    path = tmp_path / "x.json"
    path.write_text("{}")

    with pytest.raises(InputError, match="expected an export"):
        list(INGESTOR.read(Document(path, "x.json")))


# --- hostile shapes ------------------------------------------------------------------------------

_JUNK: list[Any] = [
    None,
    "",
    "${{ secrets.X }}",
    "${{ secrets",
    "a${{ b }}c",
    0,
    -1,
    True,
    1.5,
    [],
    {},
    [None],
    [[["x"]]],
    {"a": {"b": {"c": None}}},
    {"": ""},
    "$(((((",
    "'\"`$(<<EOF",
    "./..",
    "@",
    "docker://",
]


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - see above
    yield at
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from places(item, (*at, key))


def changed(value: Any, at: tuple[Any, ...], junk: Any) -> Any:  # noqa: ANN401 - see above
    """A copy with the value at one place dropped or replaced."""
    if not at:
        return copy.deepcopy(junk)
    found = copy.deepcopy(value)
    inner = found
    for part in at[:-1]:
        inner = inner[part]
    if junk == "drop":
        del inner[at[-1]]
    else:
        inner[at[-1]] = copy.deepcopy(junk)
    return found


class Given(Document):
    """A document whose content was parsed already."""


def given_document(case: str, content: Any) -> Document:  # noqa: ANN401 - see above
    doc = document(case)
    if doc.artifact.endswith(".json"):
        # Lines are sought in the text, so that has to be the content's.
        doc.__dict__["data"] = json.dumps(content).encode()
    else:
        doc.__dict__["content"] = content
    return doc


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_shape_gives_facts_or_an_input_error(data: st.DataObject) -> None:
    """Keys dropped and values replaced anywhere: only InputError may leave the source."""
    case = data.draw(st.sampled_from(FINE))
    content = document(case).content
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(list(places(content))))
        content = changed(content, at, data.draw(st.sampled_from(["drop", *_JUNK])))
        if at == () or not isinstance(content, dict | list):
            content = {} if content == "drop" else content
            break
    doc = given_document(case, content)
    try:
        facts = list(github_actions.read(doc)) if github_actions.recognises(doc) else []
    except InputError:
        return
    assert all(isinstance(fact.evidence, Evidence) for fact in facts)


def test_variables_over_all_steps_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that would unfold to more lines than anybody reads is an error, not a flood."""
    monkeypatch.setattr("nhigraph.sources.github_actions.steps._MOST_VARIABLES", 4)

    with pytest.raises(InputError, match="more than 4 variables"):
        list(INGESTOR.read(document("secret_through_env")))


@settings(max_examples=200, deadline=None)
@given(script=st.text(alphabet="ab $(){}[]<>|&;'\"`\\\n\t#=-!/.*\ue000\ue001EOF", max_size=60))
def test_any_script_is_survived(script: str) -> None:
    """Unbalanced quotes, parentheses and here-documents neither raise nor hang."""
    body = {"on": "push", "jobs": {"a": {"runs-on": "x", "steps": [{"run": script}]}}}

    assert list(github_actions.read(given_document("trigger_push", body)))
