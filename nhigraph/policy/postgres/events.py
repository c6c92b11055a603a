"""For which events a statement in a PL/pgSQL body runs, as far as branches and exits tell.

A trigger's function knows its event as ``TG_OP`` (plpgsql-trigger), and whoever fires it by an
INSERT runs what stands under ``TG_OP = 'INSERT'``. Any other condition, a loop, a handler, and
whatever stands behind a RETURN or RAISE under one of them, may or may not run.
"""

from collections.abc import Iterator
from dataclasses import field
from typing import Final

from nhigraph.policy.postgres.tokens import Token, first_word
from nhigraph.records import dataclass

Events = frozenset[str]
#: What fires a trigger.
ALL: Final = frozenset({"INSERT", "UPDATE", "DELETE", "TRUNCATE"})
NONE: Final = frozenset[str]()
_OPERATION: Final = "TG_OP"


@dataclass(frozen=True, slots=True)
class Course:
    """When control comes to a place: events for which it does, and for which it may."""

    surely: Events = ALL
    perhaps: Events = NONE

    def each(self) -> Iterator[tuple[Events, bool]]:
        """Events, and whether it is left open for them; nothing where control never comes."""
        if self.surely:
            yield self.surely, False
        if self.perhaps:
            yield self.perhaps, True


@dataclass
class _Frame:
    """A block, a branch or a loop: where control is in it, and what may still come to the rest."""

    word: str
    here: Course
    rest: Course
    ended: Events = NONE
    subject: bool = False


@dataclass
class Walk:
    """Follows a body from statement to statement."""

    trigger: bool
    _frames: list[_Frame] = field(default_factory=list)
    _ended: Events = NONE
    _doubted: Events = NONE

    @property
    def here(self) -> Course:
        """When control comes to the statement that is next."""
        return self._without(self._frames[-1].here if self._frames else Course())

    def _without(self, course: Course) -> Course:
        surely = course.surely - self._ended - self._doubted
        perhaps = (course.perhaps | (course.surely & self._doubted)) - self._ended
        return Course(surely, perhaps)

    @property
    def handling(self) -> bool:
        """Whether it is in a handler of errors."""
        return any(frame.word == "EXCEPTION" for frame in self._frames)

    def block(self) -> None:
        """Past BEGIN."""
        self._frames.append(_Frame("BEGIN", self.here, Course(NONE), self._ended))

    def loop(self) -> None:
        """Past LOOP and what stands before it: whether a round is made is not known."""
        inside = Course(NONE, self.here.surely | self.here.perhaps)
        self._frames.append(_Frame("LOOP", inside, Course(NONE)))

    def branch(self, word: str, condition: list[Token]) -> None:
        """Past IF or CASE and its first condition."""
        frame = _Frame(word, Course(NONE), self.here)
        if word == "CASE":
            words = [token.text.upper() for token in condition]
            at = words.index("WHEN") if "WHEN" in words else len(words)
            frame.subject = self.trigger and _is_operation(condition[:at])
            condition = condition[at + 1 :] if frame.subject or not at else []
        self._frames.append(frame)
        self._take(frame, condition)

    def next_branch(self, condition: list[Token]) -> None:
        """Past ELSIF or WHEN and its condition."""
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self.branch("IF", condition)
        elif frame.word == "EXCEPTION":
            return
        else:
            self._take(frame, condition)

    def otherwise(self) -> None:
        """Past ELSE."""
        if self._frames:
            self._frames[-1].here = self._frames[-1].rest

    def handler(self) -> None:
        """Past EXCEPTION: of what stood before it, anything may have failed."""
        if self._frames:
            frame = self._frames[-1]
            frame.word = "EXCEPTION"
            frame.here = Course(NONE, frame.here.surely | frame.here.perhaps)
            self._doubted |= self._ended - frame.ended
            self._ended = frame.ended

    def end(self, word: str) -> None:
        """Past END, END IF, END CASE or END LOOP."""
        wanted = {word} if word in ("IF", "CASE", "LOOP") else {"BEGIN", "EXCEPTION"}
        while self._frames and self._frames.pop().word not in wanted:
            pass

    def leave(self, *, surely: bool) -> None:
        """Past RETURN, or what may end more than is followed, as an error does.

        What surely comes to a RETURN does not come to what follows.
        """
        here = self.here
        self._ended |= here.surely if surely else NONE
        self._doubted |= here.perhaps | here.surely

    def _take(self, frame: _Frame, condition: list[Token]) -> None:
        rest = frame.rest
        if frame.subject:
            events, exact = _literals(condition)
        else:
            events, exact = _true(condition) if self.trigger else (ALL, False)
        if exact:
            frame.here = Course(rest.surely & events, rest.perhaps & events)
            frame.rest = Course(rest.surely - events, rest.perhaps - events)
        else:
            may = (rest.surely | rest.perhaps) & events
            frame.here = Course(NONE, may)
            frame.rest = Course(rest.surely - events, rest.perhaps | (rest.surely & events))


def _true(found: list[Token]) -> tuple[Events, bool]:
    """Events for which a condition may be true; whether it is true for exactly these."""
    found = _bare(found)
    for word in ("OR", "AND"):
        parts = _apart(found, word)
        if len(parts) > 1:
            sides = [_true(part) for part in parts]
            events = NONE.union(*(one for one, _ in sides)) if word == "OR" else ALL
            for one, _ in sides if word == "AND" else ():
                events &= one
            return events, all(exact for _, exact in sides)
    if first_word(found) == "NOT":
        events, exact = _true(found[1:])
        return (ALL - events, True) if exact else (ALL, False)
    return _compared(found)


def _compared(found: list[Token]) -> tuple[Events, bool]:
    kinds = [token.kind for token in found]
    if kinds[1:] in (["EQ", "STRING"], ["NEQ", "STRING"]) and _is_operation(found[:1]):
        said, equal = found[2].text, kinds[1] == "EQ"
    elif kinds[:2] in (["STRING", "EQ"], ["STRING", "NEQ"]) and _is_operation(found[2:]):
        said, equal = found[0].text, kinds[1] == "EQ"
    elif kinds[1:3] == ["IN", "L_PAREN"] and kinds[-1] == "R_PAREN" and _is_operation(found[:1]):
        return _literals(found[3:-1])
    else:
        return ALL, False
    return (ALL & {said} if equal else ALL - {said}), True


def _literals(found: list[Token]) -> tuple[Events, bool]:
    """Events that a list of texts names; all, perhaps, if it is none."""
    commas, texts = found[1::2], found[::2]
    plain = all(one.kind == "STRING" for one in texts) and bool(texts)
    if not plain or any(one.kind != "COMMA" for one in commas) or len(commas) >= len(texts):
        return ALL, False
    return ALL & {one.text for one in texts}, True


def _is_operation(found: list[Token]) -> bool:
    return len(found) == 1 and found[0].kind == "VAR" and found[0].text.upper() == _OPERATION


def _bare(found: list[Token]) -> list[Token]:
    """Without parentheses around all of it."""
    while found and found[0].kind == "L_PAREN" and found[-1].kind == "R_PAREN":
        depth = 0
        for number, token in enumerate(found):
            depth += {"L_PAREN": 1, "R_PAREN": -1}.get(token.kind, 0)
            if depth == 0 and number < len(found) - 1:
                return found
        found = found[1:-1]
    return found


def _apart(found: list[Token], word: str) -> list[list[Token]]:
    """Cut at a word that stands in no parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        depth += {"L_PAREN": 1, "R_PAREN": -1}.get(token.kind, 0)
        if depth == 0 and token.kind == word:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
