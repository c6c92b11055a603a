"""Tables that come with the package as YAML, beside the module that decides by them."""

from importlib.resources import files

import yaml


def read(package: str, name: str) -> object:
    """A table of a package's ``data`` folder; every scalar is text, which is quick to read.

    Args:
        package: The package, such as ``nhigraph.policy.aws``.
        name: The file's name.
    """
    text = (files(package) / "data" / name).read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - texts only
