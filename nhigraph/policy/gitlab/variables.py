"""Which of a project's variables of one name a job is given.

``environment_scope`` is a name or a pattern in which ``*`` stands for any text, in the case it is
written in
(https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable, read 28
November 2026). A job without an environment sees those of scope ``*`` alone.

Easily guessed wrong: of several that match, "the most specific" is the one whose scope is the
environment's very name; then any pattern; then ``*``. Of two patterns neither is the more specific
one, however long: the server sorts by these three ranks and no further
(``HasEnvironmentScope.on_environment``,
https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/models/concerns/has_environment_scope.rb;
reports of either being taken: https://gitlab.com/gitlab-org/gitlab/-/issues/460746).
So there may be two answers, and both are given.

A protected variable is given to pipelines of protected branches and tags alone
(https://docs.gitlab.com/ci/variables/#protect-a-cicd-variable); masked and hidden are about logs
and pages: a job has the value all the same.
"""

from typing import Final

from nhigraph.policy.gitlab.globs import covers

#: The scope of all environments, and of none.
ALL: Final = "*"


def takes_in(scope: str, environment: str | None) -> bool:
    """Whether a scope takes in an environment; None for a job that has none."""
    if scope == ALL:
        return True
    if environment is None:
        return False
    return covers(scope, environment)
