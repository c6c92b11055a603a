"""The CSV files of an output folder."""

import csv
import io
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.app.questions.rows import AnsweredStep
from nhigraph.assurance.rows import IdentityRow, PathStep
from nhigraph.output import csv_files
from nhigraph.output.csv_files import (
    controls_csv,
    findings_csv,
    identities_csv,
    paths_csv,
    population_csv,
    rows_csv,
    verdicts_csv,
)
from tests.unit.output.builders import believable

ROW = IdentityRow(
    "k", "CiJob", "n", "", "neither", "none", (), (), "in-population", "unknown", (), (), (), "in"
)
STEP = PathStep("p", 1, "a", "OWNS", "b", "ALTER", "certain", "", "", "f.yaml", "/x", "00", 7, "x")


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    ("text", "header"),
    [
        (
            identities_csv([]),
            (
                "identity,kind,name,owner,verdict,soc1,soc2,soc2_outside,exposure,icfr_basis,"
                "targets,weaknesses,gaps,boundary"
            ),
        ),
        (
            verdicts_csv([]),
            (
                "identity,target,verdict,soc1,soc2,soc2_outside,exposure,certainty,states,"
                "assertions,icfr_basis,rules,steps,path_id,gaps"
            ),
        ),
        (
            paths_csv([], {}),
            (
                "path_id,step,from,edge_kind,to,state,certainty,condition,gate,artifact,pointer,"
                "sha256,alternative"
            ),
        ),
        (
            findings_csv([]),
            (
                "fingerprint,rule,severity,subject,target,title,controls,owner,cut_edge,artifact,"
                "pointer"
            ),
        ),
        (
            population_csv([]),
            (
                "key,kind,name,owner,created,last_used,rotated,expires,state,environment,source,"
                "artifact,pointer"
            ),
        ),
    ],
)
def test_columns_stand_in_the_order_of_formats(text: str, header: str) -> None:
    """Each header is the list in FORMATS, letter by letter."""
    assert text == header + "\n"


def test_a_command_without_rows_prints_its_header() -> None:
    """A script reads the first line as header; an empty one breaks it."""
    assert rows_csv(PathStep, []) == paths_csv([], {})
    assert rows_csv(IdentityRow, [ROW]) == identities_csv([ROW])


def test_lists_join_with_semicolons_and_nothing_is_quoted_without_need() -> None:
    """A plain row is its cells between commas."""
    row = replace(ROW, soc2=("S", "PI"), targets=("fin:a", "trust:S/b"))
    plain = "k,CiJob,n,,neither,none,S;PI,,in-population,unknown,fin:a;trust:S/b,,,in"
    assert identities_csv([row]).splitlines()[1] == plain


def test_controls_are_read_back_as_they_were() -> None:
    """The columns of FORMATS, in their order; a test that is not asked is an empty cell."""
    header, first, _ = controls_csv(believable().controls).splitlines()
    assert header == (
        "gate,kind,name,at,log,human,enforced_by_target,out_of_reach,content_bound,"
        "no_auto_threshold,log_out_of_reach,restorable,tested,identities,targets,artifact,pointer"
    )
    assert first.endswith(
        "approval,branch protection of main,,,yes,yes,yes,yes,yes,yes,,,2,fin:revenue,"
        "exports/github.json,/gates/0"
    )


def test_steps_that_are_not_known_leave_an_empty_cell() -> None:
    """None is an empty cell, nought is 0."""
    row = believable().verdicts[0]
    unknown, nought = _read(verdicts_csv([replace(row, steps=None), replace(row, steps=0)]))[1:]
    assert (unknown[12], nought[12]) == ("", "0")


def test_paths_come_by_id_and_hide_what_is_for_people_only() -> None:
    """Line and action are no columns; the order of the mapping does not matter."""
    text = paths_csv([{"q": (replace(STEP, path_id="q"),)}, {"p": (STEP,)}], {})
    first, second = text.splitlines()[1:]
    assert first == "p,1,a,OWNS,b,ALTER,certain,,,f.yaml,/x,00,0"
    assert second.startswith("q,1,")


def test_alternatives_stand_behind_their_path_under_its_id() -> None:
    """Path id, alternative and step are the key of a row."""
    other = replace(STEP, target="c", alternative=1)
    beside = {"p": ((other, replace(other, step=2)), (replace(STEP, alternative=2),))}
    some = {"q": (replace(STEP, path_id="q"),), "p": (STEP,)}
    rows = _read(paths_csv([some], beside))[1:]
    keys = [(row[0], row[-1], row[1]) for row in rows]
    of_p = [("p", "0", "1"), ("p", "1", "1"), ("p", "1", "2"), ("p", "2", "1")]
    assert keys == [*of_p, ("q", "0", "1")]


def test_which_alternative_a_step_is_of_stays_the_last_column_of_every_answer() -> None:
    """Columns are added at the end, also where a row has more of them than paths.csv."""
    header = rows_csv(AnsweredStep, []).strip().split(",")
    assert header[-3:] == ["gaps", "reasons", "alternative"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(start: str) -> None:
    """It begins with an apostrophe, in the first column and in any other."""
    hostile = f"{start}cmd|' /C calc'!A0"
    cells = _read(identities_csv([replace(ROW, identity=hostile, name=hostile)]))[1]
    assert cells[0] == cells[2] == "'" + hostile


def test_a_row_ends_with_one_line_feed_whatever_is_in_it() -> None:
    """Commas, quotes and line ends of a name stay inside its cell."""
    hostile = 'a,"b"\r\nc'
    text = identities_csv([replace(ROW, name=hostile)])
    assert '"a,""b""\r\nc"' in text
    assert _read(text)[1][2] == hostile


def test_a_lone_surrogate_is_spelt_so_that_the_file_can_be_written() -> None:
    """UTF-8 has no such character."""
    text = identities_csv([replace(ROW, name="a\ud800b")])
    assert "a\\ud800b" in text
    assert text.encode()


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text())
def test_whatever_a_cell_holds_comes_back(name: str, owner: str) -> None:
    """Reading gives the cell again, behind an apostrophe where it was disarmed."""
    rows = _read(identities_csv([replace(ROW, name=name, owner=owner)]))
    assert len(rows) == 2
    assert rows[1][2].removeprefix("'") == name.removeprefix("'")
    assert rows[1][:2] == ["k", "CiJob"]
    assert len(rows[1]) == 14


#: Whatever a row of any type may hold, and what has to be told apart though it is equal.
_VALUES = st.one_of(
    st.sampled_from(
        ["", "a", "=1", "+", "-x", "@", "\tx", "\r", 'say "no"', "a,b", "\x1f=", "\n"]
    ),
    st.sampled_from([None, 0, 1, True, False, 0.0, -0.0, 1.0, 12, "\ud800", "é"]),
    st.text(max_size=4),
    st.lists(st.text(max_size=3), max_size=3).map(tuple),
)


@dataclass(frozen=True, slots=True)
class _Row:
    one: object
    two: object


def _stated(value: object) -> str:
    """A cell by RFC 4180 and the words of FORMATS, one by one."""
    text = ";".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    text = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    text = f"'{text}" if text[:1] in {*"=+-@\t\r"} - {""} else text
    special = set(text).intersection('",\r\n')
    return '"' + text.replace('"', '""') + '"' if special else text


@given(rows=st.lists(st.tuples(_VALUES, _VALUES), max_size=12), together=st.integers(1, 5))
def test_columns_give_the_text_that_single_cells_would(
    rows: list[tuple[object, object]], together: int
) -> None:
    expected = "one,two\n" + "".join(f"{_stated(a)},{_stated(b)}\n" for a, b in rows)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_files, "_TOGETHER", together)
        assert rows_csv(_Row, [_Row(a, b) for a, b in rows]) == expected
