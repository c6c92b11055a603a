"""One way through the Jinja of a hook: what it becomes, and what it runs.

The text is walked, never executed. https://docs.getdbt.com/reference/dbt-jinja-functions
"""

from collections.abc import Sequence
from dataclasses import field

from jinja2 import nodes

from nhigraph.policy.dbt_expressions import LONGEST, Expressions, Frame, StuckError
from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_values import UNKNOWN, UNTOLD, Relation, Unknown, Value, method, text_of
from nhigraph.records import dataclass

#: Calls that run no statement and whose answer only a run knows.
_ASKING = frozenset(
    {"config", "debug", "diff_of_two_dicts", "doc", "env_var", "fromjson", "fromyaml", "function"}
    | {
        "is_incremental",
        "load_agate_table",
        "load_result",
        "local_md5",
        "log",
        "print",
        "range",
        "set",
        "set_strict",
    }
    | {"store_result", "tojson", "toyaml", "try_or_compiler_error", "var", "zip", "zip_strict"}
)
#: Those of them that leave no text.
_SILENT = frozenset({"config", "log", "print"})
#: Methods of ``adapter`` that change what is there; the other ones ask.
_DROPS, _EMPTIES = "drop_relation", "truncate_relation"
_RUNS = frozenset({"execute", "add_query", "run_query"})
_CHANGES = frozenset(
    {"rename_relation", "drop_schema", "swap_relation", "make_temp_relation_live"}
)


class FailedError(Exception):
    """A macro ends the run with an error: what would follow is not done."""


class LeftError(Exception):
    """``break`` or ``continue``: a round of a loop ends, with what it became so far."""

    def __init__(self, *, last: bool) -> None:
        """Whether no other round follows."""
        super().__init__()
        self.last, self.text = last, ""


class ReturnedError(Exception):
    """A macro returns a value instead of its text."""

    def __init__(self, value: Value) -> None:
        """Keep the value."""
        super().__init__()
        self.value = value


@dataclass(frozen=True, slots=True)
class _Callable:
    """A macro as a value, or what stands between the tags of a ``call``."""

    at: tuple[str, str] | None = None
    body: tuple[nodes.Node, ...] = ()
    frame: Frame = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a call hands over; ``unknown`` says that there may be more."""

    given: list[Value]
    named: Frame
    unknown: bool

    @property
    def first(self) -> Value:
        """The first argument, named or not."""
        return self.given[0] if self.given else next(iter(self.named.values()), UNKNOWN)


class Walk(Expressions):
    """One way through the conditions of a text, with what it runs.

    Attributes:
        scripts: SQL that is run, in order.
        problems: Why there may be more.
    """

    def __init__(self, place: Place, library: Library, choices: list[bool]) -> None:
        """Nothing is run yet."""
        super().__init__(place, library, choices)
        self._length = 0
        self.scripts: list[str] = []
        self.problems: list[str] = []
        self._packages = [place.package]

    def run(self, sql: str) -> None:
        """Note that a script is run."""
        self._length += len(sql)
        if self._length > LONGEST:
            raise StuckError("it runs more than is followed")
        if sql.strip():
            self.scripts.append(sql.strip())

    @property
    def package(self) -> str:
        """The package whose macro is being read."""
        return self._packages[-1]

    def goes_on_from(self, other: "Walk") -> None:
        """Stand where another walk stands: in its macro, as deep as it is."""
        self._packages, self.depth = [*other._packages], other.depth  # noqa: SLF001 - of its kind

    # -- text -----------------------------------------------------------------------------------

    def text(self, body: Sequence[nodes.Node], frame: Frame) -> str:
        """What some nodes of a template become."""
        found = ""
        for node in body:
            self.step()
            try:
                found += self._node(node, frame)
            except LeftError as left:
                left.text = found + left.text
                raise
            if len(found) > LONGEST:
                raise StuckError("it becomes longer than is followed")
        return found

    def _node(self, node: nodes.Node, frame: Frame) -> str:
        if isinstance(node, nodes.Output):
            return "".join(self._output(one, frame) for one in node.nodes)
        if isinstance(node, nodes.If):
            return self._if(node, frame)
        if isinstance(node, nodes.For):
            return self._for(node, frame)
        if isinstance(node, nodes.CallBlock):
            return self._call_block(node, frame)
        if isinstance(node, nodes.Scope):
            return self.text(node.body, {**frame})
        self._silent(node, frame)
        return ""

    def _silent(self, node: nodes.Node, frame: Frame) -> None:
        """Nodes that leave no text."""
        if isinstance(node, nodes.Assign):
            self._set(node.target, self.value(node.node, frame), frame)
        elif isinstance(node, nodes.AssignBlock):
            self._set(node.target, self.text(node.body, frame), frame)
        elif isinstance(node, nodes.ExprStmt):
            self.value(node.node, frame)
        elif isinstance(node, nodes.Break | nodes.Continue):
            raise LeftError(last=isinstance(node, nodes.Break))
        elif not isinstance(node, nodes.Macro):
            raise StuckError(f"a tag of the kind {type(node).__name__.lower()}")

    def _output(self, node: nodes.Expr, frame: Frame) -> str:
        if isinstance(node, nodes.TemplateData):
            return str(node.data)
        return text_of(self.value(node, frame))

    def _if(self, node: nodes.If, frame: Frame) -> str:
        for test, body in ((node.test, node.body), *((e.test, e.body) for e in node.elif_)):
            if self.met(test, frame):
                return self.text(body, frame)
        return self.text(node.else_, frame)

    def _for(self, node: nodes.For, frame: Frame) -> str:
        listed = self.value(node.iter, frame)
        if isinstance(listed, dict):
            listed = list(listed)
        known = isinstance(listed, list | tuple)
        # What only a run can list is gone through once, or not at all.
        items = list(listed) if isinstance(listed, list | tuple) else [UNKNOWN] * self.choose()
        found = ""
        for at, item in enumerate(items):
            inner = {**frame}  # What is set inside ends with the round.
            last = at == len(items) - 1
            inner["loop"] = {"index": at + 1, "index0": at, "first": at == 0, "last": last}
            self._set(node.target, item, inner)
            if node.test is not None and not self.met(node.test, inner):
                continue
            try:
                found += self.text(node.body, inner)
            except LeftError as left:
                found += left.text
                if left.last:
                    break
        return found + (self.text(node.else_, frame) if known and not items else "")

    def _set(self, target: nodes.Node, value: Value, frame: Frame) -> None:
        if isinstance(target, nodes.Name):
            frame[target.name] = value
        elif isinstance(target, nodes.NSRef):
            held = frame.get(target.name)
            if isinstance(held, dict):
                held[target.attr] = value
        elif isinstance(target, nodes.Tuple):
            parts = list(value) if isinstance(value, list | tuple) else []
            for at, one in enumerate(target.items):
                self._set(one, parts[at] if at < len(parts) else UNKNOWN, frame)

    def _call_block(self, node: nodes.CallBlock, frame: Frame) -> str:
        name = node.call.node.name if isinstance(node.call.node, nodes.Name) else ""
        if name == "noop_statement":
            return ""
        if name == "statement":
            self.run(self.text(node.body, frame))
            return ""
        caller = _Callable(None, tuple(node.body), frame)
        value = self._called_with(node.call, frame, {"caller": caller})
        return text_of(value)

    # -- calls ----------------------------------------------------------------------------------

    def call(self, node: nodes.Call, frame: Frame) -> Value:
        """What a call answers; what it runs is noted."""
        return self._called_with(node, frame, {})

    def _called_with(self, node: nodes.Call, frame: Frame, more: Frame) -> Value:
        given = [self.value(one, frame) for one in node.args]
        named = {one.key: self.value(one.value, frame) for one in node.kwargs} | more
        unknown = node.dyn_args is not None or node.dyn_kwargs is not None
        asked = _Asked(given, named, unknown)
        callee = node.node
        if isinstance(callee, nodes.Name):
            return self._function(callee.name, asked, frame)
        if isinstance(callee, nodes.Call):
            made = self.value(callee, frame)
            return self._of(made, asked)
        if not isinstance(callee, nodes.Getattr):
            return self._odd("what it calls is decided as it runs")
        base = callee.node
        if isinstance(base, nodes.Name) and base.name not in frame:
            return self._member(base.name, callee.attr, asked)
        if isinstance(base, nodes.Getattr) and callee.attr == "create":
            return _created(named)  # api.Relation.create
        return method(self.value(base, frame), callee.attr, given, named)

    def _odd(self, why: str) -> Value:
        self.problems.append(why)
        return UNKNOWN

    def _function(self, name: str, asked: "_Asked", frame: Frame) -> Value:
        if isinstance(frame.get(name), _Callable):
            return self._of(frame[name], asked)
        if name == "return":
            raise ReturnedError(asked.first if asked.given else None)
        if name in ("ref", "source"):
            return self._relation(name, asked.given, asked.named)
        if name == "run_query":
            return self._ran(asked)
        if name in _ASKING:
            return "" if name in _SILENT else UNKNOWN
        return self._builtin(name, asked)

    def _builtin(self, name: str, asked: "_Asked") -> Value:
        if name in ("before_begin", "after_commit", "in_transaction"):
            return text_of(asked.first)  # It only says when.
        if name == "namespace":
            return dict(asked.named)
        if name == "statement":
            return None
        at = self.library.found(name, (self._packages[-1], self.place.package))
        return self._macro(at, name, asked)

    def _macro(self, at: tuple[str, str] | None, name: str, asked: "_Asked") -> Value:
        if at is None:
            return self._odd(f"the macro {name} is not in the manifest")
        return self.called(at, asked.given, asked.named, unknown=asked.unknown)

    def _ran(self, asked: "_Asked") -> Value:
        self.run(text_of(asked.first))
        return UNKNOWN

    def _member(self, base: str, name: str, asked: "_Asked") -> Value:
        if base == "exceptions":
            if name.startswith("raise_"):
                raise FailedError
            return ""  # A warning.
        if base in ("modules", "flags"):
            return UNKNOWN
        if base == "adapter":
            return self._adapter(name, asked)
        if base in self.library.packages:
            at = (base, name) if (base, name) in self.library.texts else None
            return self._macro(at, f"{base}.{name}", asked)
        return method(self._global(base), name, asked.given, asked.named)

    def _adapter(self, name: str, asked: "_Asked") -> Value:
        given, named, first = asked.given, asked.named, asked.first
        if name == "dispatch":
            space = named.get("macro_namespace", given[1] if len(given) > 1 else None)
            packages = [space] if isinstance(space, str) else []
            at = self.library.dispatched(text_of(first), [*packages, self._packages[-1]])
            if at is None:
                return self._odd(f"the macro {text_of(first)} is not in the manifest")
            return _Callable(at)
        if name in _RUNS:
            self.run(text_of(first))
        elif name in (_DROPS, _EMPTIES):
            verb = "drop table" if name == _DROPS else "truncate table"
            self.run(f"{verb} {text_of(first)}")
        elif name in _CHANGES:
            return self._odd(f"adapter.{name} is not followed")
        elif name == "get_relation":
            return _created(named, there=False)
        return UNKNOWN

    def _relation(self, name: str, given: list[Value], named: Frame) -> Value:
        words = [one for one in given if isinstance(one, str)]
        version = named.get("v", named.get("version"))
        if len(words) != len(given) or isinstance(version, Unknown):
            return UNKNOWN
        if name == "source":
            pair = (words[0], words[1]) if len(words) == len(("source", "table")) else ("", "")
            return self.noted(self.place.sources.get(pair, UNKNOWN))
        if version is not None:
            words.append(f"v{version}")
        return self.noted(self.place.refs.get(tuple(words), UNKNOWN))

    def _of(self, made: Value, asked: "_Asked") -> Value:
        if not isinstance(made, _Callable):
            return self._odd("what it calls is decided as it runs")
        if made.at is None:
            return self.text(made.body, made.frame)
        return self.called(made.at, asked.given, asked.named, unknown=asked.unknown)

    def _arguments(self, macro: nodes.Macro, asked: _Asked) -> Frame:
        frame: Frame = {"varargs": UNKNOWN, "kwargs": UNKNOWN}
        frame["caller"] = asked.named.get("caller", UNKNOWN)
        first = len(macro.args) - len(macro.defaults)
        for number, argument in enumerate(macro.args):
            if argument.name in asked.named:
                frame[argument.name] = asked.named[argument.name]
            elif number < len(asked.given):
                frame[argument.name] = asked.given[number]
            elif asked.unknown or number < first:
                frame[argument.name] = UNKNOWN
            else:
                frame[argument.name] = self.value(macro.defaults[number - first], frame)
        return frame

    def called(
        self, at: tuple[str, str], given: list[Value], named: Frame, *, unknown: bool
    ) -> Value:
        """What a macro returns, its statements run."""
        try:
            return self.inside(at, given, named, unknown=unknown)
        except ReturnedError as returned:
            return returned.value

    def inside(
        self, at: tuple[str, str], given: list[Value], named: Frame, *, unknown: bool
    ) -> Value:
        """What the text of a macro becomes, its statements run.

        Raises:
            ReturnedError: It returns a value instead.
        """
        macro = self.library.macro(at)
        if macro is None:
            return self._odd(f"the macro {at[1]} could not be parsed")
        frame = self._arguments(macro, _Asked(given, named, unknown))
        self.depth += 1
        self._packages.append(at[0])
        try:
            return self.text(macro.body, frame)
        except LeftError:
            raise StuckError("it leaves a loop that it is not in") from None
        finally:
            self._packages.pop()
            self.depth -= 1


def _created(named: Frame, *, there: bool = True) -> Value:
    """A relation that a text puts together."""
    parts = [named.get(name) for name in ("database", "schema", "identifier")]
    if not isinstance(parts[2], str):
        return UNKNOWN
    texts = [part if isinstance(part, str) else "" if part is None else UNTOLD for part in parts]
    return Relation((texts[0], texts[1], texts[2]), there=there)
