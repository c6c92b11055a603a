"""Whether the server that a run connects to is a container that its job starts.

It is, at the name of a service for a job in a container, and on the machine itself at a port that
a service publishes (the documentation that ``sources.github_actions.services`` names). Whatever
else answers there, a tunnel or a proxy to the company's server, is not the job's own: such a login
stands, on the condition that it is so.
"""

import re

from nhigraph.facts.ends import Container
from nhigraph.facts.values import Literal, Port, Value, literal
from nhigraph.joins.view import View

#: Images of PostgreSQL and of what is made from it, and of what only leads to one.
_IMAGES = re.compile(r"postg|timescale|pgvector|citus|cockroach|supabase|redshift", re.IGNORECASE)
_LEADS_ON = re.compile(
    r"proxy|tunnel|bouncer|pgpool|forward|bastion|relay|socat|ssh|exporter|rest\b", re.IGNORECASE
)
#: The last one is the machine as its containers call it.
_LOCAL = frozenset(
    {"localhost", "localhost.localdomain", "ip6-localhost", "::1", "host.docker.internal"}
)
TUNNEL = "what answers on the job's own machine is the server whose export was read"
_SOCKETS = ("/", "@")
_NOT_OWN = "the server at {} is not the container of that name beside the job"
#: libpq's own (https://www.postgresql.org/docs/current/libpq-connect.html).
_PORT: Value = (Literal("5432"),)


def is_local(host: str) -> bool:
    """Whether a host is the machine itself: its own server, or the end of a tunnel.

    A path is a folder of sockets (libpq-connect.html#LIBPQ-CONNECT-HOST); to connect to 0.0.0.0 is
    to connect here.
    """
    return host in _LOCAL or host.startswith(("127.", "0.", *_SOCKETS))


class Containers:
    """The services of one job that are databases."""

    def __init__(self, view: View, job: int) -> None:
        """Read what the workflow file says of them."""
        beside = view.ends(job, Container)
        self._databases = {
            one.name
            for one in beside
            if _IMAGES.search(one.image) and not _LEADS_ON.search(one.image)
        }
        #: Of an unknown image nobody knows whether it is one.
        self._unclear = {one.name for one in beside if one.image == "?"}
        self._ports = [(one.name, port) for one in beside for port in one.ports]
        self._inside = view.text(job, "container")

    def answer(self, host: Value | None, port: Value | None) -> str | None:
        """On which further condition another server answers; None where the job's own does.

        Args:
            host: The host a client is given; None where it takes its own socket.
            port: Its port; None where it takes the usual one.
        """
        known, port = literal(host) or "", port or _PORT
        if known in self._databases | self._unclear:
            certain = self._inside == "yes" and known in self._databases
            return None if certain else _NOT_OWN.format(known)
        if not is_local(known) and host is not None:
            return ""
        socket = host is None or known.startswith(_SOCKETS)
        named = {ref.container for ref in port if isinstance(ref, Port)}
        if named and named <= self._databases:
            return None  # ``job.services.NAME.ports`` is a port of that service, whichever.
        if not socket and not self._inside and literal(port) in self._published:
            return None
        # Without a host: beside a container, it may be set where it is not seen.
        return TUNNEL if host is not None or self._databases else ""

    @property
    def _published(self) -> set[str]:
        return {port for name, port in self._ports if name in self._databases} - {"?"}
