"""Words with which a note about a secret goes on without giving it away: ``token: see vault``.

A list and no look of words: a password may look like any of them. None here says what a secret is;
it says where it is, how it is, or what is done with it. Who really uses one of these as a password
is not kept from the reader.
"""

from typing import Final

#: Words right before what a note tells: ``now hunter2``, ``changed to hunter2``.
BEFORE: Final = (
    *("is", "was", "are", "the", "an", "a", "my", "our", "to", "now", "new", "old", "still"),
    *("set", "reset", "use", "using", "changed", "rotated", "value", "current", "currently"),
)

#: Where a secret is or comes from, how it is, what it may do.
_GOES_ON: Final = (
    # Prepositions, conjunctions and the like.
    "about after all also and any as at because before between both but by each every for from"
    " here how if in into it its last manually never next no nobody none nor not nothing null"
    " of off on once one only or out over per since so some that there these they this those"
    " under unless until unused upon via we what when where which while who whose will with"
    " within without yes you"
    # What is done with it.
    " asked can cannot created deleted disabled enabled exists expected expired expires exported"
    " found generated given gives goes granted has have held holds injected invalid issued kept"
    " known leaked leaves lives lost may missing must needed needs omitted opens optional owned"
    " passed pending provided read removed renewed replaced required revoked rotate rotates"
    " rotation see shared should shows stored supplied taken tells tbd unclear undefined"
    " unknown unset used uses valid works write written"
    # Where it is, how often, what it may do.
    " environment inherit keychain keyvault long-lived managed monthly"
    " read-only read-write readonly redacted ssm store vault weekly yearly"
    " daily quarterly n/a expression literal variable"
)
#: Words that go on with a sentence.
SENTENCES: Final = frozenset((*BEFORE, *_GOES_ON.split()))
