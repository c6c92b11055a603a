"""What a federated identity credential of Entra asks of tokens.

A credential names an issuer, one subject, and audiences of which a token has to have one; all are
compared with case
(https://learn.microsoft.com/en-us/graph/api/resources/federatedidentitycredential). A flexible one
has an expression in place of the subject: claims that are compared by ``eq`` or ``matches``, where
``*`` is any text and ``?`` one character, joined by ``and``
(https://learn.microsoft.com/en-us/entra/workload-id/workload-identities-flexible-federated-identity-credentials,
both read 29 November 2026). What is not of that form is left in words.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nhigraph.facts.ends import Condition
from nhigraph.policy.federated import Opening, opening

_COMPARED: Final = re.compile(
    r"\s*claims\[(?P<quote>['\"])(?P<claim>[^'\"]+)(?P=quote)\]\s+(?P<how>eq|matches)\s+"
    r"(?P<mark>['\"])(?P<value>[^'\"]*)(?P=mark)\s*\Z",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\s+and\s+(?=claims\[)", re.IGNORECASE)
#: What a token asks for where a credential names no audience of its own.
_USUAL: Final = "api://AzureADTokenExchange"


def openings(credential: Mapping[str, object]) -> Iterator[Opening]:
    """What tokens a credential lets in; none where it names no issuer.

    Args:
        credential: As ``az ad app federated-credential list`` or Microsoft Graph prints it.
    """
    issuer = credential.get("issuer")
    if not isinstance(issuer, str) or not issuer:
        return
    audiences = credential.get("audiences")
    listed = audiences if isinstance(audiences, list) else [_USUAL]
    texts = tuple(one for one in listed if isinstance(one, str))
    asked: list[Condition | str] = [Condition("aud", texts)]
    subject, expression = credential.get("subject"), credential.get("claimsMatchingExpression")
    if isinstance(subject, str) and subject:
        asked.append(Condition("sub", (subject,)))
    elif isinstance(expression, Mapping) and isinstance(expression.get("value"), str):
        asked += map(_compared, _AND.split(str(expression["value"])))
    else:
        asked.append("which subjects the credential lets in is not in its description")
    yield opening(issuer, asked)


def _compared(text: str) -> Condition | str:
    found = _COMPARED.match(text)
    if found is None:
        return f"its token fits {text.strip()}"
    return Condition(found["claim"], (found["value"],), glob=found["how"].lower() == "matches")
