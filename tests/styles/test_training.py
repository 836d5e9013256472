from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from products.models import ProductImage
from styles import artifacts
from styles.catalogue import get_catalogue
from styles.exceptions import ArtifactError
from styles.inference import predict
from styles.models import ModelVersion, Style
from tests.learnt import STYLES, TYPES
from tests.shop import add_photo, make_product
from tests.styles.ml.tiny import BACKBONE, COLOURS, photo, tiny_backbone

pytestmark = pytest.mark.django_db


@pytest.fixture
def backbone() -> Iterator[str]:
    """Have the tiny backbone in the table; return its name."""
    with tiny_backbone():
        yield BACKBONE


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Write twelve photos of each colour into a folder of its own."""
    for colour in COLOURS:
        (tmp_path / colour).mkdir()
        for number in range(12):
            (tmp_path / colour / f"{number}.png").write_bytes(photo(colour, number=number))
    return tmp_path


def stock_catalogue(per_colour: int = 8) -> None:
    for colour in COLOURS:
        for number in range(per_colour):
            product = make_product(f"{colour}-{number}", category=TYPES[colour])
            product.styles.add(Style.objects.get(code=STYLES[colour]))
            add_photo(product, photo(colour, number=number))


def test_a_catalogue_is_learnt_and_its_version_predicts(
    backbone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stock_catalogue()
    call_command("train_model_version", "catalogue", "--backbone", backbone, "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    version = ModelVersion.objects.numbered(printed["model_version"])
    assert version.number == 1
    assert version.status == "trained"
    assert set(version.label_sets) == {"style", "product_type"}
    assert set(printed["metrics"]) == {"style", "product_type"}
    assert printed["parity"]["mean_cosine"] > 0.9
    (prediction,) = predict([photo("red", number=99)], model_version=version, clustering=None)
    assert not isinstance(prediction, Exception)
    assert prediction.embedding.shape == (256,)
    assert next(iter(prediction.probabilities["product_type"])) in TYPES.values()


def test_catalogue_and_folders_train_one_version_with_a_higher_number(
    learnt: ModelVersion, backbone: str, folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock_catalogue()
    arguments = ["catalogue", str(folders), "--backbone", backbone, "--epochs", "2"]
    call_command("train_model_version", *arguments)
    version = ModelVersion.objects.order_by("-number")[0]
    assert version.number == learnt.number + 1
    assert set(version.label_sets) == {"style", "product_type", "garment"}
    assert version.metadata["config"]["head"]["epochs"] == 2
    printed = capsys.readouterr()
    assert "Learning from 60 photos" in printed.err
    assert f"activate_model_version {version.number}" in printed.out


def test_damaged_photos_are_skipped_and_listed(
    backbone: str, folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folders / "red" / "damaged.png").write_bytes(b"no photo")
    call_command("train_model_version", str(folders), "--backbone", backbone, "--epochs", "2")
    assert "Skipped red/damaged.png: image_unsupported_format" in capsys.readouterr().out


def test_examples_of_the_catalogue_carry_what_is_known_and_read_stored_photos() -> None:
    stock_catalogue(per_colour=1)
    ProductImage.objects.filter(product__sku="green-0").update(error_code="image_truncated")
    examples = {example.key: example for example in get_catalogue().examples()}
    assert set(examples) == {"blue-0", "red-0"}
    assert examples["red-0"].labels == {
        "style": "punk",
        "style_group": "subculture",
        "product_type": "Dresses",
    }
    assert examples["red-0"].read() == photo("red", number=0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["catalogue"], "The catalogue has no photos to learn from"),
        (["/nowhere/at/all"], "cannot be read"),
        (["catalogue", "--backbone", "resnet9000"], "no photos|Expected one of the backbones"),
    ],
)
def test_what_cannot_be_learnt_from_is_said_in_a_sentence(
    arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("train_model_version", *arguments)
    assert not ModelVersion.objects.exists()


def test_a_single_label_is_nothing_to_learn(backbone: str) -> None:
    for number in range(3):
        add_photo(make_product(f"p{number}", category="Coats"), photo("red", number=number))
    with pytest.raises(CommandError, match="at least two different labels"):
        call_command("train_model_version", "catalogue", "--backbone", backbone)
    assert not ModelVersion.objects.exists()


def test_a_damaged_artifact_is_never_served(learnt: ModelVersion) -> None:
    storage = artifacts.artifact_storage()
    name = f"{learnt.artifact_prefix}/trunk.tflite"
    with storage.open(name, "rb+") as file:
        file.seek(100)
        file.write(b"damage")
    with pytest.raises(ArtifactError, match="SHA-256"):
        artifacts.load(learnt)
    storage.delete(name)
    with pytest.raises(ArtifactError, match="train a new version"):
        artifacts.load(learnt)
