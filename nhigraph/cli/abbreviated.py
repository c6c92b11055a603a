"""Groups of commands that take unambiguous abbreviations and suggest what was meant."""

from collections import Counter

import click

from nhigraph.errors import UsageError


class Abbreviated(click.Group):
    """A group whose commands may be named by how they begin."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name or the start of it."""
        known = self.list_commands(ctx)
        if cmd_name in known:
            return self.named(ctx, cmd_name)
        starting = [name for name in known if name.startswith(cmd_name)]
        if len(starting) == 1:
            return self.named(ctx, starting[0])
        if starting:
            return ctx.fail(f"{cmd_name!r} could be any of: {', '.join(starting)}")
        from difflib import get_close_matches

        near = get_close_matches(cmd_name, known, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(known)}"
        return ctx.fail(f"no such command: {cmd_name!r}; {hint}")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, with what is left; no option of it is given twice.

        Raises:
            UsageError: One is. The last would count and the others would not, without a word: of
                two ``--fail-on`` or two ``--scope`` one would be lost.
        """
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not ctx.resilient_parsing:
            _once(ctx, command, rest)
        return name, command, rest

    def named(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of one of the names that are listed."""
        return super().get_command(ctx, name)


def _once(ctx: click.Context, command: click.Command, words: list[str]) -> None:
    with click.Context(command, parent=ctx, resilient_parsing=True) as context:
        try:
            _, _, given = command.make_parser(context).parse_args(args=[*words])
        except click.UsageError:
            return  # Told by the command itself, with its name.
    for option, times in Counter(given).items():
        if isinstance(option, click.Option) and times > 1 and not _adds_up(option):
            name = max(option.opts, key=len)
            raise UsageError(f"{name} is given more than once, and only one would count: keep one")


def _adds_up(option: click.Option) -> bool:
    return option.multiple or option.count or option.is_flag
