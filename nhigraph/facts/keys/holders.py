"""In what a thing lies, where its key says so."""

from nhigraph.facts.keys.forge import Owned
from nhigraph.facts.keys.github_access import Owner
from nhigraph.facts.keys.gitlab_access import Namespace, OwnerSecret
from nhigraph.facts.keys.parts import Key, parse
from nhigraph.facts.keys.stored import Stored


def holder_of(text: str) -> str:
    """Key of what a thing lies in: a secret's store, repository, environment, owner.

    Args:
        text: Key of the thing.

    Returns:
        Empty where the key says of none.
    """
    key = parse(text)
    if key is None:
        return ""
    if isinstance(key, Stored):
        return key.holder
    if isinstance(key, OwnerSecret):
        return Namespace(key.host, key.group).text
    if isinstance(key, Owned):
        return Owner(key.owner).text if key.platform == Owner.platform else ""
    inner = (getattr(key, name) for name in key.names())
    return next((one.text for one in inner if isinstance(one, Key)), "")
