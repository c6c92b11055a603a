"""Which repository a document means by the name that it has for it."""

from nhigraph.facts.keys import github
from nhigraph.facts.keys.forge import Repository


def repository_named(text: str) -> Repository:
    """The repository with that key, of whatever forge; ``owner/name`` is one of GitHub."""
    return Repository.parse(text) or github.repository(text)
