"""How far an identity's answer on each side is settled: stated, conditional, open, or nothing.

A side is the books (SOC 1) or the promises (SOC 2). Everything here is a function of the columns
of identities.csv and verdicts.csv, so that whoever has the files can count again.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from nhigraph.assurance.rows import IdentityRow, VerdictRow
from nhigraph.assurance.verdict_rows import VerdictRows

#: Most settled first.
CAN, MAY, UNDETERMINED, NONE = SETTLED = ("can", "may", "undetermined", "none")


def rows_by_identity(rows: Iterable[VerdictRow]) -> dict[str, list[VerdictRow]]:
    """Rows of verdicts.csv, grouped."""
    found: dict[str, list[VerdictRow]] = {}
    for row in rows:
        found.setdefault(row.identity, []).append(row)
    return found


def said_by_identity(rows: Iterable[VerdictRow]) -> Mapping[str, Sequence[VerdictRow]]:
    """What the rows of each identity say of either side; of all else they may say nothing."""
    if isinstance(rows, VerdictRows):
        return rows.by_identity(attrgetter("soc1", "soc2", "certainty"))
    return rows_by_identity(rows)


def on_books(identity: IdentityRow, rows: Sequence[VerdictRow]) -> str:
    """``none`` and ``undetermined`` as column soc1 has them.

    Else ``can`` if one of the rows with the identity's own soc1 has certainty can, else ``may``.
    """
    if identity.soc1 in {NONE, UNDETERMINED}:
        return identity.soc1
    certain = (row.soc1 == identity.soc1 and row.certainty == CAN for row in rows)
    return CAN if any(certain) else MAY


def on_trust(identity: IdentityRow, rows: Sequence[VerdictRow]) -> str:
    """``none`` where column soc2 is empty, ``undetermined`` where it has that word.

    Else ``can`` if one of the rows with a letter has certainty can, or if no row has a letter
    that the identity has: only its own weakness gives such an S, and that is stated. Else ``may``.
    """
    if not identity.soc2:
        return NONE
    if identity.soc2 == (UNDETERMINED,):
        return UNDETERMINED
    lettered = [row for row in rows if row.soc2 and row.soc2 != (UNDETERMINED,)]
    own = set(identity.soc2).difference(*(row.soc2 for row in lettered))
    return CAN if own or any(row.certainty == CAN for row in lettered) else MAY


def of_identity(identity: IdentityRow, rows: Sequence[VerdictRow]) -> str:
    """Certainty of the gravest thing that is shown: the books, else a promise.

    ``may`` where only an open question stands, empty where nothing does.
    """
    for side in (on_books(identity, rows), on_trust(identity, rows)):
        if side in {CAN, MAY}:
            return side
    return "" if identity.verdict == "neither" else MAY


def of_identities(
    identities: Iterable[IdentityRow], verdicts: Iterable[VerdictRow]
) -> Mapping[str, str]:
    """``of_identity`` by key."""
    rows = said_by_identity(verdicts)
    return {one.identity: of_identity(one, rows.get(one.identity, ())) for one in identities}
