"""Which role a run logs in as, and with which secret.

A client's options and variables say it (``policy.clients``), or a profile of a project; which
server answers, the exports.
"""

from collections.abc import Iterator
from dataclasses import field, replace

from nhigraph.facts import ends, keys, values
from nhigraph.facts.evidence import IMPLIED, Evidence
from nhigraph.facts.values import UNKNOWN, Literal, Local, Value
from nhigraph.joins.accounts import Accounts
from nhigraph.joins.containers import Containers
from nhigraph.joins.profile import Projects
from nhigraph.joins.runs import Run
from nhigraph.joins.servers import Servers
from nhigraph.joins.view import View
from nhigraph.policy import clients, programs, servers
from nhigraph.policy.clients import Place
from nhigraph.records import dataclass
from nhigraph.schema.types import Certainty

_WHICH = "which identity a {} connection has is not read"


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
        apart: Why only another server answers it, where that is so.
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
    apart: str = ""
    because: tuple[Evidence, ...] = ()

    def under(self, condition: str) -> "Login":
        """The login on a further condition; an empty one changes nothing."""
        if not condition:
            return self
        both = f"{self.condition} and {condition}" if self.condition else condition
        weaker = Certainty.CONDITIONAL if self.certainty is Certainty.CERTAIN else self.certainty
        return replace(self, condition=both, certainty=weaker)

    @property
    def above(self) -> "Login":
        """The login of those under whom the run is called, and of the secrets that they have.

        What was read is what the called job does; that it is what they call is not sure where
        they name a branch.
        """
        return self.under(self.run.context.condition)


@dataclass
class Logins:
    """Reads logins off runs.

    Attributes:
        view: The graph.
        projects: Its projects and connections.
        servers: Servers whose exports were read.
        accounts: Whose logins are answered there.
    """

    view: View
    projects: Projects
    servers: Servers
    accounts: Accounts
    _beside: dict[int, Containers] = field(default_factory=dict)

    def of(self, run: Run) -> Iterator[Login]:
        """Logins of a run: by its project's profile, or by options and variables."""
        if programs.of(run.tool).by_profile and not run.opaque:
            open_ = programs.connects(run.tool, run.options)
            for found in self.projects.opened(run):
                for one in self._by_profile(run, found.node):
                    login = one.under(found.condition)
                    # Without a connection nobody logs in; what it says of a secret stands.
                    if open_ or login.secrets:
                        yield login
        else:
            yield from self._by_client(run)

    def _answered(self, platform: str, login: Login, taken: str = "") -> Iterator[Login]:
        """The login at each server that may be meant; ``taken`` is the role a session takes."""
        asked = (platform, login.host, login.port, login.database)
        login = replace(login, apart=self.servers.elsewhere(*asked))
        for holder, server, condition in self.servers.answering(*asked):
            for acts_as, doubt in self.accounts.of(server, holder, taken) if taken else [("", "")]:
                for role, why in self.accounts.of(server, holder, login.user):
                    unread = "" if role else _WHICH.format(platform)
                    one = replace(login, role=role, acts_as=acts_as, server=holder, why=unread)
                    yield one.under(condition).under(why).under(doubt)

    # -- by a profile ---------------------------------------------------------------------------

    def _by_profile(self, run: Run, node: int) -> Iterator[Login]:
        for stated in self.view.ends(node, ends.Login):
            yield from self._stated(run, node, stated)

    def _stated(self, run: Run, node: int, stated: ends.Login) -> Iterator[Login]:
        """What a profile says, with all that the run's variables in it may be."""
        where = stated.endpoint
        user, host, port, database = (
            values.settled(one, run.env)
            for one in (stated.user, where.host, where.port, where.database)
        )
        where_run = self.view.key(run.job)
        for place, condition in clients.each(Place(user, host, port, database), where_run):
            for login in self._stated_at(run, node, stated, place):
                yield login.under(condition)

    def _stated_at(self, run: Run, node: int, stated: ends.Login, place: Place) -> Iterator[Login]:
        where = stated.endpoint
        user, database, host, port = map(
            values.literal, (place.user, place.database, place.host, place.port)
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
            local=servers.is_local(host or ""),
            because=_places(stated),
        )
        at = _known(host) or (UNKNOWN if where.host else None)
        condition = self._containers(run.job).answer(at, _known(port))
        if condition is None:
            yield replace(login, own=True)
            return
        disputed = self._disputed(node)
        if disputed:
            yield replace(login, why=f"records disagree on its {' and '.join(disputed)}")
        elif not self.accounts.are_known(where.platform):
            yield replace(login, why=_WHICH.format(where.platform))
        elif user is None or database is None:
            missing = "user" if user is None else "database"
            yield replace(login, why=f"the {missing} of the connection is not in the files")
        else:
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

    def _by_client(self, run: Run) -> Iterator[Login]:
        for stated in clients.connections(run.tool, run.options, run.env):
            if stated.unread:
                secrets = tuple(run.secrets(stated.password))
                yield Login(run, secrets=secrets, why=stated.unread)
                continue
            for place, condition in clients.each(stated, self.view.key(run.job)):
                found = (login.under(condition) for login in self._at(run, place))
                yield from self._guessed(found, place.guessed) if place.guessed else found

    def _guessed(self, logins: Iterator[Login], variable: str) -> Iterator[Login]:
        """Those that have a password, to a role that an export shows."""
        for login in logins:
            known = login.database and self.view.node(login.role) is not None
            if login.secrets and (login.own or known):
                beside = f"{variable} and the password beside it"
                reason = f"{beside} are one login to {login.database}"
                yield replace(login.under(reason), certainty=Certainty.ASSUMED)

    def _at(self, run: Run, to: Place) -> Iterator[Login]:
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
            local=servers.is_local(host),
        )
        condition = self._containers(run.job).answer(to.host, to.port)
        if condition is None:
            yield replace(login, own=True)
        elif name is None:
            yield replace(login, why="as which role it connects is not in the files")
        elif where is not None:
            yield from self._answered(to.platform, login.under(condition))
        else:
            known = self.accounts.named(to.platform, name)
            if len(known) == 1:
                guess = "the database is the one whose export was read"
                yield replace(login, role=known[0]).under(guess).under(condition)
            else:
                yield replace(login, why="to which database it connects is not in the files")

    def _containers(self, job: int) -> Containers:
        if job not in self._beside:
            self._beside[job] = Containers(self.view, job)
        return self._beside[job]

    def by_name(self, run: Run) -> Iterator[Login]:
        """Logins by a profile of the repository that reads a variable the run has.

        For runs that do not say that they run it: a script, a target, an action.
        """
        repository = self.projects.jobs.home(run)
        for node in self.projects.connections:
            if self.projects.target(node).repository != repository:
                continue
            for stated in self.view.ends(node, ends.Login):
                asked = variables_of(stated.password)
                if any(run.secrets(run.env.get(variable)) for variable in asked):
                    reason = f"it runs by the profile that reads {' and '.join(asked)}"
                    for login in self._stated(run, node, stated):
                        if login.own or login.role:
                            yield replace(login.under(reason), certainty=Certainty.ASSUMED)


def _known(text: str | None) -> Value | None:
    return (Literal(text),) if text else None


def variables_of(value: Value) -> list[str]:
    """Variables that a value is made of."""
    return [ref.name for ref in value if isinstance(ref, Local)]


def _places(stated: ends.Login) -> tuple[Evidence, ...]:
    """Lines of the fields of a login that say who logs in where, and by what.

    What a run does by them it does no longer without the run, whatever they say.
    """
    lines = stated.lines
    said = {"user": stated.user, "database": stated.endpoint.database, "password": stated.password}
    return tuple(
        replace(stated.evidence.at_line(lines[name], _written(value)), basis=IMPLIED)
        for name, value in said.items()
        if name in lines
    )


def _written(value: Value) -> str:
    """What of a field is known to stand there: a text that is kept, or a variable's name."""
    known = values.literal(value) or next(iter(variables_of(value)), "")
    return f"… {known}" if known else ""
