"""Who keeps a secret that jobs see under a name: what lists show, and how far they decide it.

A repository's own goes before its owners', and of these the nearest one's before all others
(``policy.forges`` names them). Only complete lists say that somebody keeps none of a name.
"""

from functools import cached_property

from nhigraph.facts.keys import forge
from nhigraph.joins.view import View
from nhigraph.policy import forges
from nhigraph.schema import kinds as k

#: An owner's secret stands under these conditions, where no list decides them.
UNLESS = "the repository has no secret of that name of its own"
NEARER = "no owner nearer to the repository has a secret of that name"
SCOPED = "the run is in an environment that the secret is for"


class Kept:
    """What lists of secrets show.

    Attributes:
        view: The graph.
    """

    def __init__(self, view: View) -> None:
        """Keep the view; lists are looked up once."""
        self.view = view

    def listed(self, node: int | None) -> bool:
        """Whether a list has the secret."""
        return node is not None and self.view.props(node).get("listed") is True

    def lists_all(self, key: str) -> bool:
        """Whether all that a repository or an owner keeps is listed, as far as was said."""
        node = self.view.node(key)
        return node is not None and "secrets_total" in self.view.props(node)

    @cached_property
    def owners(self) -> list[tuple[int, forge.OwnerSecret]]:
        """Secrets of owners."""
        found = ((node, self.view.parsed(node)) for node in self.view.of_kind(k.SECRET))
        return [(node, key) for node, key in found if isinstance(key, forge.OwnerSecret)]

    def scoped(self, node: int) -> bool:
        """Whether a secret is for some environments alone."""
        return bool(self.view.props(node).get("environment_scope"))

    def nearer(self, repository: forge.Repository, secret: forge.OwnerSecret) -> bool | None:
        """Whether a nearer owner has one of that name; None where nobody says."""
        around = [one.owner for one in forges.of(repository).owners(repository)]
        keys = [one.text for one in forges.of(repository).owners(repository)]
        last = around.index(secret.owner) if secret.owner in around else len(around)
        same = [
            (node, key)
            for node, key in self.owners
            if key.name == secret.name and self.listed(node)
        ]
        known = True
        for owner, text in zip(around[:last], keys[:last], strict=True):
            own = [node for node, key in same if key.owner == owner]
            if any(not self.scoped(node) for node in own):
                return True
            known = known and not own and self.lists_all(text)
        return False if known else None

    def doubts(
        self, repository: forge.Repository, secret: forge.OwnerSecret, node: int
    ) -> str | None:
        """On which condition an owner's secret is what a repository's jobs see by its name.

        Beside what the repository keeps itself; None where a nearer owner's goes before it.
        """
        nearer = self.nearer(repository, secret)
        if nearer:
            return None
        found = (NEARER if nearer is None else "", SCOPED if self.scoped(node) else "")
        return " and ".join(one for one in found if one)

    def same_everywhere(self, repository: forge.Repository, name: str) -> bool:
        """Whether what no environment's name decides is one secret, whoever keeps it."""
        own = self.view.node(repository.secret(name).text)
        if self.listed(own):
            return True
        around = forges.of(repository).owners(repository)
        return all(self.lists_all(one.text) for one in around) and not any(
            key.name == name and repository.belongs_to(key) and self.scoped(node)
            for node, key in self.owners
        )
