"""Where a value of a workflow or action comes from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field

from nhigraph.facts.values import (
    UNKNOWN,
    UNSET,
    Connection,
    Input,
    Literal,
    Local,
    Named,
    Output,
    Part,
    Port,
    Ref,
    Secret,
    Token,
    Unknown,
    Value,
    Variable,
    Within,
    any_of,
    otherwise,
    secrets,
)
from nhigraph.ingest.literals import Literals
from nhigraph.policy.github_actions import expressions
from nhigraph.policy.github_actions.expressions import Bindings, Path, Reference
from nhigraph.policy.scripts import connection_text
from nhigraph.policy.scripts.coordinates import (
    PLAIN,
    is_coordinate,
    is_input_coordinate,
    is_plain,
)
from nhigraph.policy.shell import SUBSTITUTED
from nhigraph.records import dataclass
from nhigraph.sources.github_actions.model import Pointer, texts_of
from nhigraph.sources.github_actions.secrets import ALL, secret_name
from nhigraph.sources.github_actions.shape import text

#: A text that is not kept.
_HIDDEN: Value = (Literal(),)

#: Place of an output's name: ``steps.ID.outputs.NAME``.
_OUTPUT = 3
#: Parts of a connection text that are kept, in the order of ``dsn``; they say where.
_WHERE = ("user", "host", "port", "dbname")
_SHOWN = re.compile(r"[^\s@#]{0,200}\Z")
_SHELL_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?[-=](?P<otherwise>[^}]*)|:?[?+][^}]*)?\})\Z")
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")


def _hidden(ref: Ref) -> Ref:
    """A literal without its text."""
    return Literal() if isinstance(ref, Literal) else ref


def _unbound(_: Path) -> None:
    """Nothing is known of a context path."""


def _unneeded(_: str, __: str) -> Value:
    """Nothing is known of what a job leaves."""
    return UNKNOWN


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values of one job or composite action.

    Attributes:
        secret_keys: Keys of the secrets a name may stand for.
        literals: Keeps the secrets that the file itself shows.
        told: Variables whose literals are kept: a tool takes them for where it works.
        bindings: Values that a context path may have, such as those of the job's matrix.
        outputs: By step and name, what steps read so far leave for those behind them.
        calling: Steps that call actions of the repository: their id to their number.
        needed: What another job leaves under a name.
    """

    secret_keys: Callable[[str], tuple[str, ...]]
    literals: Literals
    told: frozenset[str] = frozenset()
    bindings: Bindings = _unbound
    outputs: dict[tuple[str, str], Value] = field(default_factory=dict)
    calling: Mapping[str, int] = field(default_factory=dict)
    needed: Callable[[str, str], Value] = _unneeded

    def refs(self, value: object, env: Named, name: str = "", at: Pointer = ()) -> Value:
        """Where a value of the file comes from.

        Args:
            value: The value.
            env: Variables it may name.
            name: The variable or input it is given to.
            at: Its place; without one, a secret that it shows is not kept.
        """
        written = text(value)
        parts = expressions.embedded(written)
        if not parts:
            return self._literal(written, name, at)
        if any(part.expression is None for part in parts):
            return UNKNOWN
        first = parts[0]
        whole = len(parts) == 1 and not written[: first.start].strip()
        whole = whole and not written[first.end :].strip()
        if whole and isinstance(first.expression, Reference):
            found = self._reference(first.expression.path, env)
            if found == UNKNOWN:
                return self._worked_out(written, name, env)
            left = first.expression.path[0].lower() in ("steps", "needs", "jobs")
            return tuple(map(_hidden, found)) if left and not self._keeps(name) else found
        chosen = self._chosen(first.expression, env) if whole and first.expression else ()
        if chosen:
            return chosen
        within = [
            ref
            for part in parts
            if part.expression is not None
            for path in expressions.references(part.expression)
            for ref in self._reference(path, env)
        ]
        stated = self.connection(script(written), env, name, at)
        return (*_inside(within), *stated) or self._worked_out(written, name, env)

    def _chosen(self, expression: expressions.Expression, env: Named) -> Value:
        """One of several secrets, where a choice is all that an expression is; else nothing."""
        many = _outcomes(expression)
        if not all(isinstance(one, Reference | expressions.Literal) for one in many):
            return ()
        found = [self._reference(one.path, env) for one in many if isinstance(one, Reference)]
        held = [value for value in found if all(isinstance(ref, Secret) for ref in value)]
        return any_of(held) if held and len(held) == len(found) else ()

    def _keeps(self, name: str) -> bool:
        """Whether literals of a variable are kept; without a name it is an option's value."""
        return not name or name in self.told or is_coordinate(name)

    def _worked_out(self, written: str, name: str, env: Named) -> Value:
        """What expressions over the matrix, variables and choices come to, where that is known."""

        def known(path: Path) -> expressions.Values | None:
            found = self.bindings(path)
            return texts_of(self._reference(path, env)) if found is None else found

        found, complete = expressions.texts(written, known)
        whole = complete and found and all(not one or is_plain(one) for one in found)
        if not (self._keeps(name) and whole and any(found)):
            return UNKNOWN
        return tuple(Literal(one) for one in dict.fromkeys(found))

    def _literal(self, written: str, name: str, at: Pointer) -> Value:
        # GitHub puts no variable into another one's text.
        stated = self.connection(Script(written, ()), {}, name, at)
        if stated:
            return stated
        if name and (name in self.told or is_coordinate(name)) and is_plain(written):
            return (Literal(written),)
        secret = self.literals.of(name, written, at)
        return _HIDDEN if secret is None else (Secret(secret),)

    def connection(self, written: "Script", env: Named, name: str, at: Pointer) -> Value:
        """References of a connection text: who logs in where, with which secret as password."""
        said = connection_text.parts(written.text.strip())
        password = (said or {}).get("password", "")
        if said is None or not password:
            return ()
        mark = _PLACEHOLDER.fullmatch(password)
        if mark:
            passwords = self.refs(written.expressions[int(mark[1])], env)
        elif variable(password):
            passwords = env.get(variable(password) or "", ())
        else:
            key = self.literals.password(name or "connection", password, at)
            passwords = (Secret(key),) if key else ()
        user, host, port, database = (
            self._place(said.get(one, ""), written, env) for one in _WHERE
        )
        found = [ref.key for ref in passwords if isinstance(ref, Secret)]
        within = tuple(Within(key) for key in found) if not mark else ()
        of = connection_text.platform(written.text.strip())
        return (*within, *(Connection(user, host, port, database, key, of) for key in found))

    def _place(self, stated: str, written: "Script", env: Named) -> Part:
        """One part of a connection text."""
        mark = _PLACEHOLDER.fullmatch(stated)
        if mark:
            ref = self.refs(written.expressions[int(mark[1])], env)[0]
            return ref if isinstance(ref, Port) else Unknown()
        unclear = _PLACEHOLDER.search(stated) or "$" in stated or not _SHOWN.match(stated)
        return None if not stated else Unknown() if unclear else Literal(stated)

    def given(self, value: object, env: Named, name: str, at: Pointer = ()) -> Value:
        """Where the value of an input comes from; ``name`` is the input's."""
        found = self.refs(value, env)
        written = text(value)
        if found != _HIDDEN:
            # What its name tells to be a place is kept, as an option's value is.
            return self.refs(value, env, "" if is_input_coordinate(name) else name, at)
        if is_input_coordinate(name) and is_plain(written):
            return (Literal(written),)
        secret = self.literals.of(name, written, at)
        return found if secret is None else (Secret(secret),)

    def _reference(self, path: tuple[str, ...], env: Named) -> Value:
        root = path[0].lower()
        lower = tuple(part.lower() for part in path)
        if lower in (("github", "token"), ("secrets", "github_token")):
            return (Token(),)
        name = secret_name(path)
        if name:
            known = () if name == ALL else self.secret_keys(name)
            return tuple(Secret(key) for key in known) or UNKNOWN
        last = len(path) - 1
        found = UNKNOWN
        if root == "vars" and last == 1:
            found = (Variable(path[1].upper()),)
        elif root == "env" and last == 1:
            found = _named(env, path[1])
        elif (root == "inputs" and last == 1) or lower[:-1] == ("github", "event", "inputs"):
            found = (Input(path[-1].lower()),)
        elif root == "steps" and lower[2:3] == ("outputs",) and last == _OUTPUT:
            found = self.outputs.get((lower[1], lower[-1])) or self._called(lower)
        elif root in ("needs", "jobs") and lower[2:3] == ("outputs",) and last == _OUTPUT:
            found = self.needed(path[1], lower[-1])
        elif lower[:2] == ("job", "services") and lower[3:4] == ("ports",):
            found = (Port(path[2]),)
        return found

    def _called(self, path: tuple[str, ...]) -> Value:
        """What an action of the repository gives back to the step with that id."""
        step = self.calling.get(path[1])
        return UNKNOWN if step is None else (Output("", str(step), path[-1]),)

    def stated(self, value: object, env: Named, name: str, at: Pointer) -> Value:
        """What an output, or the default of an input, is; kept until it is known what takes it."""
        written = text(value)
        if "${{" in written:
            return self.refs(value, env, "", at)
        return self.output(written, Script(written, ()), env, name, at) if written else UNSET

    def word(
        self, word: str, script: "Script", env: Named, name: str = "", at: Pointer = ()
    ) -> Value:
        """Where a word of a script comes from."""
        found = _PLACEHOLDER.fullmatch(word)
        if found:
            return self.refs(script.expressions[int(found[1])], env, name, at)
        known = variable(word)
        if known:
            instead = fallback(word)
            if instead is not None:
                return otherwise(env.get(known, UNSET), self._literal(instead, name, at))
            given = env.get(known, UNKNOWN)
            return otherwise(given, UNKNOWN) if has_fallback(word) else given
        if _PLACEHOLDER.search(word) or "$" in word or SUBSTITUTED in word:
            return self._mixed(word, script, env, name, at)
        return self.refs(word, env, name, at)

    def output(self, word: str, script: "Script", env: Named, name: str, at: Pointer) -> Value:
        """What an output of a step may be; a plain word is kept until it is known what takes it.

        Args:
            word: The word of the script.
            script: The script.
            env: Variables that it may name.
            name: The output.
            at: The script's place.
        """
        if "$" in word or SUBSTITUTED in word or _PLACEHOLDER.search(word):
            return self.word(word, script, env, name, at)
        secret = self.literals.of(name, word, at)
        if secret is not None:
            return (Secret(secret),)
        return (Literal(word),) if is_plain(word) else _HIDDEN

    def _mixed(self, word: str, script: "Script", env: Named, name: str, at: Pointer) -> Value:
        within: list[Ref] = []
        for found in _PLACEHOLDER.finditer(word):
            within += self.refs(script.expressions[int(found[1])], env)
        for known in re.findall(r"\$\{?(\w+)", word):
            within += env.get(known, ())
        stated = self.connection(Script(word, script.expressions), env, name, at)
        return tuple(dict.fromkeys([*_inside(within), *stated])) or UNKNOWN

    def option(self, word: str, script: "Script", env: Named, *, secret: bool = False) -> Value:
        """An option's value; a variable of the step stays one.

        What a word says to stand where that is not set is kept unless it may be ``secret``.
        """
        known = variable(word)
        if known and not secret and has_fallback(word) and fallback(word) is None:
            return self.word(word, script, env)
        if known:
            return (Local(known, None if secret else fallback(word)),)
        if "$" in word or SUBSTITUTED in word:
            return UNKNOWN
        if _PLACEHOLDER.fullmatch(word):
            found = self.word(word, script, env)
            return UNKNOWN if found == _HIDDEN else found
        if _PLACEHOLDER.search(word):
            return UNKNOWN if secret else self._worked_out(script.filled(word), "", env)
        return (Literal(word),)


def _outcomes(expression: expressions.Expression) -> tuple[expressions.Expression, ...]:
    """What an expression may come to, each as it stands there: ``a && b || c`` is b or c."""
    if not isinstance(expression, expressions.Operation) or expression.operator not in (
        "&&",
        "||",
    ):
        return (expression,)
    left, right = expression.operands
    chosen = (*_outcomes(left), *_outcomes(right))
    return _outcomes(right) if expression.operator == "&&" else chosen


def env_names(written: str) -> Iterator[str]:
    """Variables that expressions of a text name, and inputs as ``inputs.NAME``."""
    for part in expressions.embedded(written) if "${{" in written else ():
        for path in expressions.references(part.expression) if part.expression else ():
            if path[0].lower() == "env" and len(path) > 1:
                yield path[1]
            elif path[0].lower() == "inputs" and len(path) > 1:
                yield as_input(path[1])


def as_input(name: str) -> str:
    """An input as it stands among the variables that tools take for a place."""
    return f"inputs.{name.lower()}"


def _named(env: Named, name: str) -> Value:
    """A variable, however an expression spells it."""
    if name in env:
        return env[name]
    return next((value for own, value in env.items() if own.lower() == name.lower()), UNKNOWN)


def _inside(refs: Iterable[Ref]) -> Iterator[Within]:
    """The secrets that a text is made of, once each."""
    found = {key for key, _ in secrets(tuple(refs))}
    return (Within(key) for key in sorted(found))


def variable(word: str) -> str | None:
    """The variable that a word of a script is, if it is one."""
    found = _SHELL_VARIABLE.match(word)
    return (found[1] or found[2]) if found else None


def has_fallback(word: str) -> bool:
    """Whether something stands where the variable that a word is has not been set."""
    found = _SHELL_VARIABLE.match(word)
    return found is not None and bool(found["otherwise"])


def fallback(word: str) -> str | None:
    """The text that stands where the variable that a word is has not been set, if any does."""
    found = _SHELL_VARIABLE.match(word)
    if found and (found[2] or "").isdigit():
        return None  # What a script or ``set`` is given is followed nowhere.
    otherwise = found["otherwise"] if found else None
    return otherwise if otherwise and PLAIN.match(otherwise) else None


@dataclass(frozen=True, slots=True)
class Script:
    """A script whose expressions are replaced by marks that no shell treats specially."""

    text: str
    expressions: tuple[str, ...]

    def filled(self, word: str) -> str:
        """A word with its expressions put back."""
        return _PLACEHOLDER.sub(lambda found: self.expressions[int(found[1])], word)


def script(written: str) -> Script:
    """Take the expressions out of a script."""
    pieces: list[str] = []
    taken: list[str] = []
    at = 0
    for part in _spans(written):
        pieces += (written[at : part[0]], f"\ue000{len(taken)}\ue001")
        taken.append(written[part[0] : part[1]])
        at = part[1]
    pieces.append(written[at:])
    return Script("".join(pieces), tuple(taken))


def _spans(written: str) -> Iterator[tuple[int, int]]:
    for part in expressions.embedded(written):
        if part.end > part.start:
            yield part.start, part.end
