"""Which role a run logs in as, and with which secret.

libpq's own variables and options say it for psql and for every program that uses libpq
(https://www.postgresql.org/docs/current/libpq-envars.html); dbt's profile says it for dbt. Other
variables, such as ``DB_USER`` and ``DB_PASSWORD``, are read so only where an export shows the
role, and what they say is assumed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from nhigraph.facts import ends, keys, values
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.values import UNKNOWN, Connection, Literal, Local, Part, Secret, Value
from nhigraph.joins.connections import Dbt
from nhigraph.joins.containers import Containers, is_local
from nhigraph.joins.runs import Run, repository_of
from nhigraph.joins.servers import Servers, roles
from nhigraph.joins.view import View
from nhigraph.policy.dbt import connects
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty

_POSTGRES = "postgres"
#: Tools that connect to PostgreSQL by their own options, then by libpq's variables.
_LIBPQ_TOOLS = frozenset({"psql", "pg_dump", "pg_restore"})
#: Adapters whose roles belong to a database and log in under their own name.
ROLE_PLATFORMS = frozenset({"postgres", "redshift", "greenplum", "cockroachdb", "materialize"})
_PREFIX = re.compile(r"(?P<prefix>(?:[A-Z0-9]+_)*)(?:USER|USERNAME)\Z")
_PASSWORDS = ("PASSWORD", "PASS", "PWD")
_HOSTS = ("HOST", "HOSTNAME", "HOSTADDR")
_DATABASES = ("DATABASE", "DBNAME", "DB", "NAME")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client connects and as whom; None for what it is not told."""

    user: Value | None = None
    host: Value | None = None
    port: Value | None = None
    database: Value | None = None
    password: Value | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """One way a run logs in.

    Attributes:
        run: The run.
        role: Key of the role; empty where it is not known.
        acts_as: Key of the role that the session then takes, if another one.
        user: The role's name.
        database: Where it logs in; empty where it is not known.
        host: Server, where that is known.
        port: Its port, likewise.
        server: Holder of the role.
        secrets: Keys of the secrets that may be its password, each with whether it is that alone.
        password: Whether there is a password at all.
        local: Whether the server is on the machine that runs the job, or seems to be.
        own: Whether the server is the job's own container: its roles are nobody else's.
        certainty: How sure it is that the secret opens the role.
        condition: On which condition.
        why: What is not known, where the role is not.
        because: Further places it rests on.
    """

    run: Run
    role: str = ""
    acts_as: str = ""
    user: str = ""
    database: str = ""
    host: str = ""
    port: str = ""
    server: keys.Database | None = None
    secrets: tuple[tuple[str, bool], ...] = ()
    password: bool = True
    local: bool = False
    own: bool = False
    certainty: Certainty = Certainty.CERTAIN
    condition: str = ""
    why: str = ""
    because: tuple[Evidence, ...] = ()

    def under(self, condition: str) -> "Login":
        """The login on a further condition; an empty one changes nothing."""
        if not condition:
            return self
        both = f"{self.condition} and {condition}" if self.condition else condition
        weaker = Certainty.CONDITIONAL if self.certainty is Certainty.CERTAIN else self.certainty
        return replace(self, condition=both, certainty=weaker)


@dataclass
class Logins:
    """Reads logins off runs.

    Attributes:
        view: The graph.
        dbt: Its connections.
        servers: Servers whose exports were read.
    """

    view: View
    dbt: Dbt
    servers: Servers
    _beside: dict[int, Containers] = field(default_factory=dict)

    def of(self, run: Run) -> Iterator[Login]:
        """Logins of a run: of dbt by its profile, of everything else by options and variables."""
        if run.tool.partition(" ")[0] == "dbt" and not run.opaque:
            open_ = connects(run.tool, run.options)
            for found in self.dbt.opened(run):
                for one in self._by_profile(run, found.node):
                    login = one.under(found.condition)
                    # Without a connection nobody logs in; what it says of a secret stands.
                    if open_ or login.secrets:
                        yield login
        else:
            yield from self._by_variables(run)

    def _answered(self, platform: str, login: Login, taken: str = "") -> Iterator[Login]:
        """The login at each server that may be meant; ``taken`` is the role a session takes."""
        where = self.servers.accounts(platform, login.host, login.port, login.database)
        for database, condition in where:
            role, acts_as = roles(database, login.user, taken)
            yield replace(login, role=role, acts_as=acts_as, server=database).under(condition)

    # -- dbt ------------------------------------------------------------------------------------

    def _by_profile(self, run: Run, node: int) -> Iterator[Login]:
        for stated in self.view.ends(node, ends.Login):
            yield from self._stated(run, node, stated)

    def _stated(self, run: Run, node: int, stated: ends.Login) -> Iterator[Login]:
        """What a profile says, with the run's variables in it."""
        where = stated.endpoint
        user, database, host, port = (
            values.literal(values.settled(one, run.env))
            for one in (stated.user, where.database, where.host, where.port)
        )
        passwords = self._passwords(run, node, stated)
        login = Login(
            run,
            user=user or "",
            database=database or "",
            host=host or "",
            port=port or "",
            secrets=passwords,
            password=bool(passwords) or bool(stated.password),
            local=is_local(host or ""),
            because=_places(stated, "user", "database", "password"),
        )
        at = _known(host) or (UNKNOWN if where.host else None)
        condition = self._containers(run.job).answer(at, _known(port))
        if condition is None:
            yield replace(login, own=True)
            return
        disputed = self._disputed(node)
        if disputed:
            yield replace(login, why=f"records disagree on its {' and '.join(disputed)}")
        elif where.platform not in ROLE_PLATFORMS:
            why = f"which identity a {where.platform} connection has is not read"
            yield replace(login, why=why)
        elif user is None or database is None:
            missing = "user" if user is None else "database"
            yield replace(login, why=f"the {missing} of the connection is not in the files")
        else:
            # dbt sends SET ROLE first (https://docs.getdbt.com/docs/core/connect-data-platform).
            taken = values.literal(values.settled(stated.role, run.env)) or ""
            yield from self._answered(where.platform, login.under(condition), taken)

    def _disputed(self, node: int) -> list[str]:
        """Fields on which several records of one connection disagree."""
        many = self.view.ends(node, ends.Login)
        found: dict[str, set[object]] = {
            "platform": {one.endpoint.platform for one in many},
            "host": {one.endpoint.host for one in many},
            "database": {one.endpoint.database for one in many},
            "user": {one.user for one in many},
            "role": {one.role for one in many},
        }
        return [name for name, said in found.items() if len(said) > 1]

    def _passwords(self, run: Run, node: int, stated: ends.Login) -> tuple[tuple[str, bool], ...]:
        found: dict[str, bool] = {}
        for name in variables_of(stated.password):
            found |= dict(run.secrets(run.env.get(name)))
        stored = keys.Stored(self.view.key(node), "password").text
        if self.view.node(stored) is not None and not found:
            found[stored] = True
        return tuple(found.items())

    # -- variables ------------------------------------------------------------------------------

    def _by_variables(self, run: Run) -> Iterator[Login]:
        env, options = run.env, run.options
        named = run.tool in _LIBPQ_TOOLS
        texts = options.get("connection") if named else None
        secrets = run.secrets(texts)
        if secrets:
            places = [self._place(run, one) for one in values.connections(texts)]
            found = [one for place in places for one in self._libpq(run, place)]
            why = "which role the connection text names is not in the files"
            yield from found or [Login(run, secrets=tuple(secrets), why=why)]
        elif named or "PGUSER" in env or "PGPASSWORD" in env:
            own = options if named else {}
            yield from self._libpq(
                run,
                Place(
                    own.get("user") or env.get("PGUSER"),
                    env.get("PGHOSTADDR") or own.get("host") or env.get("PGHOST"),
                    own.get("port") or env.get("PGPORT"),
                    own.get("dbname") or texts or env.get("PGDATABASE"),
                    own.get("password") or env.get("PGPASSWORD"),
                ),
            )
        if not named:
            for refs in env.values():
                for stated in values.connections(refs):
                    yield from self._libpq(run, self._place(run, stated))
            yield from self._assumed(run)

    def _libpq(self, run: Run, to: Place) -> Iterator[Login]:
        name, where = values.literal(to.user), values.literal(to.database)
        host = values.literal(to.host) or ""
        login = Login(
            run,
            user=name or "",
            database=where or "",
            host=host,
            port=values.literal(to.port) or "",
            secrets=tuple(run.secrets(to.password)),
            password=to.password is not None,
            local=is_local(host),
        )
        condition = self._containers(run.job).answer(to.host, to.port)
        if condition is None:
            yield replace(login, own=True)
            return
        if name is None:
            yield replace(login, why="as which role it connects is not in the files")
            return
        if where is not None:
            yield from self._answered(_POSTGRES, login.under(condition))
            return
        known = self._by_name.get(name, [])
        if len(known) != 1:
            yield replace(login, why="to which database it connects is not in the files")
            return
        guess = "the database is the one whose export was read"
        yield replace(login, role=known[0]).under(guess).under(condition)

    @staticmethod
    def _place(run: Run, stated: Connection) -> Place:
        """A connection text's; libpq adds its variables for what the text leaves out."""

        def part(one: Part) -> Value | None:
            return None if one is None else (one,)

        return Place(
            part(stated.user),
            run.env.get("PGHOSTADDR") or part(stated.host),
            part(stated.port),
            part(stated.database),
            (Secret(stated.secret),),
        )

    def _containers(self, job: int) -> Containers:
        if job not in self._beside:
            self._beside[job] = Containers(self.view, job)
        return self._beside[job]

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """Keys of PostgreSQL's roles by their names."""
        found: dict[str, list[str]] = {}
        for node in self.view.of_kind(k.DATABASE_ROLE):
            key = self.view.parsed(node)
            if isinstance(key, keys.Role) and key.database.platform == _POSTGRES:
                found.setdefault(key.name, []).append(key.text)
        return found

    def _assumed(self, run: Run) -> Iterator[Login]:
        for variable in sorted(run.env):
            match = _PREFIX.match(variable)
            if match is None or variable == "PGUSER":
                continue
            prefix = match["prefix"]
            password = next(
                (run.env[prefix + p] for p in _PASSWORDS if prefix + p in run.env), None
            )
            database = next(
                (run.env[prefix + d] for d in _DATABASES if prefix + d in run.env), None
            )
            host = next((run.env[prefix + h] for h in _HOSTS if prefix + h in run.env), UNKNOWN)
            port = run.env.get(f"{prefix}PORT")
            place = Place(run.env[variable], host, port, database, password)
            for login in self._libpq(run, place):
                known = login.database and self.view.node(login.role) is not None
                if login.secrets and (login.own or known):
                    beside = f"{variable} and the password beside it"
                    reason = f"{beside} are one login to {login.database}"
                    yield replace(login.under(reason), certainty=Certainty.ASSUMED)

    def by_name(self, run: Run) -> Iterator[Login]:
        """Logins by a profile of the repository that reads a variable the run has.

        For runs that do not say that they run dbt: a script, a target, an action.
        """
        repository = self.dbt.jobs.home(run)
        for node in self.dbt.connections:
            if repository_of(self.view.text(node, "repository")) != repository:
                continue
            for stated in self.view.ends(node, ends.Login):
                asked = variables_of(stated.password)
                if any(run.secrets(run.env.get(variable)) for variable in asked):
                    reason = f"it runs dbt by the profile that reads {' and '.join(asked)}"
                    for login in self._stated(run, node, stated):
                        if login.own or login.role:
                            yield replace(login.under(reason), certainty=Certainty.ASSUMED)


def _known(text: str | None) -> Value | None:
    return (Literal(text),) if text else None


def variables_of(value: Value) -> list[str]:
    """Variables that a value is made of."""
    return [ref.name for ref in value if isinstance(ref, Local)]


def _places(stated: ends.Login, *names: str) -> tuple[Evidence, ...]:
    """Lines of some fields of a login."""
    lines = stated.lines
    return tuple(stated.evidence.at_line(lines[name]) for name in names if name in lines)
