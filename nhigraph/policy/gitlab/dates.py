"""The last day on which a credential of GitLab works.

Easily guessed wrong: two tokens with one date end a day apart.

* An access token (project's, group's, person's): "The token expires on that date at midnight UTC.
  A token with the expiration date of 2024-01-01 expires at 00:00:00 UTC on 2024-01-01"
  (https://docs.gitlab.com/user/project/settings/project_access_tokens/). It works for the last
  time on the day before.
* A deploy token has a moment, which is kept, and is compared as a day: it works until the end of
  the day of its ``expires_at``, whatever time stands there (``DeployToken#expired?`` is
  ``expires_at < Date.today``:
  https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/models/deploy_token.rb).
* A membership ends "on this date" (https://docs.gitlab.com/api/members/), at a time of day that a
  worker of the server decides: the day itself is taken for one on which it may still stand.

All read 28 November 2026.
"""

from datetime import date, timedelta

_DAY = timedelta(days=1)


def of_access_token(expires: date) -> date:
    """The last day of an access token."""
    return expires - _DAY if expires > date.min else expires


def of_deploy_token(expires: date) -> date:
    """The last day of a deploy token."""
    return expires


def of_membership(expires: date) -> date:
    """The last day of a membership."""
    return expires
