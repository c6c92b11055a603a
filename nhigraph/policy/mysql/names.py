"""Which names of a server are one.

``lower_case_table_names`` 0 compares names of schemas and tables as written, 1 stores them in
lower case, 2 keeps them as written and compares them in lower case: with 1 and 2 case does not
count (https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html, read 28 November
2026). Names of columns, routines and events never count by case, those of triggers do. Of an
account's name the user counts as written and the host does not
(https://dev.mysql.com/doc/refman/8.4/en/account-names.html).
"""

from collections.abc import Callable, Mapping


def folding(variables: Mapping[str, str]) -> Callable[[str], str]:
    """How names of schemas and tables are compared; as written where the server does not say."""
    folds = variables.get("lower_case_table_names", "0").strip() in ("1", "2")
    return str.lower if folds else str


def routine(name: str) -> str:
    """A routine's or event's name, as it is compared."""
    return name.lower()
