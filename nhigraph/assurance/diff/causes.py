"""Two estates, and the cause of each answer that is another one in the second."""

from collections.abc import Callable, Collection, Mapping, Sequence

from nhigraph.assurance.diff.answers import NOTHING, Pair, Told
from nhigraph.assurance.diff.mixed import Mixed, Stored
from nhigraph.assurance.diff.relevant import Relevance
from nhigraph.assurance.diff.search import Cause, Changes, Search, grouped
from nhigraph.assurance.diff.told import told
from nhigraph.assurance.diff.walks import Walks
from nhigraph.assurance.estate import Estate
from nhigraph.graph.mixture import Mask
from nhigraph.records import dataclass

#: Sets of changes that are tried at most.
TRIALS = 2_000
#: Answers of some questions after some changes.
_Asking = Callable[[Changes, Collection[Pair]], Mapping[Pair, Told]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer that changed.

    Attributes:
        pair: Whose, at which target.
        before: What was told.
        after: What is told now.
        cause: What explains it; None where no part of what differs was found to.
    """

    pair: Pair
    before: Told
    after: Told
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two estates.

    Attributes:
        mixed: Both, with what differs.
        verdicts: Answers that changed, by identity and target.
        trials: How many sets of changes were tried.
    """

    mixed: Mixed
    verdicts: tuple[Verdict, ...]
    trials: int = 0


def differences(
    before: Stored, after: Stored, first: Estate, second: Estate, trials: int = TRIALS
) -> Differences:
    """Compare two estates.

    Args:
        before: What the first is made of.
        after: What the second is made of.
        first: The first, resolved.
        second: The second, resolved.
        trials: How many sets of changes may be tried.
    """
    mixed = Mixed(before, after)
    old, new = told(first), told(second)
    changed = [
        pair for pair in sorted({*old, *new}) if old.get(pair, NOTHING) != new.get(pair, NOTHING)
    ]
    wanted = {pair: new.get(pair) for pair in changed}
    found, tried = _causes(mixed, (first, second), wanted, trials) if wanted else ({}, 0)
    return Differences(
        mixed,
        tuple(
            Verdict(pair, old.get(pair, NOTHING), new.get(pair, NOTHING), found.get(pair))
            for pair in changed
        ),
        tried,
    )


def _causes(
    mixed: Mixed, estates: tuple[Estate, Estate], wanted: Mapping[Pair, Told | None], trials: int
) -> tuple[Mapping[Pair, Cause], int]:
    """Causes, and how many sets were tried.

    They are searched in the part of the estates on which the answers can rest, and then made in
    the whole: where one does not hold there, all are searched in the whole.
    """
    relevance = Relevance(mixed, *estates)
    identities = sorted({identity for identity, _ in wanted})
    matters = {identity: relevance.of(identity) for identity in identities}
    relevant = {pair: matters[pair[0]] for pair in wanted}

    after = _asking(mixed, identities, relevance.common)
    tried = 0
    if relevance.within(identities) is not None:
        near = _asking(mixed, identities, relevance.common, relevance.within)
        search = Search(near, wanted, relevant, trials)
        found = search.causes()
        tried = trials - search.trials
        if len(found) == len(wanted) and _hold(found, wanted, after):
            return found, tried
    search = Search(after, wanted, relevant, trials)
    return search.causes(), tried + trials - search.trials


def _asking(
    mixed: Mixed,
    identities: Sequence[str],
    common: Collection[int],
    within: Callable[[Sequence[str]], Mask | None] = lambda _: None,
) -> _Asking:
    """What answers some questions after some changes.

    Args:
        mixed: Two estates.
        identities: Keys of those who may be asked about.
        common: Numbers of changes that may matter to everybody.
        within: The nodes on which answers of some identities can rest; by default all.
    """
    masks: dict[tuple[str, ...], Mask | None] = {}
    walks = Walks(mixed, identities, common, within(identities))

    def asking(changes: Changes, asked: Collection[Pair]) -> Mapping[Pair, Told]:
        some = tuple(sorted({identity for identity, _ in asked}))
        found = walks.told(changes, some)
        if found is not None:
            return found
        if some not in masks:
            masks[some] = within(some)
        return told(mixed.estate(changes, masks[some]), some)

    return asking


def _hold(
    causes: Mapping[Pair, Cause],
    wanted: Mapping[Pair, Told | None],
    after: _Asking,
) -> bool:
    """Whether every cause gives what it explains."""
    for changes, pairs in grouped(causes).items():
        answers = after(frozenset(changes), pairs)
        if any(answers.get(pair) != wanted[pair] for pair in pairs):
            return False
    return True
