"""Tables at a terminal, and text that cannot deceive its reader."""

from hypothesis import given
from hypothesis import strategies as st

from nhigraph.output import printable
from nhigraph.output.text_table import cell_width, table


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


def test_a_line_fits_the_terminal_and_keys_keep_both_ends() -> None:
    """The widest cells lose their middle; narrow columns stay whole."""
    key = "github:ledgerline/warehouse/job/nightly.yml#build"
    text = table(["identity", "verdict"], [(key, "both"), (key * 2, "neither")], width=40)
    assert all(cell_width(line) <= 40 for line in text.splitlines())
    assert "github:ledgerli…" in text
    assert "ml#build  both" in text


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
def test_any_text_gives_one_line_a_row_within_the_width(
    rows: list[tuple[str, str]], width: int
) -> None:
    """Whatever names hold, a row is a line and fits."""
    lines = table(["first", "second"], rows, width).split("\n")
    assert len(lines) == len(rows) + 3
    assert all(cell_width(line) <= width for line in lines)
    assert all(line == printable(line) for line in lines)
