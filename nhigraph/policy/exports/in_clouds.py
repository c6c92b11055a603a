"""Exports of clouds; the commands are those of the references of aws, gcloud and az."""

from collections.abc import Iterator
from typing import Final

from nhigraph.facts.missing import Missing
from nhigraph.policy.clouds import Cloud

_CLOUDS: Final = {
    Cloud.AWS: (
        "AWS: roles, their policies and trust",
        "aws iam get-account-authorization-details",
    ),
    Cloud.GCP: (
        "Google Cloud: service accounts, their roles and who may use them",
        "gcloud asset search-all-iam-policies",
    ),
    Cloud.AZURE: (
        "Azure: applications, their role assignments and federated credentials",
        "az role assignment list --all",
    ),
}


#: Sources that read them; of the others there is none yet.
_READ_BY: Final = {Cloud.AWS: "aws_iam"}


def cloud(one: Cloud, settles: str, wanted_by: str) -> Missing:
    """What identities of a cloud may do."""
    title, command = _CLOUDS[one]
    return Missing(_READ_BY.get(one, str(one)), title, settles, wanted_by, command)


def clouds(settles: str, wanted_by: str) -> Iterator[Missing]:
    """The same of every cloud."""
    return (cloud(one, settles, wanted_by) for one in sorted(_CLOUDS))
