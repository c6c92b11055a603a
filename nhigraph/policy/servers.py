"""What answers on a job's own machine, and whose roles a server's are.

A client without a host takes a folder of sockets or the machine itself; to connect to 0.0.0.0 is
to connect here (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-HOST).
"Database roles are global across a database cluster installation (and not per individual
database)" (https://www.postgresql.org/docs/current/database-roles.html, read 28 November 2026).
"""

import re
from typing import Final

#: Images of databases that clients log in to, and of what only leads to one.
_IMAGES: Final = re.compile(
    r"postg|timescale|pgvector|citus|cockroach|supabase|redshift|mysql|mariadb|percona",
    re.IGNORECASE,
)
_LEADS_ON: Final = re.compile(
    r"proxy|tunnel|bouncer|pgpool|forward|bastion|relay|socat|ssh|exporter|rest\b", re.IGNORECASE
)
#: The last one is the machine as its containers call it.
_LOCAL: Final = frozenset(
    {"localhost", "localhost.localdomain", "ip6-localhost", "::1", "host.docker.internal"}
)
_SOCKETS: Final = ("/", "@")
#: The port of a client that is told none.
USUAL_PORT: Final = "5432"
#: Platforms whose roles are the server's, whatever database they are seen by.
SHARED_ROLES: Final = frozenset({"postgres"})

#: Database that a client asks for where a login names none, and a server answers that has one set
#: of accounts for all: "if you omit the database name, there is no default database"
#: (https://dev.mysql.com/doc/refman/8.4/en/connecting.html, read 28 November 2026).
ANY_DATABASE: Final = "server"


def usual_port(platform: str) -> str:
    """The port of a client that is told none, where that is not ``USUAL_PORT``; else empty."""
    return "3306" if platform == "mysql" else ""


def is_database(image: str) -> bool:
    """Whether a container of that image is a database itself."""
    return _IMAGES.search(image) is not None and _LEADS_ON.search(image) is None


def is_local(host: str) -> bool:
    """Whether a host is the machine itself: its own server, or the end of a tunnel."""
    return host in _LOCAL or host.startswith(("127.", "0.", *_SOCKETS))


def is_socket(host: str) -> bool:
    """Whether a host is a folder of sockets."""
    return host.startswith(_SOCKETS)
