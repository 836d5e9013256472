"""What the docs of the API tell people to type is typed here, against a real shop with a worker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pytest_django.live_server_helper import LiveServer

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Where the pages say the shop is.
ADDRESSES = ("http://127.0.0.1:8000", "https://shop.example")
LONGEST_SECONDS = 120
# Page -> what its commands print, among other things.
PROMISED = {
    # Two photos: the one that was sent, and the copy that another box was drawn on.
    "api.md": ('"status": "done"', '"accepted": 2', '"photos": 2', '"code": "invalid_limit"'),
    "api-access.md": ("Idempotency-Replayed: true", "ETag", "invalid_limit"),
}


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [code for kind, code in BLOCK.findall(text) if kind == language]


@pytest.fixture
def folder(tmp_path: Path, live_server: LiveServer, small_shop: None) -> Path:
    """Return a folder with a photo of something red, beside an open shop."""
    content = BytesIO()
    Image.effect_noise((300, 400), 20).convert("RGB").save(content, "JPEG")
    red = Image.blend(Image.open(content), Image.new("RGB", (300, 400), (210, 30, 40)), 0.8)
    red.save(tmp_path / "outfit.jpg")
    return tmp_path


def run(command: list[str], *, folder: Path, **environment: str) -> str:
    """Run a command in a folder; return what it printed."""
    finished = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, f"{finished.stdout}\n{finished.stderr}"
    return finished.stdout


def at(live_server: LiveServer, code: str) -> str:
    """Return code that speaks to the shop of the tests."""
    for address in ADDRESSES:
        code = code.replace(address, live_server.url)
    return code


def test_the_ten_lines_find_products(folder: Path, live_server: LiveServer) -> None:
    (code,) = blocks("api.md", "python")
    assert len(code.splitlines()) <= 11
    printed = run([sys.executable, "-W", "ignore", "-c", at(live_server, code)], folder=folder)
    assert re.match(r"1 Red dresse? \d+ ", printed)
    assert f"{live_server.url}/products/" in printed


@pytest.mark.parametrize("page", PROMISED)
def test_the_commands_of_a_page_show_what_it_promises(
    folder: Path, live_server: LiveServer, page: str
) -> None:
    for program in ("bash", "curl", "jq"):
        if shutil.which(program) is None:
            pytest.skip(f"this machine has no {program}")
    from access.models import AppKey

    _, key = AppKey.objects.create_key(name="Docs")
    # A refusal ends the script, unless the page says that one is to come.
    (folder / ".curlrc").write_text("silent\nshow-error\nfail-with-body\n")
    script = at(live_server, "\n".join(blocks(page, "sh")))
    command = ["bash", "-e", "-u", "-o", "pipefail", "-c", script]
    printed = run(command, folder=folder, CURL_HOME=str(folder), KEY=key)
    for promised in PROMISED[page]:
        assert promised in printed


def test_the_example_client_finds_prints_and_deletes(folder: Path, live_server: LiveServer) -> None:
    from products.models import ImageSearch

    client = DOCS / "examples" / "find_look_alikes.py"
    command = [sys.executable, str(client), "outfit.jpg", "--shop", live_server.url]
    printed = run([*command, "--limit", "3", "--max-price", "50000"], folder=folder)
    assert re.search(r"^  1  [01]\.\d{3}  Red", printed, re.MULTILINE)
    assert len(re.findall(r"^ +\d  [01]\.", printed, re.MULTILINE)) == 3
    assert not ImageSearch.objects.exists()


def test_the_example_client_says_what_is_wrong(folder: Path, live_server: LiveServer) -> None:
    (folder / "words.jpg").write_text("no photo")
    client = DOCS / "examples" / "find_look_alikes.py"
    for arguments, sentence in (
        (["words.jpg"], "not a photo"),
        (["nothing.jpg"], "No such file"),
        (["outfit.jpg", "--category", "Hats", "--language", "ko"], "Hats"),
    ):
        finished = subprocess.run(
            [sys.executable, str(client), *arguments, "--shop", live_server.url],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        assert finished.returncode == 1
        assert sentence in finished.stderr
        assert "Traceback" not in finished.stderr
