"""A scope to start from: targets that names, tags, owners and lineage point at.

A name is a reason to look, never a proof. So every proposal is commented out, with its reason
beside it: the user takes the mark off what is true. ``# `` stands before a line that can be
confirmed, ``##`` before words for the reader; with all marks taken off, the file is a valid scope.

What it misses: names in other languages, abbreviations of one's own, and models, which are
reached through the data that they compute.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from nhigraph.assurance.select import pattern
from nhigraph.facts import keys
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

#: Most targets that are proposed, and most selectors of one target.
TARGETS, SELECTORS = 40, 12
#: Reports whose whole lineage is counted; of more than these, those that take from most nodes.
_MEASURED = 100
#: Most characters of a name that a comment shows, and of a key that is written whole.
_SHOWN, _LONGEST = 80, 400

#: id, fs_role (``C`` or ``A``: a trust target), process, phrases: whole words of a name, singular.
#: Of two phrases of one length that fit one name, the earlier line wins.
_TOPICS = """
general-ledger; record; record-to-report; general ledger, gl, journal, je, ledger, coa
general-ledger; record; record-to-report; chart of account, journal entry, journal line
trial-balance; record; record-to-report; trial balance
financial-statements; record; record-to-report; balance sheet, income statement, cash flow, pnl
financial-statements; record; record-to-report; profit and loss, financial statement
consolidation; record; record-to-report; consolidation, consolidated, intercompany, elimination
accounts-payable; record; procure-to-pay; account payable, payable, ap, bill, expense
accounts-payable; record; procure-to-pay; purchase order, purchase invoice
accounts-receivable; record; order-to-cash; account receivable, receivable, ar
payroll; feeder; hire-to-retire; payroll, salary, wage, payslip
tax; record; tax; tax, vat, gst, withholding
exchange-rates; feeder; treasury; fx, forex, exchange rate, currency rate
bank-reconciliation; feeder; treasury; bank, bank reconciliation, reconciliation
inventory; record; inventory; inventory, cogs, cost of goods sold
fixed-assets; record; record-to-report; fixed asset, depreciation, amortization
revenue; record; order-to-cash; revenue, deferred revenue, sale, revrec
invoices; feeder; order-to-cash; invoice, billing, credit note, credit memo
payouts; feeder; treasury; payout, disbursement, wire transfer
payments; feeder; order-to-cash; payment, charge, refund, settlement, chargeback
vendor-master; feeder; procure-to-pay; vendor, vendor master, supplier
cash; record; treasury; cash, treasury
identity-providers; itgc_tool; access; idp, identity provider, okta, entra, azure ad, auth, sso
identity-providers; itgc_tool; access; active directory, keycloak, ping identity, onelogin, iam
identity-providers; itgc_tool; access; jumpcloud, ldap, saml, cognito, single sign on
accounting-systems; record; record-to-report; erp, netsuite, sap, quickbook, xero, workday
accounting-systems; record; record-to-report; intacct, dynamics, oracle financials, accounting
audit-logs; audit_trail; ; AuditLog
employee-data; C; ; employee, staff, applicant, candidate, personnel
customer-data; C; ; customer, client, subscriber, patient, contact
user-data; C; ; user, user profile, member
personal-data; C; ; person, people, personal, pii, phi, gdpr, hipaa
confidential-data; C; ; confidential, restricted, sensitive
encryption-keys; A; ; EncryptionKey
backups; A; ; backup, disaster recovery, restore point
finance-data; unknown; ; finance, financial, accounting, controlling, fin, sox, icfr
"""
_PERSONAL = {"payroll", "employee-data", "customer-data", "user-data", "personal-data"}
#: Topics that only an application as a whole can be about, and those that take a whole kind.
_OF_SYSTEMS = {"identity-providers", "accounting-systems"}
_OF_KIND = {kinds.AUDIT_LOG.label: "audit-logs", kinds.ENCRYPTION_KEY.label: "encryption-keys"}
_WHY_ROLE = {
    "record": "what it holds is in the books",
    "feeder": "the books take from it",
    "key_report": "its words are those of a report on which the statements rest",
    "itgc_tool": "it decides who may do what",
    "audit_trail": "it shows what was done",
    "unknown": "no name says which; none, if the statements do not rest on it",
}

_NAMED = (kinds.DATASET.label, kinds.STREAM.label, kinds.SYSTEM.label)
_LABELLED = (*_NAMED, kinds.REPORT.label, kinds.MODEL.label)
_LINEAGE = {Effect.FEED_DIRECT, Effect.FEED_INDIRECT, Effect.COMPUTE}
#: Property to the condition that looks it up.
_LABELS = {"tags": "tag", "labels": "label", "group": "group", "dbt": "dbt"}

_RUN = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_DENIED = re.compile(r"(false|no|none|null|0)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a target may be about; a node has at most one topic of each ``lane``."""

    id: str
    order: int
    role: str
    process: str

    @property
    def lane(self) -> str:
        return self.role if self.role in {"A", "C"} else "books"


@dataclass(frozen=True, slots=True)
class _Hit:
    """A phrase of a topic in a name, and where it ends there."""

    topic: _Topic
    phrase: str
    end: int


@dataclass(slots=True)
class _Proposal:
    """A target that is proposed.

    Attributes:
        id: Id it would have.
        topic: What it is about.
        tier: 1 where only its being a report speaks for it, else 0.
        role: Role it is proposed with.
        why: Why these nodes.
        items: Selector items as (conditions, node ids matched, reason), most nodes first.
        nodes: Ids of all nodes the items match.
        left_out: Selector items beyond the most that are written.
        upstream: Nodes of lineage that lead to it; with ``followers``, how much is relied on it.
        followers: Nodes that take from it.
    """

    id: str
    topic: _Topic
    tier: int
    role: str
    why: str
    items: list[tuple[dict[str, str], int, str]]
    nodes: set[int]
    left_out: int = 0
    upstream: int = 0
    followers: int = 0

    @property
    def rank(self) -> tuple[int, int, int, int, int, str]:
        return (
            *(self.tier, -self.upstream, -self.followers, -len(self.nodes)),
            *(self.topic.order, self.id),
        )


def suggest(graph: Graph, organization: str | None) -> str:
    """Text of a scope that proposes targets, all commented out, what is most relied on first.

    Args:
        graph: The merged graph.
        organization: Name of the organization, where it is known.
    """
    survey = _Survey(graph)
    found = survey.by_topic()
    reports = survey.reports()
    lineage = _Lineage(graph)
    reports.sort(key=lambda report: (report.tier, -lineage.inputs(report.nodes), report.id))
    lineage.measure([*found, *reports[:_MEASURED]])
    ranked = sorted(found + reports, key=lambda proposal: proposal.rank)
    lines = [*_head(organization, empty=not ranked)]
    for number, proposal in enumerate(ranked[:TARGETS], 1):
        lines += _written(number, proposal)
    if len(ranked) > TARGETS:
        lines += ["##", f"## {len(ranked) - TARGETS} more, less relied on, are left out."]
    lines += _foot()
    return "\n".join(lines) + "\n"


# -- words of names -----------------------------------------------------------------------------


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "ties", but "entries"
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "sses")):
        return word[:-2]
    # Short words are abbreviations such as COGS and SAAS, or no plurals, such as "bus".
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        return word[:-1]
    return word


def _words(text: str) -> list[tuple[str, int]]:
    """Whole words of a name, singular and in lower case, and where each ends."""
    found = []
    # An escape is no letter of a word; as long as it was, so that places stay.
    for run in _RUN.finditer(_ESCAPE.sub("   ", text)):
        humps = run[0].isascii() and not (run[0].islower() or run[0].isupper())
        for word in _HUMP.finditer(run[0]) if humps else [run]:
            end = word.end() + (run.start() if humps else 0)
            found.append((_singular(word[0].lower()), end))
    return found


@cache
def _vocabulary() -> tuple[dict[str, _Topic], dict[str, list[tuple[tuple[str, ...], _Topic]]]]:
    """Topics by id, and phrases by their first word."""
    topics: dict[str, _Topic] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], _Topic]]] = {}
    for order, line in enumerate(_TOPICS.split("\n")[1:-1]):
        name, role, process, words = (cell.strip() for cell in line.split(";"))
        topic = topics.setdefault(name, _Topic(name, order, role, process))
        for phrase in words.split(", ") if name not in _OF_KIND.values() else ():
            parts = tuple(_singular(word) for word in phrase.split())
            phrases.setdefault(parts[0], []).append((parts, topic))
    return topics, phrases


@lru_cache(maxsize=100_000)
def _hits(text: str, kind: str) -> dict[str, _Hit]:
    """The topic of a text in each lane: longest phrase, then earliest topic."""
    words = _words(text)
    best: dict[str, tuple[tuple[int, int, int], _Hit]] = {}
    for at, (word, _) in enumerate(words):
        for parts, topic in _vocabulary()[1].get(word, ()):
            there = words[at : at + len(parts)]
            if tuple(w for w, _ in there) != parts:
                continue
            if topic.id in _OF_SYSTEMS and kind != kinds.SYSTEM.label:
                continue
            rank = (-len(parts), topic.order, at)
            if topic.lane not in best or rank < best[topic.lane][0]:
                best[topic.lane] = (rank, _Hit(topic, " ".join(parts), there[-1][1]))
    return {lane: hit for lane, (_, hit) in best.items()}


def _name_at(key: str) -> tuple[int, int]:
    """Where the name begins in a key, and where the schema or folder that holds it does."""
    marks = "." if key.startswith("dataset:") else ".:/"
    name = max(key.rfind(mark) for mark in marks)
    if name < 0:
        name = key.rfind(":")
    return name + 1, max(key.rfind(mark, 0, max(name, 0)) for mark in ".:/") + 1


def _texts(value: object) -> list[str]:
    """Words of a property, split as selectors split them."""
    if isinstance(value, str):
        return value.split(";")
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _meta(props: Mapping[str, Any]) -> Iterator[str]:
    """What ``meta`` affirms; what it denies is no reason."""
    for name, value in sorted(props.items()):
        if name != "meta" and not name.startswith(("meta.", "meta_")):
            continue
        if isinstance(value, dict):
            value = [f"{inner}: {value[inner]}" for inner in sorted(value)]  # noqa: PLW2901
        prefix = name[5:]
        for text in _texts(value) if isinstance(value, str | list | tuple) else [str(value)]:
            if not _DENIED.search(text):
                yield f"{prefix} {text}".strip()


# -- proposals ----------------------------------------------------------------------------------


class _Survey:
    """Nodes of a graph by what their names and labels say."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names: list[str] = graph.nodes["name"].tolist()
        #: Topic id -> node id -> place in the key where the phrase ends, and the phrase.
        self.named: dict[str, dict[int, tuple[int, str]]] = {}
        #: Topic id -> selector conditions -> nodes and phrase.
        self.labelled: dict[str, dict[tuple[tuple[str, str], ...], tuple[set[int], str]]] = {}

    def by_topic(self) -> list[_Proposal]:
        """One target per topic that anything speaks for."""
        for node, kind in enumerate(self.graph.kind_list):
            if kind in _NAMED:
                self._name(node, kind)
        for node, props in self.graph.nodes_with_property(*_LABELS):
            self._label(node, props)
        for node, props in self.graph.nodes_with_property("meta"):
            pass
        topics = _vocabulary()[0]
        found = [self._proposal(topics[name]) for name in sorted({*self.named, *self.labelled})]
        return found
