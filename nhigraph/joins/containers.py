"""Whether the server that a run connects to is a container that its job starts.

It is, at the name of a service for a job in a container, and on the machine itself at a port that
a service publishes. Whatever else answers there, a tunnel or a proxy to the company's server, is
not the job's own: such a login stands, on the condition that it is so.
"""

from nhigraph.facts.ends import Container
from nhigraph.facts.values import Literal, Port, Value, literal
from nhigraph.joins.view import View
from nhigraph.policy import servers

TUNNEL = "what answers on the job's own machine is the server whose export was read"
_NOT_OWN = "the server at {} is not the container of that name beside the job"
_PORT: Value = (Literal(servers.USUAL_PORT),)


class Containers:
    """The services of one job that are databases."""

    def __init__(self, view: View, job: int) -> None:
        """Read what the workflow file says of them."""
        beside = view.ends(job, Container)
        self._databases = {one.name for one in beside if servers.is_database(one.image)}
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
        if not servers.is_local(known) and host is not None:
            return ""
        socket = host is None or servers.is_socket(known)
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
