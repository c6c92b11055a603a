"""The overlap: what every rule says of every rule's fixtures, in one file that people review.

python -m tests.unit.rules.overlap     # writes it anew; read the difference
"""

from tests.unit.rules.cases import HERE, Case, cases, said

FILE = HERE / "overlap.txt"


def lines(case: Case) -> list[str]:
    """One line for each rule that says something of a case."""
    found = said(case.title)
    told = []
    for rule in found.rules:
        rows = [row for row in found.rows if row.rule == rule]
        unknown = [one.subject for one in found.not_known if one.rule == rule]
        hits = sorted(f"{row.subject} → {row.target or '-'} {row.severity}" for row in rows)
        parts = [*hits, *(["not known " + ", ".join(unknown)] if unknown else [])]
        if parts:
            told.append(f"{case.title:<30} {rule:<24} {'; '.join(parts)}")
    return told


def text() -> str:
    """All of it."""
    return "".join(f"{line}\n" for case in cases() for line in lines(case))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
