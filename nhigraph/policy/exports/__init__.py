"""Exports that would settle what is left open: what each is called, and what makes it.

Those of a forge are with its rules (``policy.forges``). A module here with a ``DATABASE`` says
what a platform of databases exports; it is found by being there.
"""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from nhigraph.policy.exports.database import DatabaseExport
from nhigraph.policy.exports.dbt import SOURCE as PROJECTS
from nhigraph.policy.exports.dbt import manifest
from nhigraph.policy.exports.in_clouds import cloud, clouds

__all__ = ["PROJECTS", "DatabaseExport", "cloud", "clouds", "databases", "manifest"]


@cache
def databases() -> Mapping[str, DatabaseExport]:
    """Platforms whose databases some source reads, and what they export."""
    modules = (import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__))
    found = (getattr(module, "DATABASE", None) for module in modules)
    made = {one.platform: one for one in found if isinstance(one, DatabaseExport)}
    return MappingProxyType(made)
