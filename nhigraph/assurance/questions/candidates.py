"""What could be asked: one question for each fact that would close a gap, an edge or a gate."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, fields
from functools import cached_property
from typing import Any

from nhigraph.assurance.answers import edges
from nhigraph.assurance.answers.gates import kind_of
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Weighing
from nhigraph.assurance.question_rows import Proposal
from nhigraph.assurance.questions import undescribed, words
from nhigraph.assurance.questions.hints import Hints
from nhigraph.assurance.questions.question import Kind, Question
from nhigraph.assurance.questions.selectors import selectors
from nhigraph.facts import keys
from nhigraph.facts.asks import Ask, Becomes, Export, Leads, Machine, Needs, Opens, Same, Trusted
from nhigraph.facts.keys import forge
from nhigraph.policy import forges
from nhigraph.records import dataclass
from nhigraph.schema.claims import NOBODY
from nhigraph.schema.types import Certainty, GateKind


@dataclass(frozen=True, slots=True)
class Absent:
    """Exports that nobody gave.

    Attributes:
        commands: Title to the command that makes it.
        settles: Title to what it would settle.
        gates: Key of a gate to the command that tells of it.
        unreadable: Titles of those that no source of this version reads.
    """

    commands: Mapping[str, str] = field(default_factory=dict)
    settles: Mapping[str, str] = field(default_factory=dict)
    gates: Mapping[str, str] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[Mapping[str, Any]], sources: Collection[str]) -> "Absent":
        """What is absent.

        Args:
            entries: Entries of ``absent`` in coverage.json.
            sources: Names of the sources there are.
        """
        many = [*entries]
        return cls(
            {one["title"]: one["command"] for one in many},
            {one["title"]: one["settles"] for one in many},
            {one["gate"]: one["command"] for one in many if one["gate"]},
            frozenset(one["title"] for one in many if one["source"] not in sources),
        )


def candidates(estate: Estate, absent: Absent, claimed: Collection[str] = ()) -> list[Question]:
    """Everything that could be asked of an estate, by subject.

    Args:
        estate: What is judged.
        absent: Exports that nobody gave.
        claimed: Gates at which a person decides by an answer alone: who it is can be asked. Where
            a document says so, nobody's word that there is none would count.
    """
    found = _Candidates(estate, absent, claimed)
    many = [*found.of_gaps(), *found.of_edges(), *found.of_gates()]
    return sorted(many, key=lambda one: one.order)


class _Candidates:
    """Questions of one estate."""

    def __init__(self, estate: Estate, absent: Absent, claimed: Collection[str]) -> None:
        self.estate, self.absent, self.claimed = estate, absent, claimed
        self.graph = estate.graph
        self.keys = estate.graph.key_list
        self.listed = keys.Listed(self.keys)
        self.sources: list[int] = estate.graph.edges["src"].tolist()
        secrets = [node for _, node, ask in self._rows if isinstance(ask, Opens)]
        self.hints = Hints(estate, secrets)

    # -- gaps -----------------------------------------------------------------------------------

    @cached_property
    def _rows(self) -> list[tuple[int, int, Ask | None]]:
        """Open gaps: row, node, what they ask for."""
        rows = self.estate.open_gap_rows
        return [(row, self.estate.gap(row)[0], self.graph.gap_asks(row)) for row in rows]

    @cached_property
    def _at(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, node, _ in self._rows:
            found.setdefault(node, []).append(row)
        return found

    def of_gaps(self) -> Iterator[Question]:
        """Questions that close gaps: alike ones are one question."""
        groups: dict[tuple[object, ...], list[tuple[int, int]]] = {}
        for row, node, ask in self._rows:
            groups.setdefault(self._group(node, ask), []).append((row, node))
        for group, rows in groups.items():
            nodes = sorted({node for _, node in rows})
            closes = frozenset(row for row, _ in rows)
            yield from self._question(group, nodes, closes)

    def _group(self, node: int, ask: Ask | None) -> tuple[object, ...]:
        key = self.keys[node]
        match ask:
            case Opens():
                return (Opens, self.hints.group(node))
            case Trusted():
                of = forge.home_of(key)
                return (Trusted, key if of is None else of.owner)
            case Machine(setting):
                of = forge.home_of(key)
                home = key if of is None else of.text
                return (Machine, setting, "" if setting else home)
            case Export() | Same():
                return (type(ask), *(getattr(ask, one.name) for one in fields(ask)))
            case Needs(about) | Leads(about):
                return (type(ask), about)
            case _:
                return (Becomes if ask == Becomes() else "here", *self._alike(node))

    def _alike(self, node: int) -> tuple[object, ...]:
        """Things of one repository that are not known for one and the same reason."""
        of = forge.home_of(self.keys[node])
        reasons = self.graph.gaps["reason"]
        said = frozenset(str(reasons.iat[row]) for row in self._at[node])
        return (of.text, said) if of is not None else (node,)

    def _question(
        self, group: tuple[object, ...], nodes: list[int], closes: frozenset[int]
    ) -> Iterator[Question]:
        what, about = group[0], str(group[1])
        if what is Opens:
            yield self._secret(nodes, closes)
        elif what is Trusted:
            yield self._trusted(nodes, closes)
        elif what is Machine:
            yield self._machine(about, str(group[2]), closes)
        elif what is Same:
            yield words.same(about, str(group[2]), closes)
        elif what is Becomes:
            yield self._becomes(nodes, closes)
        elif what in (Needs, Leads):
            yield from self._undescribed(what, nodes, closes)
        else:
            yield self._empty(about if what is Export else "", nodes)

    def _select(self, nodes: Iterable[int]) -> Any:  # noqa: ANN401 - an item, or several
        named: dict[str, list[str]] = {}
        for node in nodes:
            named.setdefault(self.hints.name(node), []).append(self.keys[node])
        many = [selectors(one, self.listed, self.keys) for one in named.values()]
        items = [{"key": key} for key in sorted({key for found in many for key in found})]
        return items[0] if len(items) == 1 else items

    def _secret(self, nodes: list[int], closes: frozenset[int]) -> Question:
        select = self._select(nodes)
        opened = [words.NOTHING_LABEL, *self.hints.opened(nodes)]
        answers = [
            Proposal(one, {"answers": [{"secret": select, "opens": one}]}) for one in opened
        ]
        names = sorted({self.hints.name(node) for node in nodes})
        known = next(filter(None, map(self.hints.known, nodes)), None)
        handed = None if known else next(filter(None, map(self.hints.handed, nodes)), None)
        text = words.secret(names, len(nodes), known, handed)
        subject = self.keys[nodes[0]] if len(nodes) == 1 else words.listed(names)
        named = {"secret": select, "opens": words.KEY}
        return Question(Kind.SECRET, subject, text, closes, answers=tuple(answers), named=named)

    def _trusted(self, nodes: list[int], closes: frozenset[int]) -> Question:
        homes = [forge.home_of(self.keys[node]) for node in nodes]
        names = [of.path if of else self.keys[n] for of, n in zip(homes, nodes, strict=True)]
        select = self._select(nodes)
        nothing = {"answers": [{"token": select, "trusted_by": words.NOTHING_LABEL}]}
        answers = (Proposal(words.NOTHING_LABEL, nothing),)
        subject = self.keys[nodes[0]] if len(nodes) == 1 else words.listed(names)
        titles = [t for t, s in self.absent.settles.items() if s.startswith(words.TRUSTING)]
        unread = [title for title in titles if title in self.absent.unreadable]
        text = words.trusted(names, unread, some=len(unread) < len(titles))
        return Question(
            Kind.EXPORT,
            subject,
            text,
            closes,
            answers=answers,
            command=next(iter(self._clouds), ""),
            named={"token": select, "trusted_by": words.KEY},
        )

    def _becomes(self, nodes: list[int], closes: frozenset[int]) -> Question:
        """Whom jobs become elsewhere, where their login names nobody."""
        at = sorted(self.keys[node] for node in nodes)
        gap = {"gap": {"at": at[0] if len(at) == 1 else at}}
        reasons = sorted({str(self.graph.gaps["reason"].iat[row]) for row in closes})
        text = words.becomes([self.hints.name(node) for node in nodes], reasons)
        answers = (Proposal("nobody that matters", {"answers": [{**gap, "is": "empty"}]}),)
        named = {**gap, "becomes": words.KEY}
        return Question(Kind.EXPORT, at[0], text, closes, answers=answers, named=named)

    def _undescribed(
        self, what: object, nodes: list[int], closes: frozenset[int]
    ) -> Iterator[Question]:
        """What no input describes, though edges lead there or need something there."""
        keys_of = [self.keys[node] for node in nodes]
        names = [self.hints.name(node) for node in nodes]
        at = selectors(keys_of, self.listed, self.keys)
        asks = [self.graph.gap_asks(row) for row in closes]
        if what is Needs:
            needs = [ask for ask in asks if isinstance(ask, Needs)]
            yield undescribed.needed(needs, names, at, closes)
        else:
            leads = [ask for ask in asks if isinstance(ask, Leads)]
            yield undescribed.led_to(leads, names, at, closes)

    @property
    def _clouds(self) -> list[str]:
        found = [(s, self.absent.commands[t]) for t, s in self.absent.settles.items()]
        return ["; ".join(sorted({c for s, c in found if s.startswith(words.TRUSTING) and c}))]

    def _machine(self, setting: str, home: str, closes: frozenset[int]) -> Question:
        if setting:
            hosted = {"variable": {"key": setting}, "is": "ubuntu-latest"}
            own = {"variable": {"key": setting}, "is": "self-hosted"}
            answers = (
                Proposal("ubuntu-latest", {"answers": [hosted]}),
                Proposal("self-hosted", {"answers": [own]}),
            )
            return Question(
                Kind.DEFAULT, setting, words.variable(setting), closes, answers=answers
            )
        of = forge.home_of(home)
        # Whatever its jobs run on is told at once, variables included.
        many = frozenset(
            row
            for row, node, ask in self._rows
            if isinstance(ask, Machine) and forge.home_of(self.keys[node]) == of
        )
        hosted = {"default": "runner", "of": {"key": home}, "is": "hosted"}
        only = (Proposal("hosted", {"answers": [hosted]}),)
        return Question(Kind.DEFAULT, home, words.runner(home), many | closes, answers=only)

    def _empty(self, title: str, nodes: list[int]) -> Question:
        """Something was not given, or not understood; somebody's word may do instead."""
        closes = frozenset(row for node in nodes for row in self._at[node])
        reasons = sorted({str(self.graph.gaps["reason"].iat[row]) for row in closes})
        at = [self.keys[node] for node in nodes]
        found = selectors(at, self.listed, self.keys, wide=bool(title))
        gap = {"gap": {"at": found[0] if len(found) == 1 else found}, "is": "empty"}
        answers = (Proposal("nothing that matters", {"answers": [gap]}),)
        subject = title or self.keys[nodes[0]]
        names = [self.hints.name(node) for node in nodes]
        settles = self.absent.settles.get(title, "")
        if title:
            readable = title not in self.absent.unreadable
            text = words.export(title, settles, names, readable=readable)
        else:
            text = words.unread(names, reasons)
        command = self.absent.commands.get(title, "")
        return Question(Kind.EXPORT, subject, text, closes, answers=answers, command=command)

    # -- edges ----------------------------------------------------------------------------------

    def of_edges(self) -> Iterator[Question]:
        """Conditions on which edges hold, and defaults."""
        certainty = self.graph.edges["certainty"].to_numpy(dtype=object)
        conditions = self.graph.edges["condition"].to_numpy(dtype=object)
        rows = self.estate.in_force & (certainty == Certainty.CONDITIONAL) & (conditions != "")
        whole = set(conditions[rows].tolist())
        defaults = {one.default_writes for one in forges.FORGES.values()}
        for text in sorted(whole):
            if text in defaults or edges.is_told_by_parts(text, whole):
                continue
            drops = frozenset(edges.holding(self.graph, text))
            answers = (
                Proposal("false", {"answers": [{"condition": text, "is": False}]}),
                Proposal("true", {"answers": [{"condition": text, "is": True}]}),
            )
            sources = {self.hints.name(self.sources[row]) for row in drops}
            text_of = words.condition(text, sorted(sources))
            yield Question(Kind.CONDITION, text, text_of, drops=drops, answers=answers)
        yield from self._defaults()

    def _defaults(self) -> Iterator[Question]:
        """What tokens may write by default, repository by repository."""
        homes: dict[str, set[int]] = {}
        for row, home, _ in edges.of_default(self.graph):
            if self.estate.in_force[row]:
                homes.setdefault(home, set()).add(row)
        for home, drops in sorted(homes.items()):
            answers = tuple(
                Proposal(one, {"answers": [{**_default("workflow_token", home), "is": one}]})
                for one in ("read", "write")
            )
            of = forge.Repository.parse(home)
            path = home if of is None else of.path
            command = ""
            if of is not None:
                lines = forges.of(of).exports.token_default(of)
                command = next((one.command for one in lines), "")
            yield Question(
                Kind.DEFAULT,
                home,
                words.token_default(path),
                drops=frozenset(drops),
                answers=answers,
                command=command,
            )

    # -- gates ----------------------------------------------------------------------------------

    def of_gates(self) -> Iterator[Question]:
        """Gates that may stand, and of which nobody tells whether they hold."""
        named = self.graph.edges["gate"].to_numpy(dtype=object)
        weighing = Weighing(self.estate)
        for gate in sorted(set(named[self.estate.in_force].tolist()) - {""}):
            answers = weighing.tests(gate)
            record = self.graph.gate_records.get(gate)
            told = record.tests if record is not None else {}
            # What a record tells and the graph doubts, no answer about the record settles.
            asked = [test for test, answer in answers.items() if answer is None is told.get(test)]
            if asked and False not in answers.values():
                yield self._gate(gate, asked)
            elif (
                record is not None
                and gate in self.claimed
                and None in answers.values()
                and not record.approvers
            ):
                yield self._deciders(gate)

    def _deciders(self, gate: str) -> Question:
        """Whoever decides at a gate of which all else is told."""
        answer = {"gate": gate, "approvers": NOBODY}
        return Question(
            Kind.DEFAULT,
            gate,
            words.deciders(gate),
            gates=(gate,),
            answers=(Proposal(NOBODY, {"answers": [answer]}),),
            command=self.absent.gates.get(gate, ""),
            named={"gate": gate, "approvers": [words.KEY]},
        )

    def _gate(self, gate: str, asked: list[str]) -> Question:
        rule = keys.parse(gate)
        known = gate in self.graph.gate_records
        if not known and isinstance(rule, forge.BranchProtection):
            of = {**_default("branch_protection", rule.repository.text)}
            stands = [{**of, "is": "review"}]
            made = [
                Proposal("none", {"answers": [{**of, "is": "none"}]}),
                Proposal("there is one", {"answers": stands}),
            ]
            text = words.branch(rule.repository.path, rule.branch)
        else:
            test = "enforced_by_target" if "enforced_by_target" in asked else asked[0]
            no = [{"gate": gate, "test": test, "is": False}]
            yes = [{"gate": gate, "test": one, "is": True} for one in asked]
            every = f"yes: {', '.join(asked)}"
            made = [Proposal("no", {"answers": no}), Proposal(every, {"answers": yes})]
            kind = GateKind(self.graph.gate_records[gate].kind) if known else kind_of(gate)
            text = words.gate(gate, kind, test)
        command = self.absent.gates.get(gate, "")
        return Question(
            Kind.DEFAULT, gate, text, gates=(gate,), answers=tuple(made), command=command
        )


def _default(which: str, home: str) -> dict[str, object]:
    return {"default": which, "of": {"key": home}}
