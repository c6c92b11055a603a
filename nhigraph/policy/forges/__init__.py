"""The forges by the platform of their keys: a module here is one, found by being there."""

import pkgutil
from collections.abc import Collection
from importlib import import_module
from typing import Final

from nhigraph.facts.keys.forge import Permission, Repository, repository_of
from nhigraph.facts.keys.parts import Key
from nhigraph.policy.forge import Forge

#: Forges by platform; who registers a source of its own may add to them.
FORGES: Final[dict[str, Forge]] = {
    forge.platform: forge
    for found in pkgutil.iter_modules(__path__)
    for forge in [import_module(f"{__name__}.{found.name}").FORGE]
}
#: Of keys whose platform nobody describes, and of what lies in no repository.
_UNKNOWN: Final = Forge("")


def of(key: Key | None) -> Forge:
    """The forge on which a key's thing lies."""
    repository = repository_of(key)
    return _UNKNOWN if repository is None else FORGES.get(repository.platform, _UNKNOWN)


def at_once(commands: Collection[str]) -> list[str]:
    """Commands that fetch at once what several do, and more."""
    found = (forge.exports.at_once(commands) for forge in FORGES.values())
    return sorted(command for command in found if command)


def levels() -> int:
    """Calls below calls that some forge follows."""
    return max(forge.levels for forge in FORGES.values())


def at_home(key: Key, home: Repository) -> Key:
    """What a run about the repository ``home`` has where called code names ``key``."""
    return of(key).at_home(key, home)


def gives_identity(key: Key | None) -> bool:
    """Whether a grant lets jobs ask for tokens that other platforms trust."""
    return isinstance(key, Permission) and key.permission == of(key).identity_tokens
