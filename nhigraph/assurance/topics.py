"""What assurance targets are about, told from whole words of names.

Blind spots: other languages, words written without a mark between them, one's own abbreviations.
"""

import re
from functools import cache, lru_cache

from nhigraph.records import dataclass
from nhigraph.schema import kinds

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
PERSONAL = {"payroll", "employee-data", "customer-data", "user-data", "personal-data"}
#: Topics that only an application as a whole can be about, and those that take a whole kind.
_OF_SYSTEMS = {"identity-providers", "accounting-systems"}
OF_KIND = {kinds.AUDIT_LOG.label: "audit-logs", kinds.ENCRYPTION_KEY.label: "encryption-keys"}

_RUN = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a target may be about.

    Attributes:
        id: Id of the target that is proposed.
        order: Place in the table: the earlier topic wins.
        role: Role in financial reporting, or the lane of a trust target.
        process: Business process it usually belongs to; may be empty.
    """

    id: str
    order: int
    role: str
    process: str

    @property
    def lane(self) -> str:
        """``books``, ``C`` or ``A``: a name has at most one topic of each."""
        return self.role if self.role in {"A", "C"} else "books"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a topic, and where it ends in the text."""

    topic: Topic
    phrase: str
    end: int


def topic_of(name: str) -> Topic:
    """The topic of an id."""
    return _vocabulary()[0][name]


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
def _vocabulary() -> tuple[dict[str, Topic], dict[str, list[tuple[tuple[str, ...], Topic]]]]:
    """Topics by id, and phrases by their first word."""
    topics: dict[str, Topic] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Topic]]] = {}
    for order, line in enumerate(_TOPICS.split("\n")[1:-1]):
        name, role, process, words = (cell.strip() for cell in line.split(";"))
        topic = topics.setdefault(name, Topic(name, order, role, process))
        for phrase in words.split(", ") if name not in OF_KIND.values() else ():
            parts = tuple(_singular(word) for word in phrase.split())
            phrases.setdefault(parts[0], []).append((parts, topic))
    return topics, phrases


@lru_cache(maxsize=100_000)
def hits(text: str, kind: str) -> dict[str, Hit]:
    """The topic of a text in each lane: longest phrase, then earliest topic."""
    words = _words(text)
    best: dict[str, tuple[tuple[int, int, int], Hit]] = {}
    for at, (word, _) in enumerate(words):
        for parts, topic in _vocabulary()[1].get(word, ()):
            there = words[at : at + len(parts)]
            if tuple(w for w, _ in there) != parts:
                continue
            if topic.id in _OF_SYSTEMS and kind != kinds.SYSTEM.label:
                continue
            rank = (-len(parts), topic.order, at)
            if topic.lane not in best or rank < best[topic.lane][0]:
                best[topic.lane] = (rank, Hit(topic, " ".join(parts), there[-1][1]))
    return {lane: hit for lane, (_, hit) in best.items()}
