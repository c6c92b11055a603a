"""Make docs/images/report.png anew: the first screen of the sample's report, in Chromium.

.venv/bin/python .ci/picture.py; the page is the one that the checkout prints, so it is made after
pages have changed, and looked at.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "report.png"
SIZE = {"width": 1120, "height": 760}
#: Larger ones make a README slow to open.
MOST = 150_000


def main() -> int:
    """Judge the sample, open its report, and take the picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("no chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        demo = (sys.executable, "-m", "nhigraph", "demo", "--out", out)
        subprocess.run(demo, check=True, capture_output=True)  # noqa: S603 - our own program
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            )
            page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
            page.goto((out / "report.html").as_uri())
            PICTURE.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURE, animations="disabled")
            browser.close()
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes")
    return int(size > MOST)


if __name__ == "__main__":
    sys.exit(main())
