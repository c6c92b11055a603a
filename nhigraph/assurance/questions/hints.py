"""What names suggest: for proposals, grouping and wording, never as proof."""

import re
from collections.abc import Sequence
from functools import cached_property

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.questions.parts import leaders, together
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
#: Where documents hand secrets on under a name: the last step of a pointer but one.
_HANDED = frozenset({"env", "with", "secrets", "variables"})


class Hints:
    """What the names of one estate suggest."""

    def __init__(self, estate: Estate, secrets: Sequence[int] = ()) -> None:
        """Nothing is indexed before it is asked for.

        Args:
            estate: It.
            secrets: Secrets of which is asked what they open.
        """
        self.estate, self.graph, self.secrets = estate, estate.graph, sorted(set(secrets))

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

    def handed(self, node: int) -> tuple[str, Known] | None:
        """A name under which it is handed on, and what the catalogue knows of that.

        Names that speak of several providers say nothing.
        """
        told = [(name, known(name)) for _, name in self._handed.get(node, ())]
        found = {one.provider: (name, one) for name, one in told if one is not None}
        return next(iter(found.values())) if len(found) == 1 else None

    def group(self, node: int) -> str:
        """What secrets of one fact have in common: provider, name, or the login they are of."""
        alone = self._alone(node)
        return self._leaders.get(alone, alone)

    def _alone(self, node: int) -> str:
        found = self.known(node)
        if found is None:
            return f"name {self.name(node)}"
        if found.finance or found.sort in _EACH:
            # Of a database or a cloud each repository may have another account.
            of = forge.home_of(self.graph.key_list[node])
            return f"provider {found.provider} of {'' if of is None else of.text}"
        return f"provider {found.provider}"

    @cached_property
    def _leaders(self) -> dict[str, str]:
        """Groups of what only goes with a credential, to the group of that."""
        groups = {node: self._alone(node) for node in self.secrets}
        kept: dict[object, dict[str, str]] = {}
        used: dict[str, dict[str, str]] = {}
        for node, of in groups.items():
            holder = _holder(self.graph.key_list[node])
            if holder:
                kept.setdefault(holder, {})[self.name(node)] = of
            for place, name in self._handed.get(node, ()):
                used.setdefault(place, {})[name] = of
        bonds = together(used.values(), bare=True)
        for one, many in together(kept.values(), bare=False).items():
            bonds.setdefault(one, many)
        # Names that speak of two providers are of two logins.
        return {
            one: to
            for one, to in leaders(bonds).items()
            if not (one.startswith("provider ") and to.startswith("provider "))
        }

    @cached_property
    def _handed(self) -> dict[int, list[tuple[str, str]]]:
        """Per secret the places and names under which documents hand it to programs."""
        edges, wanted = self.graph.edges, set(self.secrets)
        used = (edges["action"] == "use_secret").to_numpy()
        ends = edges["dst"].to_numpy()
        found: dict[int, set[tuple[str, str]]] = {}
        for row in used.nonzero()[0].tolist():
            node = int(ends[row])
            if node in wanted:
                for place in self.graph.evidence_of("edge", row):
                    *above, name = place.pointer.split("/")
                    if above and above[-1] in _HANDED:
                        at = "/".join((place.artifact, *above))
                        found.setdefault(node, set()).add((at, name))
        return {node: sorted(many) for node, many in found.items()}

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


def _holder(text: str) -> tuple[object, ...]:
    """What keeps something under a name: all parts of its key but that; empty for nothing."""
    key = keys.parse(text)
    if key is None or "name" not in key.names():
        return ()
    return (type(key), *(getattr(key, part) for part in key.names() if part != "name"))
