"""Questions about what no input describes, though edges lead there or need something there."""

from collections.abc import Sequence

from nhigraph.assurance.question_rows import Proposal
from nhigraph.assurance.questions import words
from nhigraph.assurance.questions.question import Kind, Question
from nhigraph.facts.asks import Leads, Needs
from nhigraph.schema import claims


def needed(
    asks: Sequence[Needs], names: Sequence[str], at: Sequence[str], closes: frozenset[int]
) -> Question:
    """Does somebody hold what edges need there?

    Args:
        asks: What the gaps ask for, of one and the same needs.
        names: Whoever it is asked of.
        at: The same, as keys or patterns of them.
        closes: Rows of the gaps.
    """
    needs = asks[0].needs
    wanted = sorted({key for key, _ in needs})
    edges = sorted({edge[:2] for ask in asks for edge in ask.edges})
    answers = tuple(
        Proposal(label, _answer(at, wanted, said))
        for label, said in (("no", claims.EMPTY), ("yes", claims.HELD))
    )
    text = words.needs(names, needs, edges)
    return Question(Kind.EXPORT, wanted[0], text, closes, answers=answers)


def led_to(
    asks: Sequence[Leads], names: Sequence[str], at: Sequence[str], closes: frozenset[int]
) -> Question:
    """What is there? As ``needed``, of one and the same end."""
    to = asks[0].to
    text = words.leads(to, names, sorted({ask.kind for ask in asks}))
    nothing = _answer(at, [to], claims.EMPTY)
    answers = (Proposal("nothing that matters", nothing),)
    return Question(Kind.EXPORT, to, text, closes, answers=answers)


def _answer(at: Sequence[str], of: Sequence[str], said: str) -> dict[str, object]:
    gap = {"at": _one_or_many(at), "for": _one_or_many(of)}
    return {"answers": [{"gap": gap, "is": said}]}


def _one_or_many(items: Sequence[str]) -> str | list[str]:
    return items[0] if len(items) == 1 else [*items]
