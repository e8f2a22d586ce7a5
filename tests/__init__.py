"""Tests mirror `clicker/`; `journeys/` holds whole stories in a real browser, `faults/` kills real processes."""
