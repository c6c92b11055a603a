"""Tables at a terminal, and text that cannot deceive its reader."""

from hypothesis import given
from hypothesis import strategies as st

from nhigraph.output import printable
from nhigraph.output.terminal import cell_width
from nhigraph.output.terminal.table import table


def test_columns_line_up_and_numbers_stand_right() -> None:
    """One column of text, one of numbers."""
    assert table(["name", "steps"], [("loader", 3), ("etl", 12)]) == (
        "name    steps\n──────  ─────\nloader      3\netl        12\n"
    )


def test_a_wide_script_takes_two_columns_and_a_combining_mark_none() -> None:
    """Width is the terminal's, not the number of characters."""
    lines = table(["n", "x"], [("売上", "a"), ("e\u0301e", "b")]).splitlines()
    assert cell_width("売上") == 4
    assert lines[2] == "売上  a"
    assert lines[3] == "e\u0301e    b"


KEY = "github:ledgerline/warehouse/job/nightly.yml#build"


def test_what_is_the_same_in_every_row_is_said_once_where_the_terminal_is_narrow() -> None:
    """A column that tells nothing apart is the first to go; wide enough, it stays."""
    rows = [(KEY, "both", "a certain answer", 3), (KEY + "2", "soc1", "a certain answer", 12)]
    heads = ["identity", "verdict", "certainty", "steps"]
    assert "certainty" in table(heads, rows, 120).splitlines()[0]
    lines = table(heads, rows, 80).splitlines()
    assert lines[0].split() == ["identity", "verdict", "steps"]
    assert lines[2] == f"{KEY}   both         3"
    assert lines[-1] == "in every row: certainty a certain answer"


def test_a_row_is_a_block_where_no_line_fits_and_nothing_is_cut() -> None:
    """The first cell leads; what is empty is left out; long values break between words."""
    text = table(
        ["identity", "verdict", "why"], [(KEY, "both", "because " * 8), (KEY, "", "x")], 60
    )
    assert text.splitlines() == [
        KEY,
        "  verdict  both",
        "  why      because because because because because because",
        "           because because",
        KEY,
        "  why      x",
    ]
    numbered = table(["rank", "from"], [(1, KEY), (2, KEY)], 40)
    assert numbered.splitlines()[0] == "rank 1"


def test_without_a_width_nothing_is_cut() -> None:
    """A pipe gets everything."""
    assert "x" * 500 in table(["n"], [("x" * 500,)])


def test_what_is_not_seen_is_spelt() -> None:
    """Escape sequences, line ends, overrides, zero-width characters and surrogates."""
    text = table(["n"], [("\x1b[31mred\x07",), ("a\nb",), ("gl\u202egnp",), ("a\u200bb\ud800",)])
    assert "\\x1b[31mred\\x07" in text
    assert "a\\x0ab" in text
    assert "gl\\u202egnp" in text
    assert "a\\u200bb\\ud800" in text
    assert text.count("\n") == 6


def test_nothing_known_is_an_empty_cell_and_a_list_is_joined() -> None:
    """None is no word; items are apart."""
    lines = table(["a", "b"], [(None, ("S", "A")), (None, ())]).splitlines()
    assert lines[2] == "   S, A"
    assert lines[3] == ""


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5), st.integers(20, 100))
def test_any_text_is_told_whole_and_no_line_is_wider_than_its_longest_word(
    rows: list[tuple[str, str]], width: int
) -> None:
    """Whatever names hold, nothing of them is lost, and only a word that is too long is wider."""
    text = table(["first", "second"], rows, width)
    for line in text.split("\n"):
        assert line == printable(line)
        words = [cell_width(word) for word in line.split(" ")]
        assert cell_width(line) <= max(width, max(words, default=0) + len("  second  "), 40)
    for cell in (printable(cell) for row in rows for cell in row):
        assert all(word in text for word in cell.split())
