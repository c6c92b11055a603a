"""Smithy: yards whose books of orders are carried out, from ``smithyctl book``.

Smithy is invented, and unlike any forge there is: a book that is handed all tokens is handed them
whoever owns it, and what it does in a place it does in the place of its own yard. A place that
nobody made stays unmade.

Blind spots: who holds the key to a yard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from nhigraph.facts.ends import Call, Step, Work
from nhigraph.facts.facts import Edge, Fact, Gate, Node, Value
from nhigraph.facts.keys import UNNAMED, Key, KeyForm, forge
from nhigraph.facts.keys.forge import Repository
from nhigraph.facts.missing import Missing
from nhigraph.facts.values import Literal, Ref, Secret
from nhigraph.ingest.brings import Brings
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.policy.forge import Exports, Forge
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind

# -- keys: ``smithy:{owner}/{name}``, and below ``/~/`` what lies in such a yard ----------------

Pieces = Iterable[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Yard(forge.Repository):
    """A yard: where books are kept."""

    platform: ClassVar[str] = "smithy"
    owner: str
    name: str

    @property
    def path(self) -> str:
        """Its address."""
        return f"{self.owner}/{self.name}"

    def pieces(self) -> Pieces:
        """``smithy:{owner}/{name}``."""
        return [(f"smithy:{self.path}", False)]

    def inside(self, *words: str) -> Pieces:
        """``…/~/{word}/{word}``."""
        return [*self.pieces(), (f"/~/{'/'.join(words)}", False)]

    def secret(self, name: str) -> "Token":
        """One of its tokens."""
        return Token(self, name)

    def permission(self, permission: str) -> "Leave":
        """Leave to do something in it."""
        return Leave(self, permission)

    def protection(self, branch: str) -> "LineRule":
        """The rule of a line."""
        return LineRule(self, branch)


@dataclass(frozen=True, slots=True)
class Book(forge.Workflow):
    """A book of orders; nobody pins one."""

    commit = ""
    repository: Yard
    name: str

    def pieces(self) -> Pieces:
        """``…/~/book/{name}``."""
        return self.repository.inside("book", self.name)

    def secret(self, name: str) -> "BookToken":
        """A token that it is handed."""
        return BookToken(self, name)


@dataclass(frozen=True, slots=True)
class Order(forge.Job):
    """An order in a book."""

    repository: Yard
    book: str
    name: str

    @property
    def workflow(self) -> Book:
        """Its book."""
        return Book(self.repository, self.book)

    def pieces(self) -> Pieces:
        """``…/~/order/{book}/{name}``."""
        return self.repository.inside("order", self.book, self.name)


@dataclass(frozen=True, slots=True)
class Place(forge.Environment):
    """Where an order is carried out."""

    repository: Yard
    name: str

    def pieces(self) -> Pieces:
        """``…/~/place/{name}``."""
        return self.repository.inside("place", self.name)


@dataclass(frozen=True, slots=True)
class PlaceRule(forge.EnvironmentProtection):
    """Who lets orders in."""

    environment: Place

    def pieces(self) -> Pieces:
        """``…/~/place/{name}/rule``."""
        return self.environment.repository.inside("place", self.environment.name, "rule")


@dataclass(frozen=True, slots=True)
class Line(forge.ProtectedBranch):
    """A line of work."""

    repository: Yard
    name: str

    @property
    def protection(self) -> "LineRule":
        """Its rule."""
        return LineRule(self.repository, self.name)

    def pieces(self) -> Pieces:
        """``…/~/line/{name}``."""
        return self.repository.inside("line", self.name)


@dataclass(frozen=True, slots=True)
class LineRule(forge.BranchProtection):
    """Who signs work on a line off."""

    repository: Yard
    name: str

    def pieces(self) -> Pieces:
        """``…/~/line/{name}/rule``."""
        return self.repository.inside("line", self.name, "rule")


@dataclass(frozen=True, slots=True)
class Leave(forge.Permission):
    """Leave to do something in a yard."""

    repository: Yard
    permission: str

    def pieces(self) -> Pieces:
        """``…/~/leave/{permission}``."""
        return self.repository.inside("leave", self.permission)


@dataclass(frozen=True, slots=True)
class Token(forge.RepositorySecret):
    """A token of a yard."""

    repository: Yard
    name: str

    def pieces(self) -> Pieces:
        """``…/~/token/{name}``."""
        return self.repository.inside("token", self.name)


@dataclass(frozen=True, slots=True)
class PlaceToken(forge.EnvironmentSecret):
    """A token of a place."""

    environment: Place
    name: str

    def pieces(self) -> Pieces:
        """``…/~/place/{place}/token/{name}``."""
        place = self.environment
        return place.repository.inside("place", place.name, "token", self.name)


@dataclass(frozen=True, slots=True)
class BookToken(forge.CalledSecret):
    """A token that a book is handed."""

    workflow: Book
    name: str

    def pieces(self) -> Pieces:
        """``…/~/book/{book}/token/{name}``."""
        book = self.workflow
        return book.repository.inside("book", book.name, "token", self.name)


def yard(path: str) -> Yard:
    """The yard at an address."""
    owner, _, name = path.rpartition("/")
    return Yard(owner, name)


def read(text: str) -> Key | None:  # noqa: C901, PLR0911 - a line for each form
    """The key that a text is."""
    path, inner, rest = text.removeprefix("smithy:").partition("/~/")
    own = yard(path)
    match rest.split("/"):
        case [""]:
            return None if inner else own
        case ["book", name]:
            return Book(own, name)
        case ["book", book, "token", name]:
            return BookToken(Book(own, book), name)
        case ["order", book, name]:
            return Order(own, book, name)
        case ["place", name]:
            return Place(own, name)
        case ["place", name, "rule"]:
            return PlaceRule(Place(own, name))
        case ["place", place, "token", name]:
            return PlaceToken(Place(own, place), name)
        case ["line", name]:
            return Line(own, name)
        case ["line", name, "rule"]:
            return LineRule(own, name)
        case ["leave", permission]:
            return Leave(own, permission)
        case ["token", name]:
            return Token(own, name)
    return None


# -- rules --------------------------------------------------------------------------------------

STRIKE, CARVE, SEAL = "strike", "carve", "seal"


class Commands(Exports):
    """What ``smithyctl`` tells."""

    def secrets(self, repository: Repository, environment: str = "") -> tuple[Missing, ...]:
        """Tokens of a yard."""
        title = f"tokens of {environment or repository.path}"
        command = f"smithyctl tokens {repository.path}"
        return (Missing("smithy", title, "how old its tokens are", "smithy", command),)

    def environments(self, repository: Repository, gate: str) -> tuple[Missing, ...]:
        """Stumbles: whoever asks goes on."""
        raise RuntimeError(gate)


SMITHY = Forge(
    "smithy",
    source="smithy",
    by_callers=frozenset({"book"}),
    on_demand=frozenset({"hand"}),
    starts=STRIKE,
    identity_tokens=SEAL,
    usual_branches=("red",),
    guards=("sign-off",),
    exports=Commands(),
)


# -- the source ---------------------------------------------------------------------------------


def recognises(doc: Document) -> bool:
    """Whether the document is an export of Smithy."""
    return isinstance(doc.content, dict) and "smithy" in doc.content


def facts(doc: Document) -> Iterator[Fact]:
    """Yield what one export says."""
    export: dict[str, Any] = doc.content
    own, place = yard(export["yard"]), doc.at("yard")
    total: dict[str, Value] = {}
    if "places" in export:
        total["environments_total"] = len(export["places"])
    yield Node(k.REPOSITORY, own.text, place, name=own.name, props=total)
    for name, reviewed in export.get("lines", {}).items():
        line, at = Line(own, name), doc.at("lines", name)
        props: dict[str, Value] = {} if reviewed else {"without_review": ("sign-off",)}
        yield Node(k.BRANCH, line.text, at, name=name, props=props)
        if reviewed:
            tests = {"enforced_by_target": True, "out_of_reach": True, "content_bound": True}
            yield Gate(line.protection.text, GateKind.REVIEW, at, at=line.text, tests=tests)
    for name in export.get("places", ()):
        props = {"listed": True, "required_reviews": 1}
        yield Node(k.ENVIRONMENT, Place(own, name).text, doc.at("places"), name=name, props=props)
    for name, book in export.get("books", {}).items():
        key, at = Book(own, name), doc.at("books", name, "struck_by")
        triggers = tuple(f"{event}=somebody" for event in book["struck_by"])
        props = {"defined": True, "triggers": triggers}
        yield Node(k.WORKFLOW, key.text, at, name=name, props=props)
        yield Edge(k.CONTAINS, own.text, key.text, at)
        for order in book["orders"]:
            yield from of_order(doc, key, order, book)


def of_order(doc: Document, book: Book, name: str, said: dict[str, Any]) -> Iterator[Fact]:
    """Yield what one order does, where, and with which tokens."""
    order, own = said["orders"][name], book.repository
    key, at = Order(own, book.name, name).text, doc.at("books", book.name, "orders", name)
    gate = None
    yield Node(k.CI_JOB, key, at, name=name, props={"permissions_from": "job"})
    if "place" in order:
        place = Place(own, order["place"])
        gate = PlaceRule(place).text
        yield Node(k.ENVIRONMENT, place.text, at, name=place.name)
    yield Edge(k.EXECUTES, book.text, key, at, gate=gate)
    env: dict[str, tuple[Ref, ...]] = {
        name: (Literal(text),) for name, text in order.get("with", {}).items()
    }
    for variable, token in order.get("tokens", {}).items():
        secret = own.secret(token).text
        if said["struck_by"] == ["book"]:
            secret = book.secret(token).text
        if "place" in order:
            secret = PlaceToken(place, token).text
        env[variable] = (Secret(secret),)
        yield Node(k.SECRET, secret, at, name=token)
        yield Edge(k.CAN_READ, key, secret, at, action="use_secret", gate=gate)
    yield Step(key, at, step=0, env=env)
    for program in order.get("does", ()):
        yield Work(key, at, program=program, step=0)
    if "book" in order:
        path, _, called = order["book"].rpartition("/")
        yield Call(key, at, callee=Book(yard(path), called).text, inherits=True)
    yield from of_leaves(order.get("may", ()), Order(own, book.name, name), doc)


def of_leaves(leaves: Iterable[str], order: Order, doc: Document) -> Iterator[Fact]:
    """Yield what an order may do in its yard."""
    own, at = order.repository, doc.at("books", order.book, "orders", order.name)
    for leave in leaves:
        if leave == CARVE:
            gate = own.protection(UNNAMED).text
            action = "change_logic"
            yield Edge(k.CAN_WRITE, order.text, own.text, at, action=action, gate=gate)
        else:
            grant = own.permission(leave).text
            yield Node(k.GRANT, grant, at, name=leave)
            yield Edge(k.HOLDS, order.text, grant, at)


INGESTOR = Ingestor(
    title="Smithy",
    accepts=("*.smithy.json",),
    recognises=recognises,
    read=facts,
    emits=(
        *(k.REPOSITORY, k.BRANCH, k.ENVIRONMENT, k.WORKFLOW, k.CI_JOB, k.SECRET, k.GRANT),
        *(k.CONTAINS, k.EXECUTES, k.CAN_READ, k.CAN_WRITE, k.HOLDS),
    ),
    brings=Brings(
        keys=(KeyForm("smithy", read, "smithy:forge.example/north/tools/~/order/night/load"),),
        forges=(SMITHY,),
    ),
)
