"""Which credential to rotate first: what somebody could do who knows its value, and no more.

* **A credential** is a living node of a kind that has a value to change: key, token, secret,
  certificate, encryption key, and what is marked ``nhi`` of these. A store has none.
* **Its thief** is an imagined identity in the boundary that has READ at it, for that is what
  rotation takes away; and CONTROL, too, where the credential is an identity of the population or
  has rights of its own (FORMATS: "it starts with CONTROL and READ"): whoever knows it then acts
  as it. The thief holds nothing else, nothing leads to it, and how it came to know the value is no
  action of it: reading a secret is an *enabling* one and would give everybody S, so it is said to
  ``use_secret``. The answer of a credential is the row that the thief has in identities.csv.
* **Long-lived or exposed** is a credential with the weakness ``long_lived`` or ``secret_exposed``.
  **To rotate** one is to make its old value worthless wherever it was copied to, and to leave no
  copy where anybody finds it. Its new value lies where the old one lay: whoever could read it
  there can read it again.
* **The fewest to rotate** are the smallest set after which no long-lived or exposed credential
  outside it reaches the books. A thief of another one that reads one of the set where it lies
  reads the new value, so both are in it. Only a credential that opens nothing by itself, and whose
  value is but a copy of one in the set (``FEEDS`` between credentials), may stay out: it is dead.
  Each thief outside the set is searched once more, without these copies.
"""
