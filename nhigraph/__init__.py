"""One graph of non-human identities and the data flows behind them, with evidence.

    import nhigraph

    estate = nhigraph.read("warehouse", "exports", scope="scope.yaml")
    answer = estate.assess()
    answer.identities                       # a pandas frame, with the columns of identities.csv
    estate.why("nightly.yml#build", "fin:revenue").steps

Importing this reads nothing: what is used is imported then.
"""

from nhigraph.version import __version__

# What a type checker takes for true; `typing` itself would double the time that an import takes.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from nhigraph.api import (
        Assessment,
        Cut,
        Difference,
        Estate,
        Explanation,
        InputError,
        NhigraphError,
        NoInputError,
        Page,
        Path,
        UsageError,
        load,
        read,
        sample,
    )

__all__ = [
    "Assessment",
    "Cut",
    "Difference",
    "Estate",
    "Explanation",
    "InputError",
    "NhigraphError",
    "NoInputError",
    "Page",
    "Path",
    "UsageError",
    "__version__",
    "load",
    "read",
    "sample",
]


def __getattr__(name: str) -> object:
    """What is offered here, imported when it is first used."""
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415 - as above

        return getattr(import_module("nhigraph.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names for completion."""
    return [*globals(), *__all__]
