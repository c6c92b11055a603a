"""Ends: what one document says, and another one has to answer.

An end is a typed statement about a node. Joins bring the two sides together; an end that nothing
answers is a gap at its node. FORMATS and the design, section 9, name the relations: login, work,
custody, trust, sameness.

Custody has no end beside ``Call``. That a secret under one name is a copy of another is known by
the document that says it, so it is an edge from the start (``FEEDS``, a copy): with certainty,
condition, gate and dates, walked and cut like any other, none of which an end would add.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, field, fields
from typing import Final

from nhigraph.facts import passwords
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.values import Named, Value
from nhigraph.records import dataclass

_NONE: Final[Named] = {}
#: Members that are keys.
_KEYS: Final = frozenset({"at", "callee", "secret", "holder", "gate", "repository"})


@dataclass(frozen=True, slots=True)
class End:
    """A statement that another document answers.

    Attributes:
        at: Key of the node it is about, which has a gap where nothing answers.
        evidence: Where it was said.
    """

    at: str
    evidence: Evidence

    def __post_init__(self) -> None:
        """Cut passwords out of texts, and names, however deep they are."""
        for one in fields(self):
            said = getattr(self, one.name)
            if said and isinstance(said, str | tuple | Mapping):
                told = passwords.cut_within(said, key=one.name in _KEYS)
                if told != said:
                    object.__setattr__(self, one.name, told)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where somebody connects.

    Attributes:
        platform: What answers there, such as ``postgres``.
        host: Server; empty where the client takes its own socket or default.
        port: Port of the server.
        database: Database that is asked for.
    """

    platform: str
    host: Value = ()
    port: Value = ()
    database: Value = ()

    def __post_init__(self) -> None:
        """Cut passwords out; values do it themselves."""
        object.__setattr__(self, "platform", passwords.cut(self.platform))


@dataclass(frozen=True, slots=True)
class Step(End):
    """What one step of a job, an action or a template has.

    Attributes:
        step: Its number; None where the statement is about the whole.
        env: Its variables.
        given: Inputs that it gives to what it calls.
    """

    _: KW_ONLY
    step: int | None = None
    env: Named = field(default_factory=dict)
    given: Named = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work(End):
    """A program that is run.

    Attributes:
        program: Tool and subcommand, or the command itself where its content is not known.
        opaque: What it does is not known.
        step: Number of the step, whose variables it has.
        options: What it is told.
        env: Variables of its own, over those of the step.
    """

    _: KW_ONLY
    program: str
    opaque: bool = False
    step: int | None = None
    options: Named = field(default_factory=dict)
    env: Named = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call(End):
    """Code that is run in one's own place: an action, a reusable workflow, a template.

    Attributes:
        callee: Key of what is called.
        step: Number of the step that calls; None where the whole job does.
        inputs: What is handed over for its inputs.
        secrets: What is handed over under the names of its secrets.
        inherits: Every secret that the caller has is handed over by its name.
        commit: The commit that it is called at; empty for a branch or tag.
    """

    _: KW_ONLY
    callee: str
    step: int | None = None
    inputs: Named = field(default_factory=dict)
    secrets: Named = field(default_factory=dict)
    inherits: bool = False
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Interface(End):
    """What called code takes and gives back.

    Attributes:
        inputs: What stands for an input that is not handed over.
        chosen: What inputs are where nobody calls it: what whoever starts it may choose.
        outputs: What it gives back.
        leaves: Variables that whoever calls it has from then on.
    """

    _: KW_ONLY
    inputs: Named = field(default_factory=dict)
    chosen: Named = field(default_factory=dict)
    outputs: Named = field(default_factory=dict)
    leaves: Named = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Container(End):
    """A server that a job starts beside itself.

    Attributes:
        name: Its name, by which a job in a container reaches it.
        image: Its image; ``?`` where the file does not say which.
        ports: Ports of the machine at which it answers; ``?`` where the file does not say which.
    """

    _: KW_ONLY
    name: str
    image: str
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Login(End):
    """Somebody presents a secret, as somebody, somewhere.

    Attributes:
        endpoint: Where.
        user: As whom.
        password: What is presented; empty where nothing is.
        role: Whom the session then acts as, where that is somebody else.
        options: What else it is told, such as an audience.
        lines: Field to the line of the document it stands on.
    """

    _: KW_ONLY
    endpoint: Endpoint
    user: Value = ()
    password: Value = ()
    role: Value = ()
    options: Named = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account(End):
    """Somebody whom a login may be, by whoever lists the accounts of a server.

    What it may do is said of its node, in the same document: without a word it may do nothing.

    Attributes:
        endpoint: Where one logs in as it.
        name: The user's name that is then given, as the platform writes it.
        login: Whether it may log in at all; None where the document does not say.
        hosts: Patterns of the hosts from which it may, as the platform writes them; empty for all.
        holder: Key of the node that says what tells the server from others (``Holder``); empty
            where the endpoint alone does.
    """

    _: KW_ONLY
    endpoint: Endpoint
    name: str
    login: bool | None = None
    hosts: tuple[str, ...] = ()
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Token(End):
    """Tokens that an actor can obtain, to be let in elsewhere.

    In patterns, ``*`` stands for any text.

    Attributes:
        issuer: Who issues them, by its address.
        subjects: Patterns of the subjects that it can obtain as it is.
        audiences: Patterns of the audiences.
        beyond: Patterns of the subjects that other code in its place could obtain.
        inside: Patterns of those that code which it calls obtains in an environment, with ``{}``
            for its name.
        doubt: On which condition subjects look like these; empty for none.
        gate: Key of the gate before it.
    """

    _: KW_ONLY
    issuer: str
    subjects: tuple[str, ...]
    audiences: tuple[str, ...] = ("*",)
    beyond: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    doubt: str = ""
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a trust asks of one claim of a token.

    Attributes:
        claim: Its name: ``sub`` and ``aud`` are known of every token.
        values: What it must be one of.
        glob: In them, ``*`` is any text and ``?`` any character.
    """

    claim: str
    values: tuple[str, ...]
    glob: bool = False

    def __post_init__(self) -> None:
        """Cut passwords out."""
        object.__setattr__(self, "claim", passwords.cut(self.claim))
        object.__setattr__(self, "values", passwords.cut_within(self.values))


@dataclass(frozen=True, slots=True)
class Trust(End):
    """Tokens that let somebody act as the node; of several trusts, one is enough.

    Attributes:
        issuer: Whose tokens, by its address.
        conditions: All of them must hold; without one, every token of the issuer is accepted.
        unknown: What else must hold and was not understood; empty for nothing.
    """

    _: KW_ONLY
    issuer: str
    conditions: tuple[Condition, ...] = ()
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Writes(End):
    """A relation that logic writes beside its own, as far as who runs it may.

    Attributes:
        target: Key of the relation.
        verb: insert, update, delete, truncate, merge, create or drop.
        before: It is written before the relation of its own, and stays if that fails.
    """

    _: KW_ONLY
    target: str
    verb: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class Would(End):
    """What code does once somebody runs it: an edge, or what is then not known.

    Attributes:
        effect: Kind of the edge; empty where it is not known what the code does.
        source: Key of the node it starts from; of the one with the gap.
        target: Key of the node it goes to.
        verb: Of a write, as in ``Writes``.
        reason: What is not known.
        certain: Whether it does so whenever it runs.
    """

    _: KW_ONLY
    effect: str = ""
    source: str
    target: str = ""
    verb: str = ""
    reason: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Project(End):
    """A project whose programs are run; several documents may each say a part of it.

    Attributes:
        name: Its name.
        repository: Key of the repository it lies in; empty where it lies in none.
        folders: Its folders in that, from the root.
        profile: The profile by which its programs connect; empty where nobody says.
        described: The document says what running it builds.
        quiet: Operations of its own that run no statement.
    """

    _: KW_ONLY
    name: str
    repository: str = ""
    folders: tuple[str, ...] = ()
    profile: str = ""
    described: bool = False
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target(End):
    """One way to connect that a profile has; who connects by it, and where, its ``Login`` says.

    Attributes:
        profile: The profile.
        name: Its name there.
        default: It is the one where nobody names one; None where that is not known.
        repository: Key of the repository that the profile's file lies in; empty for none.
        file: The file's path in that.
    """

    _: KW_ONLY
    profile: str
    name: str
    default: bool | None = None
    repository: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Holder(End):
    """Something that keys name and that two documents may mean by one name: a server, a project.

    Attributes:
        names: It as keys name it, ``platform:name``; a project holds several packages.
        proofs: What makes two of one name one, or two, by kind: of ``system`` (an identifier of
            its own), ``project``, ``address`` and ``host`` the first that both documents have.
        label: What people tell it apart by, such as ``host:port``; empty where nothing does.
        place: Where it was found, below the input.
        serves: Databases that clients ask for there, of a server that holds several; empty for
            the one that its key names.
        client_rules: Whether the document says which logins the server refuses.
    """

    _: KW_ONLY
    names: tuple[str, ...]
    proofs: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    place: str = ""
    serves: tuple[str, ...] = ()
    client_rules: bool = False


@dataclass(frozen=True, slots=True)
class Alias(End):
    """Somebody's word that two names are of one holder, or of two.

    Each name is an endpoint: a host with or without a port, or a database's name.

    Attributes:
        one: A name.
        other: The other one.
        same: They are of one; else of two.
        certain: It was said without reserve.
    """

    _: KW_ONLY
    one: Endpoint
    other: Endpoint
    same: bool = True
    certain: bool = True


_ALL: Final[tuple[type[End], ...]] = (
    *(Step, Work, Call, Interface, Container, Login, Account, Token, Trust),
    *(Project, Target, Writes, Would, Holder, Alias),
)
#: Types of ends by name; who registers a source of its own may add to them.
TYPES: Final[dict[str, type[End]]] = {one.__name__: one for one in _ALL}
