"""How databases fold and quote the names that people write."""

#: How each platform folds an unquoted name (its own SQL reference); others keep the case.
FOLDING = {
    "postgres": str.lower,
    "redshift": str.lower,
    "duckdb": str.lower,
    "snowflake": str.upper,
    "oracle": str.upper,
}

#: Platforms on which a schema and a database are one thing, so that relations have two parts
#: (https://dev.mysql.com/doc/refman/8.4/en/create-database.html: "CREATE SCHEMA is a synonym").
SCHEMAS_ARE_DATABASES = frozenset({"mysql"})


def fold(platform: str, name: str, *, quoted: bool) -> str:
    """The name as the platform's catalogue stores it."""
    folding = FOLDING.get(platform)
    return name if quoted or folding is None else folding(name)


def relation(platform: str, text: str) -> tuple[str, ...] | None:
    """Split a quoted or unquoted relation name such as ``"db"."schema"."name"``, folded.

    Returns None where the text is not a relation name.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        mark = rest[0]
        if mark in '"`[':
            end = "]" if mark == "[" else mark
            name, at = "", 1
            while True:
                stop = rest.find(end, at)
                if stop < 0:
                    return None
                name += rest[at:stop]
                if rest[stop + 1 : stop + 2] != end:
                    break
                name += end
                at = stop + 2
            parts.append(name)
            rest = rest[stop + 1 :]
        else:
            name, dot, tail = rest.partition(".")
            parts.append(fold(platform, name.strip(), quoted=False))
            rest = dot + tail
        if not rest:
            break
        if not rest.startswith(".") or len(rest) == 1:
            return None
        rest = rest[1:]
    return tuple(parts) if parts and all(parts) else None
