"""Everything of this folder holds for both engines."""

import pytest

from nhigraph.trace import lanes, trees, web_kernels


@pytest.fixture(params=["lists", "compiled"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Small graphs are solved with lists; large ones by compiled loops, forced here."""
    if request.param == "compiled":
        monkeypatch.setattr(lanes, "COMPILE_FROM", 0)
        monkeypatch.setattr(trees, "COMPILE_AFTER", 0)
        monkeypatch.setattr(web_kernels, "COMPILE_FROM", 0)
    return str(request.param)
