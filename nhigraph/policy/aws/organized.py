"""What an account administers for the other accounts of its organization.

The management account does, and each account that is registered for a service as its delegated
administrator (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_overview.html,
read 30 November 2026). StackSets with permissions of the service's own put stacks into member
accounts with an administrator's rights
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html),
Identity Center gives people roles there, and root of a member is become for single tasks
(https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html).
"""

from collections.abc import Iterator

from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import YES, Finding, no, possible
from nhigraph.policy.aws.ways import Rule

#: What a way is tried with.
ORGANIZATION = "organization"


def organizations(estate: Estate, account: str) -> Iterator[str]:
    """The id of an account's organization, if it has others; empty where nobody says which."""
    member = estate.members.get(account)
    if member is None or not member.org:
        yield ""
    elif any(number != account for number in members(estate, member.org)):
        yield member.org


def members(estate: Estate, org: str) -> list[str]:
    """Accounts of an organization but the one that manages it."""
    return [
        number
        for number, one in sorted(estate.members.items())
        if one.org == org and not one.manager
    ]


def administers(estate: Estate, rule: Rule, account: str) -> Finding:
    """Whether an account administers for its organization what a way goes by."""
    member = estate.members.get(account)
    if not rule.manages or member is None or member.manager:
        return YES
    if member.delegated is None:
        return possible(f"account {account} is a delegated administrator of {rule.manages}")
    if rule.manages in member.delegated:
        return YES
    return no(f"account {account} is no delegated administrator of {rule.manages}")
