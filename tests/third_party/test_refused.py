"""Packages that cannot be used: one line each, and the program goes on.

Each is built, installed, and met by the real program, with the good one beside it.
"""

import json
from pathlib import Path

import pytest

from tests.third_party.packages import TAPLINE, install, nhigraph, written
from tests.third_party.test_tapline import NORTH, SCOPE

pytestmark = pytest.mark.xdist_group("tapline")

GOOD = """
from nhigraph.facts.ends import End
from nhigraph.facts.keys import Key, KeyForm
from nhigraph.ingest.brings import Brings
from nhigraph.ingest.ingestor import Expected, Ingestor
from nhigraph.policy.forge import Forge
from nhigraph.schema import kinds as k
from nhigraph.schema.properties import Merge, Property, Type
from nhigraph.schema.types import EdgeKind, Effect, Family, NodeKind

VAT = NodeKind("Vat", Family.DATA, "A vat.")

def source(*emits, **brings):
    return Ingestor(
        "Brewery", ("*.vat.json",), lambda doc: False, lambda doc: iter(()), emits or (k.DATASET,),
        brings=Brings(**brings),
    )
"""
#: What a module says after that, and the one line that tells it.
CASES = {
    "a-kind-of-ours": (
        'S = source(node_kinds=(NodeKind("Dataset", Family.DATA, "Mine."),))',
        "the node kind 'Dataset' is one of nhigraph's own already",
    ),
    "a-kind-that-differs-by-case-only": (
        'S = source(node_kinds=(NodeKind("DataSet", Family.DATA, "Mine."),))',
        "the node kind 'DataSet' is one of nhigraph's own already",
    ),
    "an-edge-kind-of-ours": (
        'S = source(edge_kinds=(EdgeKind("CAN_READ", Effect.INERT, "Mine.", "x"),))',
        "the edge kind 'CAN_READ' is one of nhigraph's own already",
    ),
    "a-property-of-ours": (
        'S = source(properties=(Property("exposed", Type.FLAG, Merge.FALSE, "Mine."),))',
        "the property 'exposed' is one of nhigraph's own already",
    ),
    "keys-of-ours": (
        'S = source(keys=(KeyForm("github", lambda text: None, "github:a/b"),))',
        "the key 'github' is one of nhigraph's own already",
    ),
    "an-end-of-ours": (
        "class Login(End):\n    pass\nS = source(ends=(Login,))",
        "the end 'Login' is one of nhigraph's own already",
    ),
    "a-forge-of-ours": (
        'S = source(forges=(Forge("github"),))',
        "the forge 'github' is one of nhigraph's own already",
    ),
    "a-forge-with-a-text-for-words": (
        'S = source(forges=(Forge("vats", on_demand="hand"),))',
        "the forge 'vats': its 'on_demand' is not of the type that it should be",
    ),
    "a-forge-without-an-end": (
        'S = source(forges=(Forge("vats", levels=10**9),))',
        "the forge 'vats': its 'levels' is not of the type that it should be",
    ),
    "a-kind-of-another-package": (
        'S = source(node_kinds=(NodeKind("Tap", Family.DATA, "Mine."),))',
        "the node kind 'Tap' is one of the package nhigraph-tapline's own already",
    ),
    "two-of-one-kind": (
        'S = source(node_kinds=(VAT, NodeKind("Vat", Family.DATA, "Another.")))',
        "it brings two of the node kind 'Vat'",
    ),
    "a-kind-for-the-books": (
        'S = source(node_kinds=(NodeKind("Ledger", Family.ASSURANCE, "Mine."),))',
        "the node kind 'Ledger': its family must be one of Family; assurance is the scope's own",
    ),
    "support": (
        'S = source(edge_kinds=(EdgeKind("PROPS_UP", Effect.SUPPORT, "Mine.", "x"),))',
        "the edge kind 'PROPS_UP': its effect must be one of Effect; support is the scope's own",
    ),
    "an-effect-that-is-none": (
        'S = source(edge_kinds=(EdgeKind("PROPS_UP", "alter", "Mine.", "x"),))',
        "the edge kind 'PROPS_UP': its effect must be one of Effect",
    ),
    "an-action-that-is-none": (
        'S = source(edge_kinds=(EdgeKind("DRAINS", Effect.DELETE, "M.", "x", action="drain"),))',
        "the edge kind 'DRAINS': unknown action 'drain'",
    ),
    "actions-to-nothing": (
        """TO = {"Vatt": "post"}
S = source(edge_kinds=(EdgeKind("DRAINS", Effect.DELETE, "Mine.", "x", None, TO),))""",
        "the edge kind 'DRAINS': unknown node kind 'Vatt' in actions_to",
    ),
    "an-identity-that-cannot-act": (
        'S = source(node_kinds=(NodeKind("Bot", Family.IDENTITY, "Mine.", nhi=True),))',
        "the node kind 'Bot': a non-human identity is an actor",
    ),
    "a-name-with-markup": (
        'S = source(node_kinds=(NodeKind("Vat<script>", Family.DATA, "Mine."),))',
        "no node kind can be called 'Vat<script>'",
    ),
    "a-rule-that-means-nothing": (
        'S = source(properties=(Property("lid", Type.FLAG, Merge.LATER, "Mine."),))',
        "the property 'lid': 'the later day' means nothing for true or false",
    ),
    "a-weakness-that-is-none": (
        """LID = Property("lid", Type.FLAG, Merge.TRUE, "Mine.", (), "damp", (True,))
S = source(properties=(LID,))""",
        "the property 'lid': unknown weakness 'damp'",
    ),
    "a-property-for-a-secret": (
        'S = source(properties=(Property("vat_password", Type.TEXT, Merge.BOTH, "Mine."),))',
        "the property 'vat_password': a property of this name would hold a secret's value",
    ),
    "keys-that-are-not-read-back": (
        'S = source(keys=(KeyForm("vat", lambda text: 1 / 0, "vat:1"),))',
        "the key 'vat': its reader does not give the key 'vat:1' back",
    ),
    "an-end-that-is-no-dataclass": (
        "class Pipe(End):\n    pass\nS = source(ends=(Pipe,))",
        "the end 'Pipe': it must be a frozen dataclass with slots",
    ),
    "an-answer-to-ends-of-ours": (
        """from nhigraph.facts.ends import Login
from nhigraph.joins.brought import Answers
S = source(answers=(Answers(Login, lambda end, view: [], (), "Mine."),))""",
        "the answer 'Login': it answers ends of nhigraph's own, which nhigraph answers",
    ),
    "an-answer-without-a-sentence": (
        """from dataclasses import dataclass
from nhigraph.joins.brought import Answers
@dataclass(frozen=True, slots=True)
class Pipe(End):
    length: int = 0
S = source(ends=(Pipe,), answers=(Answers(Pipe, lambda end, view: [], (), ""),))""",
        "the answer 'Pipe': it needs one sentence that says what it is",
    ),
    "emits-what-it-does-not-bring": (
        "S = source(VAT)",
        "it emits Vat, which it does not bring",
    ),
    "emits-another-of-our-kinds": (
        'S = source(NodeKind("Dataset", Family.DATA, "Mine.", nhi=True, actor=True))',
        "it emits Dataset, which it does not bring",
    ),
    "brings-a-list": (
        "S = source(node_kinds=[VAT])",
        "what it brings as node kind is no tuple of such",
    ),
    "brings-nothing-of-the-sort": (
        'S = Ingestor("B", ("*.x",), lambda doc: False, lambda doc: (), (k.DATASET,), (), {})',
        "what it brings is no Brings",
    ),
    "no-ingestor": ("S = source", "its source 'vat' is no Ingestor"),
    "no-globs": (
        'S = Ingestor("B", "*.x", lambda doc: False, lambda doc: iter(()), (k.DATASET,))',
        "its source 'vat' has no usable 'accepts'",
    ),
    "an-import-that-fails": ("import vat_of_nobody", "no module named 'vat_of_nobody'"),
    "an-error-that-names-a-folder": (
        "raise OSError(__file__)",
        "its source 'vat' cannot be loaded (OSError)",
    ),
    "an-end-of-the-program": ("raise SystemExit(0)", "cannot be loaded (SystemExit)"),
    "a-syntax-error": ("def", "its source 'vat' cannot be loaded (SyntaxError)"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the good package and all the others; they are built in one go."""
    folder, source = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("source")
    install(TAPLINE, folder)
    for name, (code, _) in CASES.items():
        written(source, f"vat-{name}", "0.1", {"vat": "S"}, GOOD + code)
    written(source, "vat-taken", "0.2", {"facts": "S"}, f"{GOOD}S = source()")
    written(source, "vat-wrong-facts", "0.3", {"wrong_facts": "S"}, WRONG_FACTS)
    for one in sorted(source.iterdir()):
        _unpacked(one, folder)
    return folder


def _unpacked(source: Path, site: Path) -> None:
    """Install a package of one module as an installer lays it down, without waiting for one."""
    (module,) = source.glob("*.py")
    project = (source / "pyproject.toml").read_text()
    version = project.split('version = "')[1].split('"')[0]
    (site / module.name).write_text(module.read_text())
    info = site / f"{module.stem}-{version}.dist-info"
    info.mkdir()
    name = source.name
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    offered = project.split('."nhigraph.sources"]\n')[1].split("\n\n")[0].replace('"', "")
    (info / "entry_points.txt").write_text(f"[nhigraph.sources]\n{offered}\n")


#: A source that yields what it did not declare: three documents, three faults.
WRONG_FACTS = """
from nhigraph.facts.ends import Work
from nhigraph.facts.facts import Edge, Node
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Family, NodeKind

def read(doc):
    fault, place = doc.content["fault"], doc.at("fault")
    yield Node(k.DATASET, "vat:good", place)
    match fault:
        case "kind":
            yield Node(NodeKind("Vat", Family.DATA, "Nobody's."), "vat:1", place)
        case "undeclared":
            yield Node(k.CLOUD_ROLE, "vat:1", place)
        case "action":
            yield Edge(k.CAN_WRITE, "vat:good", "vat:good", place, action="drain")
        case "text":
            yield "vat:1"
        case "key":
            yield Node(k.DATASET, None, place)
        case "evidence":
            yield Node(k.DATASET, "vat:1", "somewhere")
        case "end":
            yield Work("vat:good", place, program=place)
        case "day":
            pass

def extracted(doc):
    return "yesterday" if doc.content["fault"] == "day" else None

S = Ingestor("Wrong", ("*.wrong.json",), lambda doc: "fault" in doc.content, read,
             (k.DATASET, k.CAN_WRITE), extracted=extracted)
"""
FAULTS = ("kind", "undeclared", "action", "text", "key", "evidence", "end", "day")


@pytest.fixture(scope="module")
def coverage(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Lines of coverage by what they are about, of an assessment with all these installed."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "north.tapline.json").write_text(json.dumps(NORTH))
    (folder / "scope.yaml").write_text(SCOPE)
    for fault in FAULTS:
        (folder / f"{fault}.wrong.json").write_text(json.dumps({"fault": fault}))
    out = tmp_path_factory.mktemp("out") / "answer"
    ran = nhigraph("assess", folder, "--out", out, sites=(site,))
    assert ran.code == 0, ran.err
    assert "Traceback" not in ran.err
    assert "blend-bot" in (out / "identities.csv").read_text(), "the good package is used"
    text = (out / "coverage.json").read_text()
    assert str(site) not in text + ran.err + ran.out, "no folder of the machine is named"
    told = json.loads(text)
    assert told["complete"] is False
    return {
        one["artifact"]: {**one["problem"], "status": one["status"]}
        for one in told["artifacts"]
        if one["problem"]
    }


@pytest.mark.parametrize("case", CASES)
def test_a_package_that_cannot_be_used_is_one_line(
    coverage: dict[str, dict[str, str]], case: str
) -> None:
    line = coverage[f"package vat-{case} 0.1"]
    assert CASES[case][1] in line["reason"]
    assert line["pointer"] == "nhigraph.sources vat"
    assert "update or remove it" in line["reason"]


def test_a_source_with_the_name_of_ours_is_refused(coverage: dict[str, dict[str, str]]) -> None:
    line = coverage["package vat-taken 0.2"]
    assert "there is a source 'facts' of nhigraph already" in line["reason"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fact_that_a_source_did_not_declare_ends_its_document_and_no_other(
    coverage: dict[str, dict[str, str]], fault: str
) -> None:
    line = coverage[f"{fault}.wrong.json"]
    assert line["status"] == "failed"
    assert "internal error in the source wrong_facts (" in line["reason"]


def test_the_sources_list_the_packages_that_cannot_be_used(site: Path) -> None:
    ran = nhigraph("sources", "--format", "json", sites=(site,))
    rows = json.loads(ran.out)["rows"]
    problems = {row["package"]: row["problem"] for row in rows if row["problem"]}
    assert set(problems) == {f"vat-{case}" for case in CASES} | {"vat-taken"}
    assert ran.code == 0


def test_strict_does_not_pass_over_a_package_that_cannot_be_used(tmp_path: Path) -> None:
    """What its source would have read may be among the inputs."""
    source = written(tmp_path / "source", "vat", "1", {"vat": "S"}, "raise ImportError")
    site = install(source, tmp_path / "site")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.facts.yaml").write_text(
        "nhigraph: facts/1\nnodes:\n  - {kind: Dataset, key: 'dataset:d'}\n"
    )
    (inputs / "scope.yaml").write_text(
        SCOPE.split("targets:")[0]
        + "targets:\n  - {id: d, family: financial-reporting, fs_role: record, icfr_basis: own,\n"
        "     select: [{key: 'dataset:d'}]}\n"
    )

    assert nhigraph("assess", inputs, "--out", tmp_path / "a", "--strict").code == 0
    ran = nhigraph("assess", inputs, "--out", tmp_path / "b", "--strict", sites=(site,))

    assert ran.code == 3
    assert "package vat 1" in ran.err
