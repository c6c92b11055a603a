"""Tapline: taps that pour into kegs, from ``tapctl export``.

Tapline is invented: this is the package that a third party would write, and a test installs it.

Blind spots: who holds the keys to the cellar.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from nhigraph.facts.ends import Account, Condition, End, Endpoint, Login, Trust
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.keys import Case, Key, KeyForm
from nhigraph.facts.values import Literal
from nhigraph.ingest.brings import Brings
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Expected, Ingestor
from nhigraph.joins.brought import Answers
from nhigraph.joins.view import View
from nhigraph.schema.properties import Merge, Property, Type
from nhigraph.schema.types import EdgeKind, Effect, Family, NodeKind

TAP = NodeKind("Tap", Family.IDENTITY, "A tap that pours by itself.", nhi=True, actor=True)
KEG = NodeKind("Keg", Family.DATA, "What taps pour into.")
POURS_INTO = EdgeKind(
    "POURS_INTO",
    Effect.ALTER,
    "May change what a keg holds.",
    "tapctl allow blend-bot --pour books",
    action="post",
)
SEAL = Property(
    "seal",
    Type.WORD,
    Merge.LAST,
    "Whether somebody may have opened the tap.",
    words=("whole", "cracked", "broken"),
    weakness="secret_exposed",
    shows=("broken",),
    by_people=True,
)


@dataclass(frozen=True, slots=True)
class Part(Key):
    """A tap or keg of a site; Tapline compares the names of sites without case.

    Attributes:
        site: Name of the site.
        sort: ``tap`` or ``keg``.
        name: Its name there, as written.
    """

    CASES: ClassVar[Mapping[str, Case]] = {"site": Case.LOWER}
    site: str
    sort: str
    name: str

    def pieces(self) -> Iterable[tuple[str, bool]]:
        """``tapline:{site}/{sort}/{name}``."""
        return [("tapline:", False), (self.site, True), (f"/{self.sort}/{self.name}", False)]


def part(text: str) -> Key | None:
    """The part that a text names."""
    site, sort, name = text.removeprefix("tapline:").split("/", 2)
    return Part(site, sort, name)


@dataclass(frozen=True, slots=True)
class Hose(End):
    """A tap is led to something that another document describes.

    Attributes:
        to: What it is called there.
        bores: Width of each of its pipes.
    """

    _: KW_ONLY
    to: str
    bores: tuple[int, ...] = ()


def recognises(doc: Document) -> bool:
    """Whether the document is an export of Tapline."""
    return isinstance(doc.content, dict) and "tapline" in doc.content


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one export says."""
    export: dict[str, Any] = doc.content
    site = export["site"]
    for number, name in enumerate(export.get("kegs", ())):
        yield Node(KEG, Part(site, "keg", name).text, doc.at("kegs", number), name=name)
    for number, tap in enumerate(export.get("taps", ())):
        key = Part(site, "tap", tap["name"]).text
        place = doc.at("taps", number)
        yield Node(TAP, key, place, name=tap["name"], props={"seal": tap["seal"]})
        for at, keg in enumerate(tap.get("pours", ())):
            stated = doc.at("taps", number, "pours", at)
            yield Edge(POURS_INTO, key, Part(site, "keg", keg).text, stated)
        if "hose" in tap:
            hose = doc.at("taps", number, "hose")
            yield Hose(key, hose, to=tap["hose"]["to"], bores=tuple(tap["hose"]["bores"]))
        if "books" in tap:
            where, user = tap["books"]["database"], tap["books"]["user"]
            endpoint = Endpoint("postgres", database=(Literal(where),))
            place = doc.at("taps", number, "books")
            yield Login(key, place, endpoint=endpoint, user=(Literal(user),))
        yield from opened(doc, number, key, Endpoint("tapline", database=(Literal(site),)))


def opened(doc: Document, number: int, key: str, site: Endpoint) -> Iterator[Fact]:
    """Who gets at a tap, and at which other one it gets: no join knows Tapline."""
    tap = doc.content["taps"][number]
    if "badge" in tap:
        # Its cellarmen show badges; who is not on the list opens nothing.
        place = doc.at("taps", number, "badge")
        yield Account(key, place, endpoint=site, name=tap["badge"], login=True)
    if "shows" in tap:
        place = doc.at("taps", number, "shows")
        yield Login(key, place, endpoint=site, user=(Literal(tap["shows"]),))
    if "lets_in" in tap:
        place = doc.at("taps", number, "lets_in")
        asked = Condition("sub", (tap["lets_in"]["run"],), glob=True)
        yield Trust(key, place, issuer=tap["lets_in"]["issuer"], conditions=(asked,))


def extracted(doc: Document) -> str | None:
    """The day of the export."""
    return str(doc.content["exported"])


def where_a_hose_ends(hose: End, view: View) -> Iterable[Fact] | None:
    """A hose to a keg of the site pours into it; of any other place Tapline knows nothing."""
    assert isinstance(hose, Hose)
    tap = part(hose.at)
    keg = Part(tap.site, "keg", hose.to).text if isinstance(tap, Part) else ""
    if view.node(keg) is None:
        return None
    return [Edge(POURS_INTO, hose.at, keg, hose.evidence)]


INGESTOR = Ingestor(
    title="Tapline",
    accepts=("*.tapline.json",),
    recognises=recognises,
    read=read,
    emits=(TAP, KEG, POURS_INTO),
    expects=(Expected("tapline_keys", "who opens a cellar", "tapctl keys"),),
    brings=Brings(
        node_kinds=(TAP, KEG),
        edge_kinds=(POURS_INTO,),
        properties=(SEAL,),
        keys=(KeyForm("tapline", part, "tapline:north/tap/blend-bot", folds=True),),
        ends=(Hose,),
        answers=(
            Answers(Hose, where_a_hose_ends, (POURS_INTO,), "where its hose ends is in no input"),
        ),
    ),
    extracted=extracted,
)
