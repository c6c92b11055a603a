"""Commands of a shell script, as far as they can be told without running it.

Quotes, continuations, here-documents, substitutions and control words are followed; variables are
not expanded. Whatever cannot be told stays a word of the command: nothing here raises.
The grammar is that of https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html .
"""

import re
from dataclasses import replace
from itertools import dropwhile

from nhigraph.policy.shell_blocks import Blocks, Part
from nhigraph.policy.shell_command import Command
from nhigraph.policy.shell_functions import called

__all__ = ["SUBSTITUTED", "Command", "commands"]

_PIECE = re.compile(
    r"(?P<space>(?:[ \t\r]|\\\r?\n)+)"
    r"|(?P<end>\n|&&|\|\||;;&?|;&|[;&](?!>)|\|&?)"
    r"|(?P<redirect>(?:\d+|&)?(?:>>|>\||>&|<<<|<<-?|<&|<>|>|<))"
    r"|(?P<group>[()])"
    r"|(?P<single>'[^']*')"
    r'|(?P<double>")'
    r"|(?P<escape>\\.)"
    r"|(?P<substitution>\$\(|`)"
    r"|(?P<plain>\$\{(?:[^{}()`]|\$\{[^{}()`]*\})*\}|[^\s'\"\\;&|()<>`$]+|\$[^\s('\"\\;&|<>`]*|.)",
    re.DOTALL,
)
_ASSIGN = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<more>\+?)=(?P<value>.*)\Z", re.DOTALL)
_UNESCAPE = re.compile(r"\\([\"\\$`])")
_DEEPEST = 4
#: Longer than any script that GitHub takes (21,000 characters); what follows is not looked at.
LONGEST = 65_536
#: What stands for the output of a substitution: no text of the file can be it.
SUBSTITUTED = "\x01"

#: Reserved words behind which a command may stand, and what they open or go on with.
_OPEN = frozenset({"if", "while", "until", "{"})
_NEXT = {"then": Part.BRANCH, "elif": Part.TEST, "else": Part.REST}
_PLAIN = frozenset({"do", "!", "time"})
_OPENING = frozenset({*_OPEN, *_NEXT, *_PLAIN})
#: Reserved words behind which none stands.
_CLOSE = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}
_HEAD = frozenset({"for", "select", "case"})
_FUNCTION, _IN = "function", "in"


class _Reader:
    def __init__(
        self, script: str, line: int, depth: int = 0, blocks: Blocks | None = None
    ) -> None:
        self.script = script
        self.depth = depth
        self.blocks = blocks or Blocks()
        self.line = line
        self.found: list[Command] = []
        self.words: list[str] = []
        self.word: str | None = None
        self.output: list[str] = []
        self.redirect = ""
        self.started = line
        self.heredocs: list[str] = []
        self.pipeline = 0
        self.closes = True
        self.closed: int | None = None
        self.functions: set[str] = set()

    def read(self) -> list[Command]:
        at, script = 0, self.script
        while at < len(script):
            if script[at] == "#" and self.word is None:
                stop = script.find("\n", at)
                at = len(script) if stop < 0 else stop
                continue
            piece = _PIECE.match(script, at)
            if piece is None:  # pragma: no cover - the last alternative takes anything
                break
            at = self.take(piece.lastgroup or "", piece[0], piece.end())
        self.end_command("")
        return self.found

    def take(self, kind: str, text: str, at: int) -> int:
        """One piece; returns where the next one starts."""
        if kind == "substitution":
            return self.substitution(at, "`" if text == "`" else ")")
        if kind == "group":
            return self.group(text, at)
        if kind == "double":
            return self.double(at)
        if kind == "end":
            self.end_command(text)
            self.line += text.count("\n")
            return self.skip_heredocs(at) if text == "\n" else at
        if kind in ("space", "redirect"):
            self.end_word()
            self.redirect = text if kind == "redirect" else self.redirect
        else:
            self.extend(kind, text)
        self.line += text.count("\n")
        return at

    def double(self, at: int) -> int:
        """Go on after a double quote."""
        stop = _quoted(self.script, at) if self.closes else -1
        if stop < 0:
            self.closes = False  # No later quote has a second one either: look only once.
            self.extend("plain", '"')
            return at
        text = self.script[at:stop]
        self.extend("double", text)
        self.line += text.count("\n")
        return stop + 1

    def extend(self, kind: str, text: str) -> None:
        if self.word is None:
            self.word = ""
            if not self.words:
                self.started = self.line
        if kind == "single":
            text = text[1:-1]
        elif kind == "double":
            text = self.inside_double(text)
        elif kind == "escape":
            text = text[1:]
        elif text.startswith("${") and not re.search(r"\s", text):
            text = text.replace('"', "").replace("'", "")
        self.word += text

    def group(self, mark: str, at: int) -> int:
        """Go on after a parenthesis: subshell, function, array, arithmetic or case label."""
        if mark == ")":
            if not self.label():
                self.end_command(mark)
                self.closed = self.blocks.close("(")
            return at
        if self.script.startswith("(", at):
            stop = self.script.find("))", at)
            return len(self.script) if stop < 0 else stop + 2
        if self.word is not None and self.word.endswith("="):
            stop = _closing(self.script, at)
            # An array: its words; those that are added are words of their own.
            within = _COMMENT.sub(_without_comment, self.script[at:stop])
            self.word += " " * self.word.endswith("+=") + " ".join(within.split())
            self.line += self.script.count("\n", at, stop)
            return stop + 1
        if (self.word is not None or self.words) and self.script[at : at + 1] == ")":
            name = self.word or self.words[-1]
            self.functions.add(name)
            # A name may stand behind words that open a part: ``then f() {``.
            self.reserved(self.words if self.word else self.words[:-1])
            self.words, self.word = [], None
            self.blocks.function(name)
            return at + 1
        self.end_command(mark)
        self.blocks.open("(")
        return at

    def label(self) -> bool:
        """Whether a closing parenthesis ends a label of ``case``, of which ``p|q`` is one too."""
        if [*dropwhile(_OPENING.__contains__, self.words)][:1] == ["case"]:
            self.reserved(self.words)
        elif not self.blocks.is_in("case") and self.blocks.encloses("("):
            return False
        name = self.word if self.word is not None else "".join(self.words[-1:])
        self.words, self.word = [], None
        del self.found[len(self.found) - self.pipeline :]
        self.pipeline = 0
        self.blocks.branch("case", Part.REST if name == "*" else Part.BRANCH)
        return True

    def inside_double(self, text: str) -> str:
        parts: list[str] = []
        at = 0
        while found := _SUBSTITUTION.search(text, at):
            if found["escape"]:
                parts.append(text[at : found.end()])
                at = found.end()
                continue
            tick = found["tick"]
            stop = _closing(text, found.end()) if tick is None else found.end() + len(tick)
            inner = text[found.end() : stop] if tick is None else _UNESCAPE.sub(r"\1", tick)
            self.nested(inner)
            parts += (text[at : found.start()], SUBSTITUTED)
            at = stop + 1
        return _UNESCAPE.sub(r"\1", "".join([*parts, text[at:]]))

    def substitution(self, at: int, close: str) -> int:
        stop = self.script.find("`", at) if close == "`" else _closing(self.script, at)
        stop = len(self.script) if stop < 0 else stop
        inner = self.script[at:stop]
        self.extend("plain", SUBSTITUTED)
        self.nested(inner)
        self.line += inner.count("\n")
        return stop + 1

    def nested(self, script: str) -> None:
        if self.depth < _DEEPEST and not script.startswith("("):
            self.found += _Reader(script, self.line, self.depth + 1, self.blocks.apart()).read()

    def end_word(self) -> None:
        if self.word is None:
            return
        if self.redirect:
            if self.redirect.lstrip("0123456789") in ("<<", "<<-"):
                self.heredocs.append(self.word)
            elif ">" in self.redirect and not self.redirect.endswith("&"):
                self.output.append(self.word)
            self.redirect = ""
        else:
            self.words.append(self.word)
        self.word = None

    def end_command(self, mark: str) -> None:
        self.end_word()
        words, simple = self.reserved(self.words)
        simple = simple and self.closed is None
        assigns: list[tuple[str, str]] = []
        while words and (found := _ASSIGN.match(words[0])):
            # What is added to a variable stands behind what it was.
            before = f"${{{found['name']}}}" if found["more"] else ""
            assigns.append((found["name"], before + found["value"]))
            words = words[1:]
        # The far side of ``[[ a && b ]]`` is no command.
        inside_test = bool(words) and words[-1] == "]]" and words[0] != "[["
        if (words or assigns) and not inside_test:
            line, out, inside = self.started, tuple(self.output), self.blocks.path
            evaluated = self.evaluated(words)
            said = Command(tuple(words), tuple(assigns), line, out, inside)
            self.found += evaluated or [said]
            self.pipeline += len(evaluated) or 1
        if self.closed is not None and self.output:
            self.write_to(self.closed, tuple(self.output))
        self.closed = None
        if words or assigns or not simple:
            self.blocks.after(mark, words, simple=simple and not inside_test)
        self.words, self.output, self.redirect = [], [], ""
        if mark in (";&", ";;&"):
            self.blocks.fall()
        if mark not in ("|", "|&"):
            self.pipeline = 0

    def evaluated(self, words: list[str]) -> list[Command]:
        """What ``eval`` runs, in this shell; empty where its words do not say it."""
        text = " ".join(words[1:])
        if words[:1] != ["eval"] or self.depth >= _DEEPEST or not re.match(r"\s*[\w./]", text):
            return []
        here = Blocks(self.blocks.path, self.blocks.numbers)
        return _Reader(text, self.started, self.depth + 1, here).read()

    def write_to(self, part: int, output: tuple[str, ...]) -> None:
        """What a redirection behind a part's end takes: the output of all in it."""
        for at, one in enumerate(self.found):
            if any(block.number == part for block in one.inside):
                self.found[at] = replace(one, output=one.output + output)

    def reserved(self, words: list[str]) -> tuple[list[str], bool]:
        """Words without the reserved ones in front, and whether a simple command is left."""
        simple, blocks = True, self.blocks
        while words:
            word = words[0]
            if word in _OPEN:
                blocks.open(word)
            elif word in _NEXT:
                blocks.branch("if", _NEXT[word])
            elif word in _CLOSE:
                self.closed = blocks.close(_CLOSE[word])
                return [], False
            elif word == _IN:
                return [], False
            elif word in _HEAD:
                blocks.open(word, words[1:])
                return [], False
            elif word == _FUNCTION and len(words) > 1:
                self.functions.add(words[1])
                blocks.function(words[1])
                words = words[1:]
            elif word not in _PLAIN:
                break
            simple = simple and word != "!"
            words = words[2 if words[:2] == ["time", "-p"] else 1 :]
        return words, simple

    def skip_heredocs(self, at: int) -> int:
        lines: list[str] = []
        for word in self.heredocs:
            while at < len(self.script):
                stop = self.script.find("\n", at)
                stop = len(self.script) if stop < 0 else stop
                body = self.script[at:stop]
                at = min(stop + 1, len(self.script))
                self.line += 1
                if body.strip() == word:
                    break
                lines.append(body.strip())
        if lines and self.found:
            self.found[-1] = replace(self.found[-1], here=tuple(lines))
        self.heredocs = []
        return at


_PARENTHESIS = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.|(?<![^\s;(])#[^\n]*|[()]", re.DOTALL)
_COMMENT = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.|(?<!\S)#[^\n]*", re.DOTALL)
#: In double quotes.
_SUBSTITUTION = re.compile(r"(?P<escape>\\.)|\$\(|`(?P<tick>(?:\\.|[^`\\])*)(?=`)", re.DOTALL)
_IN_QUOTES = re.compile(r'\\.|\$\(|"', re.DOTALL)


def _without_comment(found: re.Match[str]) -> str:
    return "" if found[0].startswith("#") else found[0]


def _closing(text: str, at: int) -> int:
    """Place of the parenthesis that closes a substitution; the end where none does."""
    depth = 1
    for found in _PARENTHESIS.finditer(text, at):
        if found[0] == "(":
            depth += 1
        elif found[0] == ")":
            depth -= 1
            if not depth:
                return found.start()
    return len(text)


def _quoted(text: str, at: int) -> int:
    """Place of the quote that closes the one before ``at``, substitutions passed over; or -1."""
    while found := _IN_QUOTES.search(text, at):
        if found[0] == '"':
            return found.start()
        at = _closing(text, found.end()) + 1 if found[0] == "$(" else found.end()
    return -1


def commands(script: str) -> list[Command]:
    """The simple commands of a script in the order they stand there.

    What a function runs stands in the place of its calls, where that can be told
    (``shell_functions``).
    """
    reader = _Reader(script[:LONGEST], 0)
    found = reader.read()
    return called(found, reader.functions) if reader.functions else found
