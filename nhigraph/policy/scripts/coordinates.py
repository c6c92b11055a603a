"""Variables and inputs whose literals say where something is; any other may hold a secret."""

import re

#: Variables that say where and as whom a database tool connects. Only their literals are kept:
#: of any other variable a literal may be a secret.
_COORDINATE = re.compile(
    r"(?:PG(?:HOST|HOSTADDR|PORT|USER|DATABASE|SERVICE)|TF_WORKSPACE|MYSQL_TCP_PORT"
    r"|(?:DBT|DB|MYSQL|MARIADB|PG|POSTGRES|POSTGRESQL|REDSHIFT|SNOWFLAKE|DATABASE|WAREHOUSE)_(?:HOST|HOSTNAME"
    r"|PORT|USER|USERNAME|DATABASE|DBNAME|DB|NAME|SCHEMA|TARGET|PROFILE|PROFILES_DIR"
    r"|PROJECT_DIR|ACCOUNT|WAREHOUSE|ROLE|CONNECTION|ENGINE|DRIVER|ADAPTER|DIALECT))\Z"
)
#: Inputs of actions and called workflows that say the same, and which environment is meant.
_INPUT = re.compile(
    r"(?:(?:DB|MYSQL|MARIADB|PG|POSTGRES|POSTGRESQL|DATABASE|DBT)_)?(?:HOST|HOSTNAME|USER|USERNAME|LOGIN"
    r"|DATABASE|DBNAME|DB|ROLE|TARGET|PROFILE|PROFILES_DIR|PROJECT_DIR)\Z|.*ENV(?:IRONMENT)?"
    r"(?:_NAME)?\Z"
)
#: A value that is kept. An option is none: ``-p…`` may have a password in it.
PLAIN = re.compile(r"(?!-)[\w./@+-]{1,80}\Z")
#: A role of AWS, which is told as it stands.
_ROLE = re.compile(r"arn:[\w-]{1,20}:iam::\d{0,12}:role/[\w+=,.@/-]{1,200}\Z")


def is_plain(text: str) -> bool:
    """Whether a text may be kept where nothing else says that it is secret."""
    return PLAIN.match(text) is not None or _ROLE.match(text) is not None


def is_coordinate(name: str) -> bool:
    """Whether a literal of this variable says where something is, not a secret."""
    return _COORDINATE.match(name.upper()) is not None


def is_input_coordinate(name: str) -> bool:
    """The same of an input, whose names are written in many ways."""
    return _INPUT.match(name.upper().replace("-", "_")) is not None
