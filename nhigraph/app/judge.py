"""Everything that is asked of an estate for its assessment, in one order."""

from dataclasses import replace

from nhigraph.app.ask import Asked, answers, ask
from nhigraph.app.assessment import shaped, with_cuts, with_findings, with_questions
from nhigraph.app.findings import findings
from nhigraph.app.given_back import give_back
from nhigraph.app.imagined import everybody, takers_and_knowers
from nhigraph.app.judged import Judged
from nhigraph.app.rotate import with_rotation
from nhigraph.app.stages import Say
from nhigraph.app.which import with_which
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.cuts.of_targets import cuts
from nhigraph.assurance.rows import Assessment
from nhigraph.assurance.tracing import Elsewhere
from nhigraph.errors import UsageError

#: Most alternatives of a path that are printed; ``why`` gives more.
ALTERNATIVES = 2
#: Looks at a clause that they may cost in all: a small part of an assessment, whatever its size.
ALTERNATIVES_WORK = 1_000_000


def judge(
    judged: Judged,
    options: Options | None = None,
    say: Say | None = None,
    elsewhere: Elsewhere | None = None,
) -> tuple[Assessment, Asked]:
    """Every answer on an estate, and what would settle what is open.

    Args:
        judged: The estate and what stands behind it.
        options: Which rows and paths to give.
        say: Told what is going on.
        elsewhere: Where identities are traced, if not in this process.

    Raises:
        UsageError: Its scope names no target, be it one that cannot be used.
    """
    tell = say or (lambda _phrase, _done, _total: None)
    require_usable_targets(judged)
    wanted = options or Options()
    tell("tracing identities", 0, 0)
    beside = everybody(judged)
    analysis = Analysis(judged.estate, elsewhere=elsewhere, imagined=beside.imagined)
    found = answer(
        analysis,
        replace(wanted, alternatives=ALTERNATIVES, work=ALTERNATIVES_WORK),
        lambda done, total: tell("tracing identities", done, total),
    )
    give_back()
    answered = shaped(judged, found)
    tell("asking the rules", 0, 0)
    answered = with_findings(answered, findings(analysis, found))
    tell("asking what would settle most", 0, 0)
    asked = ask(judged, analysis, found)
    answered = with_questions(answered, asked, answers(judged, answered.controls))
    tell("asking which report every system needs", 0, 0)
    takers, knowers = takers_and_knowers(beside, analysis)
    give_back()
    answered = with_which(answered, judged, takers)
    give_back()
    tell("looking for the smallest cuts", 0, 0)
    answered = with_cuts(answered, judged.estate, cuts(analysis, found.verdicts))
    tell("ranking credentials", 0, 0)
    return with_rotation(answered, judged, wanted.paths, knowers), asked


def require_usable_targets(judged: Judged) -> None:
    """Refuse to judge where there is nothing that an answer could be about.

    Raises:
        UsageError: The scope names no target, be it one that cannot be used.
    """
    if not judged.estate.targets:
        raise UsageError(
            "no targets: the scope names neither books nor promises, so nothing would be judged; "
            "`nhigraph scope suggest INPUT…` proposes some"
        )
