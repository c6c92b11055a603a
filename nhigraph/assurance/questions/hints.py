"""What names suggest: for proposals, grouping and wording, never as proof."""

import re
from collections.abc import Sequence
from functools import cached_property

from nhigraph.assurance.estate import Estate
from nhigraph.facts import keys
from nhigraph.facts.keys import forge
from nhigraph.policy.known_names import Known, known
from nhigraph.schema import kinds

#: Most identities that are proposed for one secret.
_PROPOSED = 3
#: Words of secrets' names that say what sort of secret it is, not whose.
_SORTS = frozenset(
    {
        *("password", "passwd", "pwd", "pass", "secret", "token", "key", "api", "auth", "access"),
        *("dsn", "url", "uri", "host", "port", "conn", "connection", "string", "db", "database"),
        *("id", "user", "username", "login", "credentials", "creds"),
        *("prod", "production", "stage", "staging", "dev", "test"),
    }
)
#: Sorts of things of which one provider has many: which of them a secret opens, each says.
_EACH = frozenset({"cloud", "database", "warehouse", "erp", "payments"})
_WORD = re.compile(r"[a-z0-9]+")


class Hints:
    """What the names of one estate suggest."""

    def __init__(self, estate: Estate) -> None:
        """Nothing is indexed before it is asked for."""
        self.estate, self.graph = estate, estate.graph

    def name(self, node: int) -> str:
        """What people call a node; of a secret the name it is used by."""
        key = keys.parse(self.graph.key_list[node])
        own = getattr(key, "name", "")
        if isinstance(own, str) and own:
            return own
        return str(self.graph.nodes["name"].iat[node]) or self.graph.key_list[node]

    def known(self, node: int) -> Known | None:
        """What the catalogue knows of the name of a secret."""
        return known(self.name(node))

    def group(self, node: int) -> str:
        """What secrets of one fact have in common: the catalogue's provider, else the name."""
        found = self.known(node)
        if found is None:
            return f"name {self.name(node)}"
        if found.finance or found.sort in _EACH:
            # Of a database or a cloud each repository may have another account.
            of = forge.home_of(self.graph.key_list[node])
            return f"provider {found.provider} of {'' if of is None else of.text}"
        return f"provider {found.provider}"

    def opened(self, nodes: Sequence[int]) -> list[str]:
        """Identities whose names are like that of a secret, the likest first."""
        words = self._words(self.name(nodes[0]))
        if not words:
            return []
        found = []
        for key, own in self._accounts:
            shared = words & own
            if shared and (own <= words or words <= own):
                found.append((-len(shared), key))
        return [key for _, key in sorted(found)[:_PROPOSED]]

    @staticmethod
    def _words(name: str) -> frozenset[str]:
        return frozenset(_WORD.findall(name.lower())) - _SORTS

    @cached_property
    def _accounts(self) -> list[tuple[str, frozenset[str]]]:
        """Accounts that a secret may open, with the words of their names."""
        labels = [kinds.DATABASE_ROLE.label, kinds.OAUTH_APP.label, kinds.SERVICE_ACCOUNT.label]
        mask = self.graph.of_kind(labels) & self.estate.alive
        nodes = [node for node, wanted in enumerate(mask.tolist()) if wanted]
        return [(self.graph.key_list[n], self._words(self.name(n))) for n in nodes]
