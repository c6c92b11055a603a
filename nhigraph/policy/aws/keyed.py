"""What a key that encrypts something asks of whoever reads or writes that."""

from collections.abc import Mapping
from typing import Final

from nhigraph.policy.aws.context import CHOSEN, Value, known
from nhigraph.policy.aws.inventory import Resource

#: A key is used through the service that encrypts with it: the caller goes that way.
VIA: Mapping[str, Value] = {"kms:viaservice": CHOSEN}
#: Services that go to a key in the caller's name, by the words of ``kms:ViaService``
#: (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
_GOING: Final = frozenset({"dynamodb", "kinesis", "s3", "secretsmanager", "sns", "sqs", "ssm"})


def service_of(arn: str) -> str:
    """The service that goes to a key in the caller's name for what lies at an ARN.

    Empty where it goes in its own: CloudWatch Logs, RDS or Lambda ask the caller for no key.
    """
    return next((one for one in arn.split(":")[2:3] if one in _GOING), "")


def asks_caller(resource: Resource) -> bool:
    """Whether who reads or writes a resource has to be let use its key."""
    return bool(resource.key) and bool(service_of(resource.arn))


def by_way(key: str, service: str) -> Mapping[str, Value]:
    """What is known of a request to a key: what a key encrypts lies in its region."""
    _, partition, _, region, *_ = key.split(":")
    if not service or not region or partition != "aws":
        return VIA
    return {**VIA, "kms:viaservice": known(f"{service}.{region}.amazonaws.com")}
