"""What is granted or shared for all that an owner has, told of each of its repositories.

One listing says what an app may do in every repository of an owner, another which repositories
there are; a grant for all leads to a grant for each, and that to what it opens there
(``policy.forges``). An owner's secret is handed to those repositories for which it is visible,
where they have none of the name; a complete listing of a repository's own secrets decides that.
What a right does not reach, because of a property of the secret, its listing says; without one the
right reaches it under a condition.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from nhigraph.facts import keys
from nhigraph.facts.asks import Export
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.keys import forge
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.kept import UNLESS, Kept
from nhigraph.joins.pushed import Ways
from nhigraph.joins.view import View
from nhigraph.policy import forges
from nhigraph.policy.rights import Right, To
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State, Transform

_SOME = "the secret is given to this repository, which its listing does not say"
_UNLISTED = "it reads every secret of {}, and no list says which these are"
_VISIBLE = "the repository is not public, which no record of it says"


def settle(board: Board) -> None:
    """Unfold grants, hand on secrets, and decide which of them a repository's own one hides."""
    found = _Owned(board.view)
    board.add([*found.grants(), *found.shared()])
    board.settled |= found.settled()


def handed_on(board: Board, known: Collection[str]) -> Iterator[str]:
    """Secrets of repositories that are an owner's of which it is known what it opens."""
    view = board.view
    for node in view.of_kind(k.SECRET):
        if isinstance(view.parsed(node), forge.OwnerSecret) and view.key(node) in known:
            for arc in view.out(node, k.FEEDS):
                if arc.certain or board.settled.get(arc.row):
                    yield view.key(arc.target)
    for fact in board.facts:
        if isinstance(fact, Edge) and fact.kind is k.FEEDS and fact.source in known:
            owners = isinstance(keys.parse(fact.source), forge.OwnerSecret)
            if owners and fact.certainty is Certainty.CERTAIN:
                yield fact.target


class _Owned:
    """Repositories by owner, and secrets by repository."""

    def __init__(self, view: View) -> None:
        self.view, self.kept, self.ways = view, Kept(view), Ways(view)
        self._repositories: list[forge.Repository] = []
        self._of_owner: dict[tuple[str, str], list[forge.Repository]] = {}
        self.secrets: dict[tuple[str, To], list[str]] = defaultdict(list)
        self.workflows: dict[str, list[str]] = defaultdict(list)
        for node in view.of_kind(k.REPOSITORY):
            key = view.parsed(node)
            if isinstance(key, forge.Repository) and not key.is_local:
                self._repositories.append(key)
        for node in view.of_kind(k.SECRET, k.WORKFLOW):
            match key := view.parsed(node):
                case forge.RepositorySecret(repository=of):
                    self.secrets[of.text, To.SECRETS].append(key.text)
                case forge.EnvironmentSecret(environment=environment):
                    holder = environment.repository.text
                    self.secrets[holder, To.ENVIRONMENT_SECRETS].append(key.text)
                case forge.Workflow(repository=of) if not key.commit:
                    self.workflows[of.text].append(key.text)

    def repositories(self, key: forge.Owned) -> list[forge.Repository]:
        """Repositories of an owner."""
        owner = (key.platform, key.owner)
        if owner not in self._of_owner:
            self._of_owner[owner] = [one for one in self._repositories if one.belongs_to(key)]
        return self._of_owner[owner]

    # -- grants ---------------------------------------------------------------------------------

    def grants(self) -> Iterator[Fact]:
        """Grants for all of an owner's repositories, unfolded; what a grant for one opens."""
        for node in self.view.of_kind(k.GRANT):
            key, place = self.view.parsed(node), self.view.places(node)[0]
            if isinstance(key, forge.OwnerPermission):
                yield from self._inner(key, place)
                for repository in self.repositories(key):
                    one = repository.permission(key.permission)
                    name = f"{key.permission.replace(':', ': ')} on {repository.path}"
                    yield Node(k.GRANT, one.text, place, name=name)
                    yield Edge(k.HOLDS, key.text, one.text, place)
                    yield from self._opened(one, place)
            elif isinstance(key, forge.Permission) and self._unfolds(key):
                yield from self._opened(key, place)

    @cached_property
    def _for_owners(self) -> list[forge.OwnerPermission]:
        found = (self.view.parsed(node) for node in self.view.of_kind(k.GRANT))
        return [key for key in found if isinstance(key, forge.OwnerPermission)]

    def _inner(self, key: forge.OwnerPermission, place: Evidence) -> Iterator[Edge]:
        """The same grant of the owners that lie inside this one."""
        for other in self._for_owners:
            if other.permission == key.permission and key.is_around(other):
                yield Edge(k.HOLDS, key.text, other.text, place)

    def _unfolds(self, key: forge.Permission) -> bool:
        """Whether what a permission gives is not said by the document that grants it."""
        rules = forges.of(key)
        return key.permission == rules.pushes or key.permission in rules.unfolds

    def _opened(self, grant: forge.Permission, place: Evidence) -> Iterator[Fact]:
        rights = forges.of(grant).opens(grant.permission)
        if any(one.own for one in rights) and not self._complete(grant.repository):
            told = forges.of(grant).exports.secrets(grant.repository)
            asks = next((Export(line.title) for line in told), None)
            reason = _UNLISTED.format(grant.repository.path)
            yield Gap(grant.text, reason, place, (State.CONTROL,), asks=asks)
        for right in forges.of(grant).opens(grant.permission):
            if right.to is To.TRUSTING:
                yield from self.ways.facts(grant, place)
                continue
            for target in self._targets(grant.repository, right):
                condition = self._reserve(grant.repository, right, target)
                if condition is None:
                    continue
                conditional = bool(condition)
                yield Edge(
                    right.kind,
                    grant.text,
                    target,
                    place,
                    action=right.action or None,
                    certainty=Certainty.CONDITIONAL if conditional else Certainty.CERTAIN,
                    condition=condition or None,
                    gate=self._rule(grant.repository) if right.guarded else None,
                )

    def _reserve(self, repository: forge.Repository, right: Right, target: str) -> str | None:
        """What else has to hold for a right to reach a thing; None where it does not reach it."""
        if right.own and not self._is_own(target) and self._complete(repository):
            return None
        spared = self._has(repository, target, right.spares) if right.spares else False
        if spared is None:
            return " and ".join(one for one in (right.condition, right.unless) if one)
        return None if spared else right.condition

    def _is_own(self, secret: str) -> bool:
        node = self.view.node(secret)
        return node is not None and self._listed(node)

    def _has(self, repository: forge.Repository, secret: str, prop: str) -> bool | None:
        """Whether a secret has a property, or what stands for it does; None if that is unknown."""
        node = self.view.node(secret)
        if node is None:
            return None
        if self.view.props(node).get("listed") is True:
            return self.view.props(node).get(prop) is True
        key = self.view.parsed(node)
        if not isinstance(key, forge.Secret) or not self._complete(repository):
            return None
        ranked = [(self._rank(one, key), one) for one in self._of_name(repository, key.name)]
        first = max((rank for rank, _ in ranked), default=0)
        said = {
            self.view.props(one).get(prop) is True for rank, one in ranked if rank == first > 0
        }
        return said.pop() if len(said) == 1 else None

    def _of_name(self, repository: forge.Repository, name: str) -> list[int]:
        """Listed secrets of a name: the repository's, else its owners'."""
        keys_of = (
            *self.secrets.get((repository.text, To.SECRETS), ()),
            *self.secrets.get((repository.text, To.ENVIRONMENT_SECRETS), ()),
        )
        own = [node for key in keys_of if (node := self.view.node(key)) is not None]
        named = [node for node in own if self._name(node) == name and self._listed(node)]
        owners = [
            node
            for node, key in self.kept.owners
            if key.name == name and repository.belongs_to(key) and self._listed(node)
        ]
        return named or owners

    def _rank(self, listed: int, asked: forge.Secret) -> int:
        """How nearly a listed secret is what is asked for; 0 for one of other environments.

        One for the very environment comes before one that takes it in, and that before one for
        all; where nobody says in which environment, each may be it.
        """
        key = self.view.parsed(listed)
        if not isinstance(asked, forge.EnvironmentSecret) or not isinstance(
            key, forge.EnvironmentSecret
        ):
            return 1
        if key.environment == asked.environment:
            return 3
        return 2 if forges.of(key).scopes(key.environment.name, asked.environment.name) else 0

    def _name(self, node: int) -> str:
        key = self.view.parsed(node)
        return key.name if isinstance(key, forge.Secret) else ""

    def _targets(self, repository: forge.Repository, right: Right) -> Iterable[str]:
        if right.to is To.ITSELF:
            return [repository.text]
        if right.to is To.WORKFLOWS:
            return self.workflows.get(repository.text, ())
        return self.secrets.get((repository.text, right.to), ())

    def _rule(self, repository: forge.Repository) -> str:
        node = self.view.node(repository.text)
        branch = "" if node is None else self.view.text(node, "default_branch")
        return repository.protection(branch or forge.UNNAMED).text

    # -- secrets --------------------------------------------------------------------------------

    def shared(self) -> Iterator[Edge]:
        """Secrets of an owner under the names by which its repositories see them."""
        for node, key in self.kept.owners:
            seen, place = self.view.text(node, "visibility"), self.view.places(node)[0]
            told = {arc.target for arc in self.view.out(node, k.FEEDS)}
            for repository in self.repositories(key) if seen else ():
                own = self.view.node(repository.secret(key.name).text)
                if own is None or own in told:
                    continue
                condition = self._condition(repository, key, node, own)
                if condition is not None:
                    yield Edge(
                        k.FEEDS,
                        key.text,
                        self.view.key(own),
                        place,
                        certainty=Certainty.CONDITIONAL if condition else Certainty.CERTAIN,
                        condition=condition or None,
                        transform=Transform.COPY,
                    )

    def _condition(
        self, repository: forge.Repository, key: forge.OwnerSecret, secret: int, own: int
    ) -> str | None:
        """What has to hold for a repository to see it; None where it does not."""
        seen = self.view.text(secret, "visibility")
        decided = self._own(repository, own)
        if decided is False:
            return None
        if seen == "selected":
            listed = next(self.view.out(secret, k.FEEDS), None) is not None
            return None if listed else _SOME
        node = self.view.node(repository.text)
        visibility = "" if node is None else self.view.text(node, "visibility")
        if seen == "private" and visibility == "public":
            return None
        if seen == "private" and not visibility:
            return _VISIBLE
        doubts = self.kept.doubts(repository, key, secret)
        if doubts is None:
            return None
        return " and ".join(one for one in ("" if decided else UNLESS, doubts) if one)

    def settled(self) -> dict[int, bool]:
        """Whether an owner's secret is a repository's, by the edge that says so, where told."""
        found: dict[int, bool] = {}
        for node, key in self.kept.owners:
            for arc in self.view.out(node, k.FEEDS):
                own = self.view.parsed(arc.target)
                if not isinstance(own, forge.RepositorySecret) or own.name != key.name:
                    continue
                decided = self._own(own.repository, arc.target)
                if decided is not None and not arc.certain:
                    found[arc.row] = decided
        return found | self._of_environments()

    def _of_environments(self) -> dict[int, bool]:
        """That what a job sees in an environment is what jobs see outside, where lists say so."""
        found: dict[int, bool] = {}
        for node in self.view.of_kind(k.SECRET):
            key = self.view.parsed(node)
            if not isinstance(key, forge.EnvironmentSecret) or not self._is_the_others(node, key):
                continue
            same = key.environment.repository.secret(key.name).text
            ways = [(arc.source, arc) for arc in self.view.into(node, k.FEEDS)]
            ways += [(arc.target, arc) for arc in self.view.out(node, k.FEEDS)]
            for other, arc in ways:
                if self.view.key(other) == same and not arc.certain:
                    found[arc.row] = True
        return found

    def _is_the_others(self, node: int, key: forge.EnvironmentSecret) -> bool:
        """Whether a complete list shows that no environment keeps one of that name for itself."""
        repository = key.environment.repository
        rules = forges.of(repository)
        if not rules.one_list or not self._complete(repository) or self._listed(node):
            return False
        for text in self.secrets.get((repository.text, To.ENVIRONMENT_SECRETS), ()):
            other = keys.parse(text)
            if isinstance(other, forge.EnvironmentSecret) and other.name == key.name:
                own = rules.scopes(other.environment.name, key.environment.name)
                if own and self._is_own(text):
                    return False
        return self.kept.same_everywhere(repository, key.name)

    def _own(self, repository: forge.Repository, secret: int) -> bool | None:
        """Whether the repository has no secret of that name itself; None where nobody says."""
        if self._listed(secret):
            return False
        return True if self._complete(repository) else None

    def _complete(self, repository: forge.Repository) -> bool:
        """Whether a repository's own secrets are all listed."""
        node = self.view.node(repository.text)
        total = None if node is None else self.view.props(node).get("secrets_total")
        if isinstance(total, list):
            total = max(total)
        own = self.secrets.get((repository.text, To.SECRETS), ())
        found = (self.view.node(key) for key in own)
        listed = [one for one in found if one is not None and self._listed(one)]
        return isinstance(total, int) and len(listed) >= total

    def _listed(self, node: int) -> bool:
        return self.view.props(node).get("listed") is True


JOIN = Join(
    settle,
    gives=(k.HOLDS, k.CAN_WRITE, k.CAN_READ, k.CAN_STOP, k.CAN_ADMINISTER, k.FEEDS),
)
