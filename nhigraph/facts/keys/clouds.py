"""Keys of identities in clouds.

An ARN counts as written: names of roles differ by case in the policies that name them. Addresses
of service accounts and client ids do not.
"""

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar

from nhigraph.facts.keys.parts import PATH, Case, Key, Piece, reads
from nhigraph.records import dataclass

_BUCKET = "arn:aws:s3:::"
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKETS = re.compile(rf"{_BUCKET}([a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9])")
_GCP, _ENTRA = "gcp:serviceaccount/", "entra:application/"


@dataclass(frozen=True, slots=True)
class AwsPrincipal(Key):
    """A role or user of AWS: its ARN."""

    arn: str

    def pieces(self) -> Iterable[Piece]:
        """The ARN."""
        return [(self.arn, False)]


@dataclass(frozen=True, slots=True)
class Bucket(Key):
    """A bucket of S3, by its name, which no other bucket of the partition ``aws`` has."""

    name: str

    def pieces(self) -> Iterable[Piece]:
        """``arn:aws:s3:::{name}``."""
        return [(f"{_BUCKET}{self.name}", False)]


@dataclass(frozen=True, slots=True)
class GcpServiceAccount(Key):
    """A service account of Google Cloud, by its address."""

    CASES: ClassVar[Mapping[str, Case]] = {"email": Case.LOWER}
    email: str

    def pieces(self) -> Iterable[Piece]:
        """``gcp:serviceaccount/{email}``."""
        return [(_GCP, False), (PATH.encoded(self.email), True)]


@dataclass(frozen=True, slots=True)
class EntraApplication(Key):
    """An application registered with Microsoft Entra, by its client id."""

    CASES: ClassVar[Mapping[str, Case]] = {"client": Case.LOWER}
    client: str

    def pieces(self) -> Iterable[Piece]:
        """``entra:application/{client}``."""
        return [(_ENTRA, False), (PATH.encoded(self.client), True)]


@reads("arn")
def _aws(text: str) -> Key | None:
    named = _BUCKETS.fullmatch(text)
    return Bucket(named[1]) if named else AwsPrincipal(text)


@reads("gcp", folds=True)
def _gcp(text: str) -> Key | None:
    rest = text.removeprefix(_GCP)
    return GcpServiceAccount(PATH.decoded(rest)) if rest != text else None


@reads("entra", folds=True)
def _entra(text: str) -> Key | None:
    rest = text.removeprefix(_ENTRA)
    return EntraApplication(PATH.decoded(rest)) if rest != text else None
