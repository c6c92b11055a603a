"""Groups of commands that take unambiguous abbreviations and suggest what was meant."""

import click


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

    def named(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of one of the names that are listed."""
        return super().get_command(ctx, name)
