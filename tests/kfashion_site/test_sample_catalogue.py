"""The drawn sample catalogue: the same bytes everywhere, true words, safe restarts."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kfashion_site.sample_catalogue import catalogue, draw_catalogue
from kfashion_site.sample_catalogue.grammar import METALS, draw
from kfashion_site.sample_catalogue.graphics import COMPOSITIONS, WORDS
from kfashion_site.sample_catalogue.lettering import STROKES
from kfashion_site.sample_catalogue.looks import LOOKS
from kfashion_site.sample_catalogue.motifs import MOTIFS
from kfashion_site.sample_catalogue.prints import PRINTS
from kfashion_site.sample_catalogue.words import FABRIC_WORDS, PATTERN_WORDS, TINTS
from styles import taxonomy

ROOT = Path(__file__).resolve().parents[2]
STYLE_CODES = {style.code for style in taxonomy.STYLES} - {taxonomy.OTHER}
HANGUL = re.compile("[가-힣]")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small catalogue, one product a style, drawn by two processes."""
    return draw_catalogue(tmp_path_factory.mktemp("drawn"), per_style=1)


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pictures(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "images").iterdir())}


def jpeg(number: int) -> tuple[str, bytes]:
    """The first products' bytes, drawn in this process alone."""
    product = catalogue.plan(per_style=1)[number]
    buffer = io.BytesIO()
    draw(product).save(buffer, "JPEG", quality=catalogue.JPEG_QUALITY, subsampling=0)
    return f"{product.sku}.jpg", buffer.getvalue()


def test_every_style_of_the_taxonomy_has_products(drawn: Path) -> None:
    assert Counter(row["style"] for row in rows(drawn)) == dict.fromkeys(STYLE_CODES, 1)


def test_the_whole_catalogue_has_twenty_products_a_style_with_unique_skus_and_names() -> None:
    plan = catalogue.plan(per_style=20)
    assert Counter(product.style for product in plan) == dict.fromkeys(STYLE_CODES, 20)
    assert len({product.sku for product in plan}) == len(plan) == 460
    looks = Counter((row["style"], row["name"]) for row in map(catalogue.row, plan))
    assert max(looks.values()) == 1


def test_the_table_has_the_promised_columns_and_plausible_values(drawn: Path) -> None:
    text = drawn.read_text(encoding="utf-8")
    assert text.splitlines()[0] == (
        "sku,name,name_ko,brand,price,currency,stock,gender,category,colour,style,image,drawn"
    )
    for row in map(catalogue.row, catalogue.plan(per_style=20)):
        assert int(row["price"]) % 1000 == 0
        assert 10_000 <= int(row["price"]) <= 500_000
        assert int(row["stock"]) >= 0
        assert row["gender"] in {"women", "men", "unisex"}
        assert (row["currency"], row["drawn"]) == ("KRW", "yes")
        assert row["brand"]
        assert row["category"]


def test_most_products_are_in_stock_and_a_few_are_sold_out() -> None:
    stocks = [int(catalogue.row(product)["stock"]) for product in catalogue.plan(per_style=20)]
    assert 0 < stocks.count(0) < len(stocks) * 0.15


def test_every_product_is_named_in_english_and_in_korean() -> None:
    for row in map(catalogue.row, catalogue.plan(per_style=20)):
        assert row["name"].isprintable()
        assert not HANGUL.search(row["name"])
        assert HANGUL.search(row["name_ko"])
        assert "  " not in row["name"] + row["name_ko"]


def test_a_name_tells_the_colour_and_the_print_of_its_picture() -> None:
    for product in catalogue.plan(per_style=20):
        row = catalogue.row(product)
        assert row["name"].endswith(f", {TINTS[product.colours[0]].en}")
        pattern = PATTERN_WORDS[product.pattern.split("+")[0]][0]
        assert pattern.lower() in row["name"].lower()


def test_every_recipe_uses_words_that_exist() -> None:
    for _, recipes in LOOKS.values():
        for recipe in recipes:
            keys = [key for entry in recipe.colours for key in entry.split("/")]
            keys += [key for a in recipe.accents for key in a.split(":")[1].split("/")]
            assert set(keys) <= TINTS.keys(), recipe.en
            assert {cloth.split(":")[0] for cloth in recipe.cloths} <= FABRIC_WORDS.keys()
            assert recipe.metal in METALS
            patterns = {[*cloth.split(":"), "solid"][1] for cloth in recipe.cloths}
            motifs = {part for p in patterns if p[0] == "@" for part in p[1:].split("+")}
            assert {p for p in patterns if p[0] != "@"} <= PRINTS.keys()
            assert motifs <= MOTIFS.keys()
            assert set(recipe.graphics) <= COMPOSITIONS.keys() | MOTIFS.keys()


def test_every_letter_of_a_printed_word_has_strokes() -> None:
    assert {letter for word in WORDS for letter in word} <= STROKES.keys()


def test_a_style_offers_several_categories_and_colours() -> None:
    plan = catalogue.plan(per_style=20)
    for code in STYLE_CODES:
        offered = [catalogue.row(product) for product in plan if product.style == code]
        assert len({row["category"] for row in offered}) >= 4, code
        assert len({row["colour"] for row in offered}) >= 3, code


def test_each_picture_is_a_512_by_640_jpeg_of_its_row(drawn: Path) -> None:
    for row in rows(drawn):
        with Image.open(drawn.parent / row["image"]) as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (512, 640))


def test_a_picture_shows_a_garment_on_a_quiet_light_ground(drawn: Path) -> None:
    for row in rows(drawn):
        with Image.open(drawn.parent / row["image"]) as picture:
            pixels = np.asarray(picture, dtype=np.float32)
        edge = np.concatenate([pixels[:12].reshape(-1, 3), pixels[-12:].reshape(-1, 3)])
        assert edge.mean() > 190
        assert edge.std() < 16
        ground = np.median(edge, axis=0)
        covered = (np.abs(pixels - ground).max(axis=2) > 20).mean()
        assert 0.08 < covered < 0.75, row["name"]


def test_one_process_draws_the_same_bytes_as_two(drawn: Path) -> None:
    two = pictures(drawn.parent)
    for number in (0, 5, 11, 22):
        name, content = jpeg(number)
        assert two[name] == content


def test_hash_randomisation_does_not_change_a_picture(drawn: Path, tmp_path: Path) -> None:
    product = catalogue.plan(per_style=1)[3]
    script = (
        "import sys; from pathlib import Path; "
        "from kfashion_site.sample_catalogue import catalogue; "
        "catalogue.draw_product(catalogue.plan(per_style=1)[3], Path(sys.argv[1]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=True, env=environment, cwd=ROOT
    )
    name = f"{product.sku}.jpg"
    assert (tmp_path / name).read_bytes() == (drawn.parent / "images" / name).read_bytes()


def test_a_second_call_draws_nothing(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(job: object) -> None:
        raise AssertionError("a picture was drawn again")

    before = {path: path.stat().st_mtime_ns for path in drawn.parent.rglob("*")}
    monkeypatch.setattr(catalogue, "_draw_job", refuse)
    calls: list[tuple[int, int]] = []
    again = draw_catalogue(
        drawn.parent, per_style=1, on_progress=lambda done, total: calls.append((done, total))
    )
    assert again == drawn
    assert calls == []
    assert {path: path.stat().st_mtime_ns for path in drawn.parent.rglob("*")} == before


@pytest.fixture
def small_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three styles are enough to see how drawing stops and starts."""
    few = {code: LOOKS[code] for code in ("romantic", "military", "punk")}
    monkeypatch.setattr(catalogue, "LOOKS", few)


@pytest.mark.usefixtures("small_plan")
def test_an_interrupted_run_leaves_no_broken_file_and_is_finished_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_catalogue(tmp_path, per_style=1, workers=1, on_progress=stop)
    assert not (tmp_path / "catalogue.csv").exists()
    finished = pictures(tmp_path)
    assert len(finished) == 2
    seen: list[tuple[int, int]] = []
    table = draw_catalogue(
        tmp_path, per_style=1, workers=1, on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(2, 3), (3, 3)]
    assert pictures(tmp_path).items() >= finished.items()
    assert len(rows(table)) == 3


@pytest.mark.usefixtures("small_plan")
def test_a_half_written_picture_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    torn = tmp_path / "images" / ".KF-ROM-001.jpg.77.part"
    torn.write_bytes(b"\xff\xd8\xff")
    draw_catalogue(tmp_path, per_style=1, workers=1)
    assert not torn.exists()
    with Image.open(tmp_path / "images" / "KF-ROM-001.jpg") as picture:
        picture.load()


@pytest.mark.usefixtures("small_plan")
def test_a_newer_grammar_draws_old_pictures_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_catalogue(tmp_path, per_style=1, workers=1)
    stale = tmp_path / "images" / "KF-PUN-001.jpg"
    fresh = stale.read_bytes()
    stale.write_bytes(b"drawn by an older grammar")
    monkeypatch.setattr(catalogue, "GRAMMAR_VERSION", catalogue.GRAMMAR_VERSION + 1)
    draw_catalogue(tmp_path, per_style=1, workers=1)
    assert stale.read_bytes() == fresh


@pytest.mark.usefixtures("small_plan")
def test_a_larger_catalogue_keeps_the_pictures_it_has(tmp_path: Path) -> None:
    draw_catalogue(tmp_path, per_style=1, workers=1)
    first = pictures(tmp_path)
    table = draw_catalogue(tmp_path, per_style=2, workers=1)
    assert pictures(tmp_path).items() >= first.items()
    assert len(rows(table)) == 6


def test_the_command_says_where_the_catalogue_lies(drawn: Path) -> None:
    command = [sys.executable, "-m", "kfashion_site.sample_catalogue", str(drawn.parent)]
    result = subprocess.run(
        [*command, "--per-style", "1"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert result.stdout.strip() == str(drawn)


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    command = [sys.executable, "-m", "kfashion_site.sample_catalogue", str(tmp_path / "taken")]
    result = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 1
    assert result.stderr.startswith("The sample catalogue could not be written:")
    assert "Traceback" not in result.stderr
