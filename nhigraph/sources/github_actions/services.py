"""Containers that a job starts beside itself, and where they answer.

https://docs.github.com/en/actions/tutorials/use-containerized-services/use-docker-service-containers
(read 28 November 2026): a job on the machine itself reaches a service at the port of the machine
that ``ports`` maps, and by no name; without a mapping it does not reach it at all; a port named
alone is mapped to one that Docker picks, which ``job.services.NAME.ports`` tells. A job in a
container reaches it by its name, at each of its ports.
"""

import re
from collections.abc import Iterator, Mapping

from nhigraph.facts.ends import Container
from nhigraph.facts.evidence import Evidence
from nhigraph.ingest import literals
from nhigraph.ingest.literals import Literals
from nhigraph.policy import shell
from nhigraph.policy.scripts.wrappers import handed
from nhigraph.sources.github_actions.model import Job
from nhigraph.sources.github_actions.shape import mapping, sequence, text

#: Options of ``docker create`` that open ports, which GitHub hands on as they are.
_PUBLISHES = re.compile(
    r"(?:\A|\s)(?:-p|-P|--publish|--publish-all|--net|--network)(?=[\s=\d]|\Z)"
)
_UNKNOWN = "?"


def said(job: Job, place: Evidence) -> Iterator[Container]:
    """The containers beside a job."""
    for name, body in _services(job):
        image = text(mapping(body).get("image")) if isinstance(body, dict) else text(body)
        shown = _UNKNOWN if "${{" in image else image.rpartition("@")[0] or image
        yield Container(job.key, place, name=name, image=shown, ports=_ports(body))


def written(job: Job, kept: Literals) -> None:
    """Keep the secrets that the file shows for containers, but for a server's own password."""
    for name, body in (("container", job.body.get("container")), *_services(job)):
        at = (*job.at, "container") if name == "container" else (*job.at, "services", name)
        for part in ("env", "credentials"):
            for variable, value in mapping(mapping(body).get(part)).items():
                if "${{" not in text(value) and text(value) not in kept.own:
                    kept.of(variable, text(value), (*at, part, variable))


def variables(job: Job) -> Mapping[str, object]:
    """Variables that the job's own container is started with, those of its options included.

    A command has them where the workflow, job or step gives it no other of that name: the runner
    starts the container with these, and each step in it with those (``DockerCommandManager`` and
    ``StepHost`` of github.com/actions/runner, read 30 November 2026).
    """
    container = mapping(job.body.get("container"))
    options = text(container.get("options"))
    found: dict[str, object] = {}
    if "-e" in options and "${{" not in options:
        words = next((one.words for one in shell.commands(options)), ())
        # An option's secret is no variable here: it would have no place of its own.
        started = ("docker", "run", *words, "image", "psql")
        found = {name: value for name, value in handed(started) if not literals.is_secret(name)}
    return found | mapping(container.get("env"))


def passwords(job: Mapping[str, object]) -> frozenset[str]:
    """Passwords that containers beside a job are given as their own."""
    return frozenset(
        text(value)
        for service in mapping(job.get("services")).values()
        for name, value in mapping(mapping(service).get("env")).items()
        if literals.of_server(name) and "${{" not in text(value)
    )


def _services(job: Job) -> list[tuple[str, object]]:
    return list(mapping(job.body.get("services")).items())


def _ports(body: object) -> tuple[str, ...]:
    """The machine's ports; ``?`` where which one is not in the file."""
    ports = mapping(body).get("ports")
    published = {_port(text(item)) for item in sequence(ports)}
    options = text(mapping(body).get("options"))
    if isinstance(ports, dict) or _PUBLISHES.search(options) or "${{" in options:
        published.add(_UNKNOWN)
    return tuple(sorted(port for port in published if port))


def _port(written: str) -> str:
    """The machine's port of ``[ADDRESS:][PORT:]PORT[/PROTOCOL]``; empty for one of no use."""
    if "${{" in written:
        return _UNKNOWN
    mapped, _, protocol = written.partition("/")
    outer = mapped.rpartition(":")[0].rpartition(":")[2]
    if protocol == "udp":
        return ""
    return outer if outer.isdecimal() else _UNKNOWN


def inside(job: Job) -> str:
    """``yes`` where the job runs in a container, ``?`` where it may; else empty."""
    container = job.body.get("container")
    image = text(mapping(container).get("image")) if isinstance(container, dict) else container
    written = text(image)
    return _UNKNOWN if written.startswith("${{") else "yes" if written else ""
