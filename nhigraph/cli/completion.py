"""``nhigraph completion``: a shell's script that completes commands, options and keys of a graph.

click completes commands and options; names of nodes come from the stored graph (``app.offered``).
In bash a word ends at a colon (``COMP_WORDBREAKS``), and most keys have one: the line is therefore
cut here, and what bash has of the word already is taken from what it is offered.
"""

import os
from typing import ClassVar, Final

import click
from click.shell_completion import (
    BashComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

#: Set while a shell asks; click's name for it.
ASKED: Final = "_NHIGRAPH_COMPLETE"

_BASH: Final = """\
%(complete_func)s() {
    local IFS=$'\\n' line=${COMP_LINE:0:COMP_POINT} word lead="" type value
    word=${line##* }
    if [[ $COMP_WORDBREAKS == *:* && $word == *:* ]]; then
        lead=${word%%"${word##*:}"}
    fi
    COMPREPLY=()
    for type in $(env COMP_WORDS="$line" COMP_CWORD=0 %(complete_var)s=bash_complete "$1"); do
        value=${type#*,} type=${type%%%%,*}
        if [[ $type == dir ]]; then
            compopt -o dirnames
        elif [[ $type == file ]]; then
            compopt -o default
        elif [[ $type == plain ]]; then
            COMPREPLY+=("${value#"$lead"}")
        fi
    done
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


@add_completion_class
class Bash(BashComplete):
    """Bash, with words that hold colons."""

    source_template: ClassVar[str] = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that one."""
        line = os.environ["COMP_WORDS"]
        words = split_arg_string(line)[1:]
        return (words, "") if not words or line[-1:].isspace() else (words[:-1], words[-1])


@click.command("completion", short_help="Print a script that completes commands and keys.")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    """Print what makes SHELL complete commands, options, and names of the graph's nodes.

    \b
    bash   eval "$(nhigraph completion bash)"            in ~/.bashrc
    zsh    eval "$(nhigraph completion zsh)"             in ~/.zshrc, after compinit
    fish   nhigraph completion fish | source             in ~/.config/fish/config.fish

    Names come from the graph that --graph names on the line, or from nhigraph-out.
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    found = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if found is not None:  # click has all three
        click.echo(found(root, {}, "nhigraph", ASKED).source())
