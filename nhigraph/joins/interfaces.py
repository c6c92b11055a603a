"""What called code takes, gives back and leaves, followed to where its values come from."""

from collections.abc import Callable
from dataclasses import field

from nhigraph.facts import values
from nhigraph.facts.ends import Call, Interface, Step
from nhigraph.facts.keys import forge
from nhigraph.facts.values import UNKNOWN, Named, Output, Ref, Value
from nhigraph.joins import handed
from nhigraph.joins.handed import MOST_WAYS, Way, pairs
from nhigraph.joins.view import View
from nhigraph.policy import forges
from nhigraph.records import dataclass

#: Whether what is called may be other code than what was read: the callee, the caller, the call.
Doubt = Callable[[int, int, Call], str]


@dataclass(frozen=True, slots=True)
class Both:
    """What several files say of one interface, or one."""

    inputs: Named = field(default_factory=dict)
    chosen: Named = field(default_factory=dict)
    outputs: Named = field(default_factory=dict)
    leaves: Named = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Variables that steps of a job or action leave for those behind them.

    Attributes:
        steps: By number of the step, what it leaves.
    """

    steps: tuple[tuple[int, Named], ...] = ()

    def over(self, env: Named, own: Named, step: int | None) -> dict[str, Value]:
        """Variables of a step with those that steps before it left.

        Which of its own the step itself sets, which go before, is not told: it may be either.
        """
        found = dict(env)
        for number, left in self.steps:
            for name, value in left.items() if step is not None and number < step else ():
                before = found.get(name)
                known = values.otherwise(value, before or values.UNSET)
                both = name in own and before is not None
                found[name] = values.any_of([known, before]) if both and before else known
        return found


class Interfaces:
    """Interfaces of called code."""

    def __init__(self, view: View, doubt: Doubt) -> None:
        """Nothing is looked up before it is asked for."""
        self.view, self._doubt = view, doubt
        self._known: dict[int, Both] = {}
        self._outputs: dict[tuple[int, Output, Way], Value] = {}
        self._left: dict[tuple[int, Way], Named] = {}
        self._ways: dict[int, set[Way]] = {}

    def of(self, node: int) -> Both:
        """What a workflow or action takes and gives back; of several files, all of that."""
        if node not in self._known:
            many = self.view.ends(node, Interface)
            one = many[0] if len(many) == 1 else None
            self._known[node] = Both(
                *(
                    getattr(one, name)
                    if one
                    else handed.any_of([getattr(each, name) for each in many])
                    for name in ("inputs", "chosen", "outputs", "leaves")
                )
            )
        return self._known[node]

    def handed(
        self, callee: int, caller: int, given: Named, inputs: Named, depth: int = 0
    ) -> dict[str, Value]:
        """What called code has for its inputs: what it is given, else its defaults."""
        return {**self.of(callee).inputs, **self.bound(caller, inputs, given, depth)}

    def bound(self, node: int, inputs: Named, named: Named, depth: int = 0) -> dict[str, Value]:
        """Values with inputs and outputs replaced by what these are there."""
        return {name: self.value(node, value, inputs, depth) for name, value in named.items()}

    def value(self, node: int, value: Value, inputs: Named, depth: int = 0) -> Value:
        """One value of a job or an action, with what it is handed."""
        found = values.bound(value, inputs)
        if not any(isinstance(ref, Output) for ref in found):
            return found
        told: list[Ref] = []
        for ref in found:
            told += self._output(node, ref, inputs, depth) if isinstance(ref, Output) else (ref,)
        return tuple(dict.fromkeys(told))

    def _output(self, node: int, ref: Output, inputs: Named, depth: int) -> Value:
        # What is asked of one thing with the same inputs, by whichever ways, is looked up once.
        place = node, ref, pairs(inputs)
        if place not in self._outputs:
            if depth > forges.levels():
                return UNKNOWN
            self._outputs[place] = UNKNOWN  # of what asks for itself
            self._outputs[place] = self._given_back(node, ref, inputs, depth)
        return self._outputs[place]

    def _few(self, callee: int, inputs: Named) -> Named:
        """What called code is handed; nothing that is known where it is handed too many things."""
        ways = self._ways.setdefault(callee, set())
        way = pairs(inputs)
        if way in ways:
            return inputs
        if len(ways) >= MOST_WAYS:
            return {}
        ways.add(way)
        return inputs

    def _given_back(self, node: int, ref: Output, inputs: Named, depth: int) -> Value:
        base = self._job(node, ref.job) if ref.job else node
        if base is None:
            return UNKNOWN
        step = int(ref.step) if ref.step else None
        call = next((one for one in self.view.ends(base, Call) if one.step == step), None)
        callee = self.view.node(call.callee) if call is not None else None
        if call is None or callee is None:
            return UNKNOWN
        value = self.of(callee).outputs.get(ref.name)
        if value is None or (step is None and self._doubt(callee, base, call)):
            return UNKNOWN
        given = call.inputs if step is None else self._given(base, step)
        inner = self.handed(callee, base, given, inputs, depth + 1)
        return self.value(callee, value, self._few(callee, inner), depth + 1)

    def _given(self, node: int, step: int) -> Named:
        many = [one.given for one in self.view.ends(node, Step) if one.step == step]
        return many[0] if len(many) == 1 else handed.any_of(many)

    def _job(self, node: int, name: str) -> int | None:
        """The job of that name in the file of a job, or in a file."""
        key = self.view.parsed(node)
        workflow = key.workflow if isinstance(key, forge.Job) else key
        if not isinstance(workflow, forge.Workflow):
            return None
        return self.view.node(workflow.job(name).text)

    def left(self, node: int, inputs: Named, depth: int = 0) -> Leaving:
        """What actions of the own repository leave for the steps behind them."""
        found: list[tuple[int, Named]] = []
        for call in self.view.ends(node, Call):
            callee = self.view.node(call.callee) if call.step is not None else None
            if callee is not None and call.step is not None:
                inner = self.handed(callee, node, self._given(node, call.step), inputs)
                found.append((call.step, self._leaves(callee, inner, depth)))
        return Leaving(tuple(sorted(found, key=lambda one: one[0])))

    def _leaves(self, action: int, inputs: Named, depth: int) -> Named:
        """What an action leaves, and those that it uses."""
        inputs = self._few(action, inputs)
        place = action, pairs(inputs)
        if place not in self._left:
            self._left[place] = {}  # of what uses itself
            self._left[place] = self._leaving(action, inputs, depth)
        return self._left[place]

    def _leaving(self, action: int, inputs: Named, depth: int) -> Named:
        own = self.bound(action, inputs, self.of(action).leaves)
        inner = self.left(action, inputs, depth + 1).steps if depth < forges.levels() else ()
        for _, left in inner:
            for name, value in left.items():
                own[name] = values.any_of([own.get(name, value), value])
        return own
