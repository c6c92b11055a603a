"""Where a value in a job comes from: the file, a variable that GitLab keeps, the job's own token.

A variable's value may name others, which GitLab puts in, at any depth, before the job's shell sees
it; with ``expand: false`` it does not (https://docs.gitlab.com/ci/variables/where_variables_can_be_used/).
``$$`` is a dollar sign. What a file names and nowhere defines is a variable of the project, its
groups or the server, one of the shell, or nothing: no file says which. Those of a name that says
so are credentials (``policy.gitlab_ci.predefined``); of any other its name is kept.

Easily guessed wrong: a variable of the project goes before one of the same name in the file, and
one that somebody gives a run goes before both
(https://docs.gitlab.com/ci/variables/#cicd-variable-precedence, read 28 November 2026). What the
file writes is taken to stand as long as no listing shows otherwise.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field

from nhigraph.facts.keys import gitlab
from nhigraph.facts.values import (
    UNKNOWN,
    UNSET,
    Connection,
    Literal,
    Local,
    Named,
    Ref,
    Secret,
    Token,
    Unknown,
    Value,
    Variable,
    Within,
    otherwise,
    secrets,
)
from nhigraph.facts.values import Part as Stated
from nhigraph.ingest.document import Document
from nhigraph.ingest.literals import Literals, Written, is_secret
from nhigraph.policy.gitlab_ci import predefined
from nhigraph.policy.scripts import connection_text
from nhigraph.policy.scripts.coordinates import PLAIN, is_coordinate
from nhigraph.policy.shell import SUBSTITUTED
from nhigraph.records import dataclass
from nhigraph.sources.gitlab_ci.model import Job
from nhigraph.sources.gitlab_ci.tree import Place

#: A name behind a dollar sign; two of these signs are one that names nothing.
NAMED = re.compile(r"\$\$|\$(?:(?P<plain>\w+)|\{(?P<braced>\w+)(?P<rest>[^}]*)\})")
_WHOLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?[-=](?P<otherwise>[^}]*)|:?[?+][^}]*)?\})\Z")
#: An input of the file that nobody gives.
OPEN_INPUT = "$[["
_WHERE = ("user", "host", "port", "dbname")
_SHOWN = re.compile(r"[^\s@#]{0,200}\Z")
_HIDDEN: Value = (Literal(),)
_DEEPEST, _MOST_TEXTS = 10, 64
_DOLLAR = frozenset({"$"})


@dataclass
class Shown:
    """Secrets that files of a project show, by file.

    Attributes:
        repository: Name of the project.
    """

    repository: str
    _files: dict[str, Written] = field(default_factory=dict)

    def of(self, doc: Document) -> Written:
        """Those of one file."""
        return self._files.setdefault(doc.artifact, Written(doc, self.repository))


@dataclass
class Reader:
    """Reads values of one job.

    Attributes:
        job: The job.
        shown: Secrets that files show.
        own: Passwords that containers beside the job are given as theirs.
        told: Variables that tools take for where they work.
        given_as_password: Variables that are handed over as a password, whatever they are called.
        handed: Variables that it has from elsewhere, by name: tokens, secrets of stores.
        holder: Key of what holds a variable that the file does not define.
        asked: Variables of GitLab's that it asks for, and the first place.
        unnamed: Those that a client takes although nothing names them, alike.
        assigned: Variables that scripts set themselves.
        left: What earlier jobs leave for it by name, ``UNSET`` among it where that may be nothing.
    """

    job: Job
    shown: Shown
    own: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    given_as_password: frozenset[str] = frozenset()
    handed: Mapping[str, Value] = field(default_factory=dict)
    holder: Callable[[str], str] = str
    asked: dict[str, Place] = field(default_factory=dict)
    unnamed: dict[str, Place] = field(default_factory=dict)
    assigned: frozenset[str] = frozenset()
    left: Named = field(default_factory=dict)
    _literals: dict[str, Literals] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)
    #: What was found already: variables that name others many times are followed once.
    _values: dict[str, Value] = field(default_factory=dict)
    _known: dict[str, frozenset[str] | None] = field(default_factory=dict)

    def literals(self, doc: Document) -> Literals:
        """Secrets of one file that the job shows."""
        found = self._literals.get(doc.artifact)
        if found is None:
            found = self._literals[doc.artifact] = Literals(self.shown.of(doc), self.own)
        return found

    @property
    def shows(self) -> Iterator[Literals]:
        """Secrets that files show for it."""
        yield from self._literals.values()

    # -- texts ----------------------------------------------------------------------------------

    def texts(self, text: str, depth: int = 0) -> frozenset[str] | None:
        """All that a text may come to; None where that is not known."""
        if OPEN_INPUT in text:
            return None
        found: set[str] = {""}
        at = 0
        for named in NAMED.finditer(text):
            name = named["plain"] or named["braced"] or ""
            each = _DOLLAR if named[0] == "$$" else self._name_texts(name, depth)
            if each is None or named["rest"] or len(found) * len(each) > _MOST_TEXTS:
                return None
            found = {one + text[at : named.start()] + other for one in found for other in each}
            at = named.end()
        return frozenset(one + text[at:] for one in found)

    def _name_texts(self, name: str, depth: int) -> frozenset[str] | None:
        parts = self.job.variables.get(name)
        if parts is None:
            known = self.predefined(name)
            return None if known is None else frozenset({known})
        if name not in self._known:
            # What is asked again while it is looked for goes in a circle.
            self._known[name] = None
            raw = self.job.is_raw(name) or depth >= _DEEPEST
            each = [
                frozenset({part.text}) if raw else self.texts(part.text, depth + 1)
                for part in parts
            ]
            whole = None if None in each else [text for one in each if one for text in one]
            deep = depth >= _DEEPEST and any("$" in part.text for part in parts)
            self._known[name] = None if whole is None or deep else frozenset(whole)
        return self._known[name]

    def predefined(self, name: str) -> str | None:
        """A predefined variable that the project's address decides."""
        own = self.job.pipeline.repository
        if name == "CI_PROJECT_DIR":
            return "."
        known = {
            "CI_PROJECT_PATH": own.project,
            "CI_PROJECT_NAME": own.name,
            "CI_PROJECT_NAMESPACE": own.project.rpartition("/")[0],
            "CI_PROJECT_ROOT_NAMESPACE": own.project.partition("/")[0],
            "CI_SERVER_HOST": own.host,
        }
        return None if own.is_local else known.get(name)

    # -- references -----------------------------------------------------------------------------

    def variable(self, name: str) -> Value:
        """Where a variable of the job comes from."""
        if name in self.handed:
            return self.handed[name]
        if name not in self.left:
            return self._written(name)
        known = self.left[name]
        if name not in self.told and not is_coordinate(name):
            known = tuple(Literal() if isinstance(ref, Literal) else ref for ref in known)
        written = name in self.job.variables
        return otherwise(known, self._written(name)) if written else known

    def _written(self, name: str) -> Value:
        """What the file says of it."""
        parts = self.job.variables.get(name)
        if parts is None or name in self._open:
            return self._outside(name)
        if name not in self._values:
            self._open.add(name)
            raw = self.job.is_raw(name)
            each = [self.refs(part.text, name, part.place, raw=raw) for part in parts]
            self._open.discard(name)
            self._values[name] = tuple(dict.fromkeys(ref for refs in each for ref in refs))
        return self._values[name]

    def of_job(self, name: str) -> Value | None:
        """What the file or whoever hands something over gives a variable; None for nothing."""
        given = name in self.handed or name in self.job.variables or name in self.left
        return self.variable(name) if given else None

    def _outside(self, name: str, place: Place | None = None) -> Value:
        if name in predefined.JOB_TOKENS:
            return (Token(),)
        if name in self.assigned or name.isdigit():
            return UNKNOWN
        if self._is_credential(name):
            self.asked.setdefault(name, place or self.job.part.place)
            return (Secret(self.holder(name)),)
        if predefined.is_predefined(name):
            known = self.predefined(name)
            return UNKNOWN if known is None else (Literal(known),)
        return (Variable(name),)

    def _is_credential(self, name: str) -> bool:
        """Whether a variable that no file defines holds a credential: by its name or its use."""
        if is_secret(name) or predefined.names_credential(name):
            return True
        return name in self.given_as_password and not predefined.is_predefined(name)

    def refs(self, text: str, name: str, place: Place, *, raw: bool = False) -> Value:
        """Where a text that is given to a variable comes from.

        Args:
            text: The text.
            name: The variable.
            place: Where it is written.
            raw: Dollar signs in it are no names.
        """
        if not text:
            return UNSET
        if OPEN_INPUT in text:
            return UNKNOWN
        names = [] if raw else [*names_in(text)]
        if not names:
            return self._literal(text, name, place)
        whole = _WHOLE.match(text.strip())
        if whole:
            return self.named(whole[1] or whole[2], place)
        within = [ref for one in names for ref in self.named(one, place)]
        stated = self.connection(text, name, place)
        known = self.texts(text) if not stated and is_coordinate(name) else None
        if known and all(PLAIN.match(one) for one in known):
            return tuple(Literal(one) for one in sorted(known))
        return (*_inside(within), *stated) or UNKNOWN

    def named(self, name: str, place: Place) -> Value:
        """Where a variable comes from that a place names."""
        found = self.variable(name)
        if self.asked.get(name) == self.job.part.place:
            # The place that asks says more than the job's.
            self.asked[name] = place
        return found

    def _literal(self, text: str, name: str, place: Place) -> Value:
        stated = self.connection(text, name, place)
        if stated:
            return stated
        if (name in self.told or is_coordinate(name)) and PLAIN.match(text):
            return (Literal(text),)
        secret = self.literals(place.doc).of(name, text, place.at)
        return _HIDDEN if secret is None else (Secret(secret),)

    def connection(self, text: str, name: str, place: Place) -> Value:
        """References of a connection text: who logs in where, with which secret as password."""
        said = connection_text.parts(text.strip())
        password = (said or {}).get("password", "")
        if said is None or not password:
            return ()
        whole = _WHOLE.match(password)
        if whole:
            found = self.named(whole[1] or whole[2], place)
        else:
            doc = place.doc
            key = self.literals(doc).password(name or "connection", password, place.at)
            found = (Secret(key),) if key else ()
        user, host, port, database = (self._stated(said.get(one, ""), place) for one in _WHERE)
        whose = [ref.key for ref in found if isinstance(ref, Secret)]
        within = tuple(Within(key) for key in whose)
        of = connection_text.platform(text.strip())
        return (*within, *(Connection(user, host, port, database, key, of) for key in whose))

    def _stated(self, stated: str, place: Place) -> Stated:
        """One part of a connection text."""
        if not stated:
            return None
        if "$" in stated:
            for one in names_in(stated):
                self.named(one, place)
            known = self.texts(stated)
            if known is None or len(known) != 1:
                return Unknown()
            stated = next(iter(known))
        return Unknown() if SUBSTITUTED in stated or not _SHOWN.match(stated) else Literal(stated)

    # -- scripts --------------------------------------------------------------------------------

    def word(self, word: str, name: str, place: Place, env: Mapping[str, Value]) -> Value:
        """Where a word of a script comes from, in a shell with some variables of its own."""
        whole = _WHOLE.match(word)
        if whole:
            one = whole[1] or whole[2]
            instead = fallback(word)
            unset = self._literal(instead, name, place) if instead else ()
            found = env[one] if one in env else self.named(one, place)
            return _or_else(found, unset)
        if "$" not in word and SUBSTITUTED not in word:
            return self._literal(word, name, place)
        within = [
            ref
            for one in names_in(word)
            for ref in (env[one] if one in env else self.named(one, place))
        ]
        stated = self.connection(word, name, place)
        return tuple(dict.fromkeys([*_inside(within), *stated])) or UNKNOWN

    def printed(self, word: str, name: str, place: Place, env: Named) -> Value:
        """What a script prints for later jobs; a plain word is kept until they say what takes it.

        A secret that is written out there is no word to keep.
        """
        if "$" in word or SUBSTITUTED in word:
            return self.word(word, name, place, env)
        plain = PLAIN.match(word) and self.literals(place.doc).of(name, word, place.at) is None
        return (Literal(word),) if plain else _HIDDEN

    def option(self, word: str, place: Place, env: Named, *, secret: bool = False) -> Value:
        """An option's value; a variable that the script or the job sets stays one.

        What neither does is the project's, a group's or the server's, or nothing: then a word
        may say what stands there, which is kept unless it may be ``secret``.
        """
        whole = _WHOLE.match(word)
        if whole:
            name = whole[1] or whole[2]
            found = self.named(name, place)
            instead = None if secret else fallback(word)
            if name in env:
                return (Local(name, instead),)
            return _or_else(found, (Literal(instead),) if instead else ())
        if SUBSTITUTED in word:
            return UNKNOWN
        if "$" in word:
            known = self.texts(word)
            return UNKNOWN if known is None else tuple(map(Literal, sorted(known)))
        return (Literal(word),)


def _or_else(value: Value, unset: Value) -> Value:
    """A value, with what stands where its variable is not set, which no file may say."""
    found = otherwise(value, unset) if unset else value
    perhaps = any(isinstance(ref, Variable) for ref in value)
    return tuple(dict.fromkeys((*found, *unset))) if perhaps else found


def fallback(word: str) -> str | None:
    """The text that stands where the variable that a word is has not been set, if any does."""
    found = _WHOLE.match(word)
    if found and (found[2] or "").isdigit():
        return None  # What a script or ``set`` is given is followed nowhere.
    otherwise = found["otherwise"] if found else None
    return otherwise if otherwise and PLAIN.match(otherwise) else None


def names_in(text: str) -> Iterator[str]:
    """Variables that a text names."""
    for found in NAMED.finditer(text):
        name = found["plain"] or found["braced"]
        if name:
            yield name


def _inside(refs: Iterable[Ref]) -> Iterator[Within]:
    """The secrets that a text is made of, once each."""
    found = {key for key, _ in secrets(tuple(refs))}
    return (Within(key) for key in sorted(found))


def holder_of(repository: gitlab.Repository) -> Callable[[str], str]:
    """Keys of variables that a project's jobs see, whoever keeps them."""
    return lambda name: gitlab.RepositorySecret(repository, name).text
