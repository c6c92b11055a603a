"""Takes in what packages bring: all of a package's words, or none, and one line says why not."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, get_type_hints

from nhigraph.errors import SchemaError
from nhigraph.facts import ends
from nhigraph.facts.ends import End
from nhigraph.facts.keys import KeyForm, brought, parts
from nhigraph.ingest import brought_forge
from nhigraph.ingest.brings import Brings
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.ingest.secret_names import is_secret
from nhigraph.joins.brought import ANSWERS, Answers
from nhigraph.policy.forge import Forge
from nhigraph.policy.forges import FORGES
from nhigraph.records import dataclass
from nhigraph.schema import kinds, properties
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.properties import Merge, Property, Type
from nhigraph.schema.types import EdgeKind, Effect, Family, NodeKind, State

#: Type of a property to the rules that mean something for it, beside "both stay".
_RULES: Final[Mapping[Type, Collection[Merge]]] = {
    Type.FLAG: (Merge.TRUE, Merge.FALSE),
    Type.COUNT: (Merge.SMALLER, Merge.LARGER),
    Type.DAY: (Merge.EARLIER, Merge.LATER),
    Type.WORD: (Merge.LAST,),
}
_NOUN, _VERB = re.compile(r"[A-Z][A-Za-z0-9]{0,59}"), re.compile(r"[A-Z][A-Z0-9_]{0,59}")
_NAME, _BEGINNING = re.compile(r"[a-z][a-z0-9_]{0,59}"), re.compile(r"[a-z][a-z0-9.+-]{0,39}")


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of words that can be brought.

    Attributes:
        what: What a line calls one.
        of: Those of a declaration.
        is_one: Whether something is one.
        name: Its name, by which two of them clash.
        spelling: How names are spelt.
        check: Raises a SchemaError for one that is malformed; is given labels of node kinds too.
        known: Names that are taken.
        add: Makes one known.
    """

    what: str
    of: Callable[[Brings], Sequence[Any]]
    is_one: Callable[[object], bool]
    name: Callable[[Any], object]
    spelling: re.Pattern[str]
    check: Callable[[Any, Collection[str]], None]
    known: Callable[[], Collection[str]]
    add: Callable[[Any], None]


#: Words that somebody brought, by sort and name, and whose they are.
_OWNERS: Final[dict[tuple[str, str], str]] = {}


def admit(package: str, ingestors: Iterable[Ingestor]) -> None:
    """Add the words of a package's sources to the schema's, once all of them are found good.

    Args:
        package: Its name; what it brought before, it may bring again.
        ingestors: Its sources.

    Raises:
        SchemaError: A word of it is taken or malformed; nothing was added.
    """
    sources = tuple(ingestors)
    if not all(isinstance(source.brings, Brings) for source in sources):
        raise SchemaError("what it brings is no Brings")
    found = [(sort, _words(sort, sources)) for sort in _SORTS]
    nodes = {str(one.label) for sort, many in found if sort is _NODE for one in many.values()}
    for sort, words in found:
        taken = {name.casefold() for name in sort.known()}
        for name, one in words.items():
            if name.casefold() in taken and _OWNERS.get((sort.what, name)) != package:
                whose = _OWNERS.get((sort.what, name))
                by = f"the package {whose}" if whose else "nhigraph"
                raise SchemaError(f"the {sort.what} '{name}' is one of {by}'s own already")
            try:
                sort.check(one, {*kinds.NODE_KINDS, *nodes})
            except SchemaError as error:
                raise SchemaError(f"the {sort.what} '{name}': {error}") from None
    _emits(sources, [one for _, words in found for one in words.values()])
    for sort, words in found:
        for name, one in words.items():
            sort.add(one)
            _OWNERS[sort.what, name] = package


def _words(sort: _Sort, sources: Iterable[Ingestor]) -> dict[str, Any]:
    """The words of one sort by name, in their order."""
    found: dict[str, Any] = {}
    for source in sources:
        many = sort.of(source.brings)
        if not isinstance(many, tuple) or not all(map(sort.is_one, many)):
            raise SchemaError(f"what it brings as {sort.what} is no tuple of such")
        for one in many:
            name = sort.name(one)
            if not isinstance(name, str) or not sort.spelling.fullmatch(name):
                raise SchemaError(f"no {sort.what} can be called {str(name)[:60]!r}")
            if found.setdefault(name, one) != one:
                raise SchemaError(f"it brings two of the {sort.what} '{name}'")
    return found


def _emits(sources: Iterable[Ingestor], brought_: Collection[object]) -> None:
    known = [*kinds.NODE_KINDS.values(), *kinds.EDGE_KINDS.values(), *brought_]
    for source in sources:
        for kind in source.emits:
            if kind not in known:
                raise SchemaError(
                    f"it emits {getattr(kind, 'label', kind)!s:.60}, which it does not bring"
                )


# -- one check a sort ---------------------------------------------------------------------------


def _is(value: object, kind: type) -> bool:
    """Whether a value is of a type: nobody checked those of another distribution."""
    return isinstance(value, kind)


def _said(text: object) -> None:
    if not isinstance(text, str) or not text.strip():
        raise SchemaError("it needs one sentence that says what it is")


def _node_kind(one: NodeKind, _: Collection[str]) -> None:
    _said(one.doc)
    if not _is(one.family, Family) or one.family is Family.ASSURANCE:
        raise SchemaError("its family must be one of Family; assurance is the scope's own")
    if one.nhi and not one.actor:
        raise SchemaError("a non-human identity is an actor: who alters it can act as it")


def _edge_kind(one: EdgeKind, nodes: Collection[str]) -> None:
    _said(one.doc)
    if not _is(one.effect, Effect) or one.effect is Effect.SUPPORT:
        raise SchemaError("its effect must be one of Effect; support is the scope's own")
    actions = (one.action, one.action_to_actor, *one.actions_to.values())
    for action in actions:
        if action is not None and action not in kinds.ACTIONS:
            raise SchemaError(f"unknown action {str(action)[:60]!r}")
    for label in one.actions_to:
        if label not in nodes:
            raise SchemaError(f"unknown node kind {str(label)[:60]!r} in actions_to")


def _property(one: Property, _: Collection[str]) -> None:
    _said(one.doc)
    if is_secret(one.name):
        raise SchemaError("a property of this name would hold a secret's value")
    if not _is(one.type, Type) or not _is(one.merge, Merge):
        raise SchemaError("it needs one of Type and one of Merge")
    if one.merge is not Merge.BOTH and one.merge not in _RULES.get(one.type, ()):
        raise SchemaError(f"'{one.merge.value}' means nothing for {one.type.value}")
    if one.type is Type.WORD and not one.words:
        raise SchemaError("it needs its words, from what hides most to what hides least")
    if one.population or one.thresholds:
        raise SchemaError("columns of population.csv and thresholds are nhigraph's own")
    if (one.weakness is None) is not (not one.shows):
        raise SchemaError("a weakness and the values that show it come together")
    if one.weakness is not None and one.weakness not in WEAKNESSES:
        raise SchemaError(f"unknown weakness {str(one.weakness)[:60]!r}")
    fit = {Type.FLAG: (True, False), Type.WORD: one.words}.get(one.type, ())
    if not set(one.shows) <= set(fit):
        raise SchemaError("only true, false or one of its words can show a weakness")


def _key(one: KeyForm, _: Collection[str]) -> None:
    brought.check(one)


def _forge(one: Forge, _: Collection[str]) -> None:
    brought_forge.check(one)


def _end(one: type[End], _: Collection[str]) -> None:
    if not {"__dataclass_params__", "__slots__"} <= set(vars(one)):
        raise SchemaError("it must be a frozen dataclass with slots")
    try:
        get_type_hints(one)
    except Exception as error:  # noqa: BLE001 - whatever an annotation of somebody else raises
        raise SchemaError(f"its fields' types cannot be read ({type(error).__name__})") from None


def _answer(one: Answers, _: Collection[str]) -> None:
    _said(one.unanswered)
    if one.end.__module__.startswith("nhigraph."):
        raise SchemaError("it answers ends of nhigraph's own, which nhigraph answers")
    if not _is(one.answer, Callable) or not _is(one.gives, tuple):  # type: ignore[arg-type]
        raise SchemaError("it needs a function, and the kinds of the edges that this makes")
    if not all(_is(state, State) for state in one.hides):
        raise SchemaError("what it hides must be of State")


def _adds(table: dict[str, Any], name: str) -> Callable[[Any], None]:
    def add(one: Any) -> None:  # noqa: ANN401 - a word of the table's sort
        table[getattr(one, name)] = one

    return add


_NODE: Final = _Sort(
    "node kind",
    lambda brings: brings.node_kinds,
    lambda one: isinstance(one, NodeKind),
    lambda one: one.label,
    _NOUN,
    _node_kind,
    lambda: kinds.NODE_KINDS,
    _adds(kinds.NODE_KINDS, "label"),
)
_SORTS: Final = (
    _NODE,
    _Sort(
        "edge kind",
        lambda brings: brings.edge_kinds,
        lambda one: isinstance(one, EdgeKind),
        lambda one: one.label,
        _VERB,
        _edge_kind,
        lambda: kinds.EDGE_KINDS,
        _adds(kinds.EDGE_KINDS, "label"),
    ),
    _Sort(
        "property",
        lambda brings: brings.properties,
        lambda one: isinstance(one, Property),
        lambda one: one.name,
        _NAME,
        _property,
        lambda: properties.PROPERTIES,
        _adds(properties.PROPERTIES, "name"),
    ),
    _Sort(
        "key",
        lambda brings: brings.keys,
        lambda one: isinstance(one, KeyForm),
        lambda one: one.beginning,
        _BEGINNING,
        _key,
        parts.beginnings,
        brought.add,
    ),
    _Sort(
        "end",
        lambda brings: brings.ends,
        lambda one: isinstance(one, type) and issubclass(one, End),
        lambda one: one.__name__,
        _NOUN,
        _end,
        lambda: ends.TYPES,
        _adds(ends.TYPES, "__name__"),
    ),
    _Sort(
        "answer",
        lambda brings: brings.answers,
        lambda one: isinstance(one, Answers),
        lambda one: getattr(one.end, "__name__", ""),
        _NOUN,
        _answer,
        lambda: ANSWERS,
        lambda one: ANSWERS.__setitem__(one.end.__name__, one),
    ),
    _Sort(
        "forge",
        lambda brings: brings.forges,
        lambda one: isinstance(one, Forge),
        lambda one: one.platform,
        _BEGINNING,
        _forge,
        lambda: FORGES,
        brought_forge.add,
    ),
)
