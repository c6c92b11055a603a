"""Pages say the same however rows and paths are kept."""

from dataclasses import replace

from nhigraph.app import drawn
from nhigraph.app.collect import collect
from nhigraph.app.judge import judge
from nhigraph.app.judged import of_collection
from nhigraph.assurance.path_rows import Printed
from nhigraph.assurance.verdict_rows import VerdictRows
from nhigraph.output import graph_html, report_html
from tests.sample import FOLDER


def test_pages_are_the_same_of_rows_in_columns_and_of_rows_one_by_one() -> None:
    judged = of_collection(collect([FOLDER]), option="2026-11-23")
    told, _ = judge(judged)
    assert isinstance(told.verdicts, VerdictRows)
    assert isinstance(told.paths, Printed)
    single = replace(told, verdicts=[*told.verdicts], paths=dict(told.paths))
    assert report_html.render(told, "g.html") == report_html.render(single, "g.html")
    beside = drawn.beside(told, judged)
    assert graph_html.render(told, *beside) == graph_html.render(single, *beside)
