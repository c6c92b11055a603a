"""The curve of undecided identities over questions, on checkouts in the shapes of public ones."""

from pathlib import Path

from tests.shapes.curve import MOST, curves


def test_three_questions_settle_half_and_ten_nearly_all(tmp_path: Path) -> None:
    """Of all checkouts together; no question makes anybody undecided who was not."""
    found = [*curves(tmp_path)]
    total = sum(one.identities for one in found)
    before, third, last = (sum(one.after(n) for one in found) for n in (0, 3, MOST))
    assert before > total / 2
    assert third <= before / 2
    assert last < 0.15 * total
    for one in found:
        assert list(one.undecided) == sorted(one.undecided, reverse=True), one.name
