"""Where a value comes from, as one word: the grammar of ``REF`` in the package's docstring."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nhigraph.policy.github_actions import expressions
from nhigraph.policy.github_actions.expressions import Reference
from nhigraph.policy.github_actions.shell import SUBSTITUTED
from nhigraph.sources.github_actions.secrets import ALL, secret_name
from nhigraph.sources.github_actions.shape import text

Refs = tuple[str, ...]
Env = Mapping[str, Refs]

#: Variables that say where and as whom a database tool connects. Only their literals are kept:
#: of any other variable a literal may be a secret.
_COORDINATE = re.compile(
    r"(?:PG(?:HOST|HOSTADDR|PORT|USER|DATABASE|SERVICE)|TF_WORKSPACE"
    r"|(?:DBT|DB|PG|POSTGRES|POSTGRESQL|REDSHIFT|SNOWFLAKE|DATABASE|WAREHOUSE)_(?:HOST|HOSTNAME"
    r"|PORT|USER|USERNAME|DATABASE|DBNAME|DB|NAME|SCHEMA|TARGET|PROFILE|PROFILES_DIR"
    r"|PROJECT_DIR|ACCOUNT|WAREHOUSE|ROLE))\Z"
)
#: Inputs of actions and called workflows that say the same, and which environment is meant.
_INPUT = re.compile(
    r"(?:(?:DB|PG|POSTGRES|POSTGRESQL|DATABASE|DBT)_)?(?:HOST|HOSTNAME|USER|USERNAME|LOGIN"
    r"|DATABASE|DBNAME|DB|ROLE|TARGET|PROFILE|PROFILES_DIR|PROJECT_DIR)\Z|.*ENV(?:IRONMENT)?"
    r"(?:_NAME)?\Z"
)
_PLAIN = re.compile(r"[\w./@+-]{1,80}\Z")
#: A connection text whose password is an expression; everything else in it says where.
#: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
_CONNECTION = re.compile(
    r"(?:postgres|postgresql|redshift)(?:\+\w+)?://(?P<user>[^:@/?#\s]{1,80}):(?P<password>[^@/\s]+)@"
    r"(?P<host>[^:/?#@\s]{1,200})(?::[^/\s]{1,40})?/(?P<database>[^?#\s]{1,80})(?:\?.*)?\Z",
    re.DOTALL,
)
_SHELL_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?[-?=+][^}]*)?\})\Z")
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")


def encode(literal: str) -> str:
    """A literal with the marks of the grammar escaped."""
    return re.sub(r"[%;=:|\x00-\x1f\x7f]", lambda m: f"%{ord(m[0]):02X}", literal)


def is_coordinate(name: str) -> bool:
    """Whether a literal of this variable says where something is, not a secret."""
    return _COORDINATE.match(name.upper()) is not None


def is_input_coordinate(name: str) -> bool:
    """The same of an input, whose names are written in many ways."""
    return _INPUT.match(name.upper().replace("-", "_")) is not None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values of one job or composite action.

    Attributes:
        secret_keys: Keys of the secrets a name may stand for.
        told: Variables whose literals are kept: a tool takes them for where it works.
    """

    secret_keys: Callable[[str], tuple[str, ...]]
    told: frozenset[str] = frozenset()

    def refs(self, value: object, env: Env, name: str = "") -> Refs:
        """Where a value of the file comes from; ``name`` is the variable it is given to."""
        written = text(value)
        parts = expressions.embedded(written)
        if not parts:
            keep = name and (name in self.told or is_coordinate(name)) and _PLAIN.match(written)
            return (f"literal:{encode(written)}",) if keep else ("literal",)
        if any(part.expression is None for part in parts):
            return ("expression",)
        first = parts[0]
        whole = len(parts) == 1 and not written[: first.start].strip()
        whole = whole and not written[first.end :].strip()
        if whole and isinstance(first.expression, Reference):
            return self._reference(first.expression.path, env)
        within = [
            ref
            for part in parts
            if part.expression is not None
            for path in expressions.references(part.expression)
            for ref in self._reference(path, env)
        ]
        secret = sorted({ref for ref in within if ref.startswith(("secret:", "within:"))})
        parts_of = tuple(f"within:{ref.removeprefix('within:')}" for ref in secret)
        return (*parts_of, *self._connection(written, env)) or ("expression",)

    def _connection(self, written: str, env: Env) -> Refs:
        """``dsn:`` references of a connection text: who logs in where, with which secret."""
        taken = script(written)
        found = _CONNECTION.match(taken.text.strip())
        mark = _PLACEHOLDER.fullmatch(found["password"]) if found else None
        if found is None or mark is None:
            return ()
        known = [found[name] for name in ("user", "host", "database")]
        where = ";".join("?" if _PLACEHOLDER.search(one) else encode(one) for one in known)
        passwords = self.refs(taken.expressions[int(mark[1])], env)
        return tuple(f"dsn:{where};{ref}" for ref in passwords if ref.startswith("secret:"))

    def given(self, value: object, env: Env, name: str) -> Refs:
        """Where the value of an input comes from; ``name`` is the input's."""
        found = self.refs(value, env)
        written = text(value)
        keep = found == ("literal",) and is_input_coordinate(name) and _PLAIN.match(written)
        return (f"literal:{encode(written)}",) if keep else found

    def _reference(self, path: tuple[str, ...], env: Env) -> Refs:
        root = path[0].lower()
        lower = tuple(part.lower() for part in path)
        if lower in (("github", "token"), ("secrets", "github_token")):
            return ("token",)
        name = secret_name(path)
        if name:
            known = () if name == ALL else self.secret_keys(name)
            return tuple(f"secret:{key}" for key in known) or ("expression",)
        last = len(path) - 1
        if root == "vars" and last == 1:
            return (f"var:{path[1].upper()}",)
        if root == "env" and last == 1:
            return env.get(path[1], ("expression",))
        if (root == "inputs" and last == 1) or lower[:-1] == ("github", "event", "inputs"):
            return (f"input:{path[-1].lower()}",)
        return ("expression",)

    def word(self, word: str, script: "Script", env: Env, name: str = "") -> Refs:
        """Where a word of a script comes from."""
        found = _PLACEHOLDER.fullmatch(word)
        if found:
            return self.refs(script.expressions[int(found[1])], env, name)
        known = variable(word)
        if known:
            return env.get(known, ("expression",))
        if _PLACEHOLDER.search(word) or "$" in word or SUBSTITUTED in word:
            return self._mixed(word, script, env)
        return self.refs(word, env, name)

    def _mixed(self, word: str, script: "Script", env: Env) -> Refs:
        within: set[str] = set()
        for found in _PLACEHOLDER.finditer(word):
            within |= set(self.refs(script.expressions[int(found[1])], env))
        for known in re.findall(r"\$\{?(\w+)", word):
            within |= set(env.get(known, ()))
        secret = sorted(
            ref.removeprefix("within:") for ref in within if ref.startswith(("secret:", "within:"))
        )
        return tuple(f"within:{ref}" for ref in secret) or ("expression",)

    def option(self, word: str, script: "Script", env: Env) -> str:
        """An option's value in the grammar of ``runs``: literal, variable, REF or ``?``."""
        known = variable(word)
        if known:
            return f"env:{known}"
        if "$" in word or SUBSTITUTED in word:
            return "?"
        if _PLACEHOLDER.fullmatch(word):
            found = self.word(word, script, env)
            return "|".join(found) if found not in (("expression",), ("literal",)) else "?"
        return "?" if _PLACEHOLDER.search(word) else encode(word)


def variable(word: str) -> str | None:
    """The variable that a word of a script is, if it is one."""
    found = _SHELL_VARIABLE.match(word)
    return (found[1] or found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Script:
    """A script whose expressions are replaced by marks that no shell treats specially."""

    text: str
    expressions: tuple[str, ...]


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
