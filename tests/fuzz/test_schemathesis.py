"""Schemathesis asks the live server everything that its own document allows, and much that it does not."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Stores
from tests.faults.load import Http
from tests.player import Device
from tests.processes import Web, running
from tests.telegram import ALICE
from tests.waiting import eventually

SECONDS = int(os.environ.get("FUZZ_SECONDS", "25"))
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
    "ignored_auth",
)
UNLIMITED = {f"LIMIT_{tier}": "off" for tier in ("STANDARD", "SENSITIVE", "ANALYTICS", "BURST")}


@pytest.fixture
def web(stores: Stores, services, tmp_path: Path):
    process = Web({**stores.environment(), **UNLIMITED, "LOG_FORMAT": "text"}, tmp_path / "web.log")
    with running(process):
        eventually(process.ready, 30, f"web is ready, see {process.log}")
        yield process


@pytest.mark.timeout(SECONDS + 95)
def test_the_live_server_does_what_its_document_says(web, tmp_path):
    alice = Device(Http(web.url), time.time, ALICE).opened().named("alice")
    argv = [sys.executable, "-m", "schemathesis.cli", "run", f"{web.url}/openapi.json"]
    argv += ["--header", f"Authorization: Bearer {alice.token}", "--checks", ",".join(CHECKS)]
    argv += ["--max-time", str(SECONDS), "--workers", "2", "--seed", "7", "--no-color"]
    argv += [
        "--generation-database",
        "none",
        "--request-timeout",
        "10",
        "--exclude-path",
        "/live",
        "--exclude-operation-id",
        "players_forget",
    ]
    done = subprocess.run(
        argv, capture_output=True, text=True, cwd=tmp_path, timeout=SECONDS + 60, check=False
    )
    sys.stderr.write("".join(re.findall(r".*generated.*", done.stdout)) + "\n")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert web.alive
    said = web.log.read_text()
    assert "Traceback" not in said, said[-3000:]
