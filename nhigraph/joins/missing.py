"""Exports that nobody supplied, one line for each thing that the inputs point at.

An export that is absent is no incompleteness: what it would settle is told as unknown where it
matters. The line says what that is, and what makes the export. Protection of branches and
environments has its lines where its gates are named (``protection``).
"""

from collections.abc import Iterator
from dataclasses import field

from nhigraph.facts import keys
from nhigraph.facts.asks import Export
from nhigraph.facts.ends import Holder
from nhigraph.facts.keys import forge
from nhigraph.facts.missing import Missing
from nhigraph.joins.defaults import stated
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import View
from nhigraph.policy import exports, forges, programs
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k


@dataclass(slots=True)
class Needed:
    """What joining met the want of.

    Attributes:
        databases: Databases, by platform and name, of which some role that a job logs in as is
            not described; to the sources of these jobs.
        manifests: Jobs that build what no manifest says.
    """

    databases: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    manifests: set[int] = field(default_factory=set)


def of_all(view: View, jobs: Jobs, needed: Needed) -> list[Missing]:
    """Every export that is missing, sorted."""
    found = {*of_databases(view, needed), *_manifests(jobs, needed)}
    held = _Held.of(view, jobs)
    for text in sorted(held.jobs):
        repository = forge.Repository.parse(text)
        if repository is not None:
            found.update(_of_repository(view, repository, held))
    return sorted(found)


# -- repositories -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Held:
    """What repositories have, by their keys; each node is looked at once.

    Attributes:
        jobs: Jobs.
        workflows: Workflows as they stand today.
        secrets: Who holds a secret, a repository or one of its environments, and the secret.
        environments: Names of environments that are nodes, by their own keys.
    """

    jobs: dict[str, list[int]] = field(default_factory=dict)
    workflows: dict[str, list[int]] = field(default_factory=dict)
    secrets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    environments: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, view: View, jobs: Jobs) -> "_Held":
        """Look at every job, workflow, environment and secret."""
        named = {view.key(node): view.name(node) for node in view.of_kind(k.ENVIRONMENT)}
        found = cls(environments=named)
        for job in jobs.all:
            found.jobs.setdefault(jobs.repository(job), []).append(job)
        for node in view.of_kind(k.WORKFLOW):
            key = view.parsed(node)
            if isinstance(key, forge.Workflow) and not key.commit:
                found.workflows.setdefault(key.repository.text, []).append(node)
        for node in view.of_kind(k.SECRET):
            match view.parsed(node):
                case forge.RepositorySecret(repository=repository):
                    holder = repository.text
                case forge.EnvironmentSecret(environment=environment):
                    repository, holder = environment.repository, environment.text
                    if holder not in named:
                        continue
                case _:
                    continue
            found.secrets.setdefault(repository.text, []).append((holder, node))
        return found


def _of_repository(view: View, repository: forge.Repository, held: _Held) -> Iterator[Missing]:
    told = forges.of(repository).exports
    yield from _secrets(view, repository, held)
    home = view.node(repository.text)
    if home is None or "token_scope" not in view.props(home):
        yield from told.token_scope(repository)
    workflows = held.workflows.get(repository.text, [])
    if not any(view.props(node).get("listed") for node in workflows):
        yield from told.workflows(repository)
    for node in workflows:
        props = view.props(node)
        if props.get("listed") and not props.get("defined") and view.state(node) != "deleted":
            key = view.parsed(node)
            file = key.file if isinstance(key, forge.Workflow) else view.name(node)
            yield from told.workflow_file(repository, file)
    own = held.jobs.get(repository.text, ())
    by_default = any(view.text(job, "permissions_from") == "default" for job in own)
    if by_default and stated(view, repository.text) is None:
        yield from told.token_default(repository)


def _secrets(view: View, repository: forge.Repository, held: _Held) -> Iterator[Missing]:
    """Lists of the secrets of a repository and its environments, none of which was given."""
    dated: dict[str, bool] = {}
    for holder, node in held.secrets.get(repository.text, ()):
        known = {"created", "rotated", "listed"} & view.props(node).keys()
        dated[holder] = dated.get(holder, False) or bool(known)
    names = {holder: held.environments.get(holder, "") for holder in dated}
    own = view.node(repository.text)
    if own is not None and "secrets_total" in view.props(own) and repository.text in dated:
        dated[repository.text] = True
    told = forges.of(repository).exports
    # One list may tell of a repository and of its environments.
    given = {
        one for holder in dated if dated[holder] for one in told.secrets(repository, names[holder])
    }
    for holder in sorted(holder for holder, known in dated.items() if not known):
        yield from (one for one in told.secrets(repository, names[holder]) if one not in given)


# -- databases and what computes in them --------------------------------------------------------


def of_databases(view: View, needed: Needed | None = None) -> list[Missing]:
    """Exports of databases that something points at, and what their own leave open."""
    read = exports.databases()
    exported, ruled = set(), set()
    for node in view.of_kind(k.CONTAINER):
        key = view.parsed(node)
        if not isinstance(key, keys.Cluster) or key.database.platform not in read:
            continue
        names = {(key.database.platform, one) for one in (key.database.name, *_served(view, node))}
        exported |= names
        if any(one.client_rules for one in view.ends(node, Holder)):
            ruled |= names
    wanted = {
        (platform, name): ("what the roles may do that jobs log in as", min(sources))
        for (platform, name), sources in (needed.databases.items() if needed else ())
        if name
    }
    for node, _ in view.graph.nodes_with_property(programs.SELECTORS):
        key = view.parsed(node) if view.is_a(node, k.DATASET) else None
        if not isinstance(key, keys.Dataset) or key.database.platform not in read:
            continue
        one = (key.database.platform, key.database.name)
        if one not in exported and view.lines(node, programs.SELECTORS):
            wanted.setdefault(one, ("which roles may write its relations", exports.PROJECTS))
    return [
        *(
            line
            for platform, name in sorted(exported - ruled)
            for line in read[platform].client_rules(name)
        ),
        *(read[of].database(name, *why) for (of, name), why in sorted(wanted.items())),
    ]


def _served(view: View, server: int) -> Iterator[str]:
    """Databases of a server that holds several."""
    return (name for one in view.ends(server, Holder) for name in one.serves)


def _manifests(jobs: Jobs, needed: Needed) -> Iterator[Missing]:
    """Manifests of what jobs build."""
    for job in sorted(needed.manifests):
        yield manifest(jobs, job)


def file_of(workflow: str) -> Export | None:
    """A workflow's file, by its key, where its forge has a command for it."""
    key = forge.Workflow.parse(workflow)
    if key is None:
        return None
    found = forges.of(key).exports.workflow_file(key.repository, key.file)
    return next((Export(one.title) for one in found), None)


def manifest(jobs: Jobs, job: int) -> Missing:
    """The manifest of what a job builds."""
    repository = forge.Repository.parse(jobs.repository(job))
    of = jobs.repository(job) if repository is None else repository.path
    wanted_by = forges.of(repository).source
    return exports.manifest(jobs.view.name(job) or jobs.view.key(job), of, wanted_by)
