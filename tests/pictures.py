"""Pictures for the docs: small, and the same whenever a page looks the same."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

COLOURS = 192


def take(page: Page, path: Path, whole: bool = False) -> None:
    """A picture of the page at rest, of COLOURS colours, in `path` (PNG)."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)  # let transitions come to rest; nothing is asserted on it
    shown = Image.open(BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    shown.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
