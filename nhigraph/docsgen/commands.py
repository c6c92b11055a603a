"""The page of commands, as click has them."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from nhigraph.cli.main import nhigraph
from nhigraph.docsgen.markdown import code, page, section, table

#: Of a line, on a terminal that is eighty columns wide or wider.
_WIDTH = 78


def text() -> str:
    """The page."""
    every = list(commands())
    return page(
        "Commands",
        "As `nhigraph COMMAND --help` tells them. Names may be abbreviated where that is "
        "unambiguous.",
        _help(nhigraph),
        table(
            ("Command", "Does"),
            [(f"[{name}](#{_anchor(name)})", one.get_short_help_str(200)) for name, one in every],
        ),
        *(_command(name, one) for name, one in every),
    )


def top_help() -> str:
    """What click prints for ``nhigraph --help`` where lines are eighty columns wide."""
    context: Any = nhigraph.context_class(
        nhigraph, info_name="nhigraph", terminal_width=_WIDTH, **nhigraph.context_settings
    )
    return f"{nhigraph.get_help(context)}\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its whole name, in teaching order; groups by what stands in them."""
    context = nhigraph.context_class(nhigraph)
    for name in nhigraph.list_commands(context):
        one = nhigraph.get_command(context, name)
        inner: Mapping[str, Any] | None = getattr(one, "commands", None)
        if inner is None:
            yield name, one
        else:
            yield from ((f"{name} {inside}", two) for inside, two in inner.items())


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


def _command(name: str, command: Any) -> str:  # noqa: ANN401 - click has one user, the cli
    context = command.context_class(command, info_name=f"nhigraph {name}")
    usage = " ".join((context.info_name, *command.collect_usage_pieces(context)))
    rows = []
    for one in command.get_params(context):
        record = one.get_help_record(context)
        if record is not None and "--help" not in record[0]:
            rows.append((code(record[0]), record[1]))
    return section(name, _help(command), f"```text\n{usage}\n```", table(("Option", "Does"), rows))


def _help(command: Any) -> str:  # noqa: ANN401 - as above
    # Click's mark for a paragraph that keeps its lines.
    return inspect.cleandoc(command.help or "").replace("\b\n", "")
