from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from products.models import Calibration, ImageSearch
from styles.models import ModelVersion
from tests.learnt import open_small_shop
from tests.photos import side_by_side
from tests.styles.ml.tiny import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def red_photo(tmp_path: Path, learnt: ModelVersion) -> str:
    """Open the small shop and return the path of a photo of something red."""
    open_small_shop(learnt)
    path = tmp_path / "red.png"
    path.write_bytes(photo("red", number=500))
    return str(path)


def test_a_photo_is_answered_with_group_mix_and_look_alikes(
    red_photo: str, learnt: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("search_image", red_photo, "--limit", "3", "--json")
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["model_version"] == learnt.number
    assert found["cluster"].keys() == {"number", "name", "probability"}
    assert found["styles"][0].keys() == {"code", "name", "probability"}
    assert found["styles"][0]["code"] == "punk"
    assert found["product_types"][0]["code"] == "Dresses"
    assert [hit["rank"] for hit in found["results"]] == [1, 2, 3]
    assert all(hit["name"].startswith("Red") for hit in found["results"])
    distances = [hit["distance"] for hit in found["results"]]
    assert distances == sorted(distances)
    assert not ImageSearch.objects.exists()


def test_a_box_on_the_photo_is_looked_at_alone(
    red_photo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "both.png"
    path.write_bytes(side_by_side("blue", "red"))
    for crop, code in (("0,0,0.5,1", "classic"), ("0.5,0,0.5,1", "punk")):
        call_command("search_image", str(path), "--crop", crop, "--json")
        found = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert found["styles"][0]["code"] == code


def test_wishes_reorder_the_answer(red_photo: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("search_image", red_photo, "--prefer-words", "8", "--limit", "1", "--json")
    (first,) = json.loads(capsys.readouterr().out.splitlines()[-1])["results"]
    assert first["sku"] == "KF-008"


def test_filters_narrow_the_answer(red_photo: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--category", "Coats", "--min-price", "12000", "--json"]
    call_command("search_image", red_photo, *arguments)
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {hit["name"].split()[0] for hit in found["results"]} == {"Blue"}
    assert found["count"] == 3


def test_people_read_lines(red_photo: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("search_image", red_photo)
    printed = capsys.readouterr().out
    assert "Style group:" in printed
    assert "Punk" in printed
    assert "11 products match" in printed


def test_bad_input_is_one_sentence(red_photo: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("search_image", str(tmp_path / "nowhere.jpg"))
    with pytest.raises(CommandError, match="Use a limit from 1 to 100"):
        call_command("search_image", red_photo, "--limit", "1000")
    with pytest.raises(CommandError, match="There is no cluster"):
        call_command("search_image", red_photo, "--cluster", "77")
    with pytest.raises(CommandError, match="The crop lies outside the photo"):
        call_command("search_image", red_photo, "--crop", "0.9,0,0.5,1")
    with pytest.raises(CommandError, match="The crop is too small"):
        call_command("search_image", red_photo, "--crop", "0,0,0.1,0.1")
    with pytest.raises(CommandError, match="Use a diversity from 0"):
        call_command("search_image", red_photo, "--diversity", "7")
    text = tmp_path / "text.jpg"
    text.write_text("no photo")
    with pytest.raises(CommandError, match="not a photo we can read"):
        call_command("search_image", str(text))


def test_hits_are_graded_and_explained(
    red_photo: str, learnt: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    Calibration.objects.create(
        model_version=learnt, very_close=0.2, close=0.4, cut_off=0.6, is_reliable=True
    )
    call_command("search_image", red_photo, "--limit", "2", "--json")
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["has_close_match"] is True
    hit = found["results"][0]
    assert hit["match"].keys() == {"grade", "name", "percent"}
    assert hit["shared_styles"][0]["code"] == "punk"
    assert hit["shared_colours"][0]["code"] == "red"
    call_command("search_image", red_photo)
    assert f"({hit['match']['name']}, Punk" in capsys.readouterr().out


def test_nothing_near_is_said(
    red_photo: str, learnt: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    Calibration.objects.create(
        model_version=learnt, very_close=0, close=0, cut_off=0, is_reliable=True
    )
    call_command("search_image", red_photo)
    assert "No close match" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "format"), [("heat.webp", "WEBP"), ("heat.PNG", "PNG")])
def test_where_the_model_looked_is_saved(
    red_photo: str, tmp_path: Path, name: str, format: str
) -> None:
    file = tmp_path / name
    call_command("search_image", red_photo, "--heat-map", str(file))
    with Image.open(file) as drawn:
        assert (drawn.format, drawn.size) == (format, (40, 40))


def test_a_heat_map_that_cannot_be_saved_is_one_sentence(red_photo: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Name the heat map \.webp"):
        call_command("search_image", red_photo, "--heat-map", str(tmp_path / "heat.gif"))
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("search_image", red_photo, "--heat-map", str(tmp_path / "no" / "heat.png"))
