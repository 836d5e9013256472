from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from styles import artifacts
from styles.catalogue import Example
from styles.evaluation import Evaluation, count_unlearnt, evaluate_model_version
from styles.exceptions import ArtifactError, EvaluationError
from styles.models import ModelVersion, Style
from tests.learnt import STYLES, TYPES
from tests.shop import add_photo, make_product
from tests.styles.ml.tiny import COLOURS, photo

pytestmark = pytest.mark.django_db

GARMENTS = {"blue": "coat", "green": "shirt", "red": "dress"}


def photos_of(colours: Sequence[str], **labels: str) -> list[Example]:
    """Return photos that training has not seen, with the style of their colour or `labels`."""
    return [
        Example(
            f"{colour}-{number}.png",
            partial(photo, colour, number=300 + number),
            labels or {"style": STYLES[colour]},
        )
        for number, colour in enumerate(colours)
    ]


def garments(per_colour: int = 4) -> list[Example]:
    """Return photos as they come sorted into folders."""
    return [
        Example(f"{GARMENTS[colour]}/{number}.png", partial(photo, colour, number=400 + number),
                {"garment": GARMENTS[colour]})
        for number in range(per_colour)
        for colour in COLOURS
    ]  # fmt: skip


def stock_catalogue(per_colour: int = 3) -> None:
    for colour in COLOURS:
        for number in range(per_colour):
            product = make_product(f"{colour}-{number}", category=TYPES[colour])
            product.styles.add(Style.objects.get(code=STYLES[colour]))
            add_photo(product, photo(colour, number=500 + number))


def retrieval_of(evaluation: Evaluation) -> dict[tuple[str, str], float]:
    return {
        (found.asking, found.answering): found.figures.precision_at_1
        for found in evaluation.retrieval
    }


def test_a_version_is_measured_on_labels_it_knows(
    learnt: ModelVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["sku", "image", "style"]]
    for number, colour in enumerate(["blue", "green", "red", "red"]):
        (tmp_path / f"{number}.png").write_bytes(photo(colour, number=200 + number))
        rows.append([str(number), f"{number}.png", STYLES[colour]])
    (tmp_path / "broken.png").write_bytes(b"no photo")
    rows += [["5", "broken.png", "punk"], ["6", "0.png", "romantic"], ["7", "gone.png", "punk"]]
    table = tmp_path / "labels.csv"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    arguments = [str(learnt.number), str(table), "--labels", "style"]
    call_command("evaluate_model_version", *arguments, "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed["label_sets"]["style"]["count"] == 4
    assert printed["label_sets"]["style"]["accuracy"] == 1.0
    assert printed["unlearnt"] == {"style": {"romantic": 1}}
    assert printed["skipped"] == [
        {"key": "7", "code": "image_missing"},
        {"key": "5", "code": "image_unsupported_format"},
    ]
    call_command("evaluate_model_version", *arguments)
    assert "accuracy" in capsys.readouterr().out


def test_wrong_labels_show_as_mistakes_with_their_photos(learnt: ModelVersion) -> None:
    examples = [*photos_of(["blue", "red"]), *photos_of(["green"], style="punk")]
    card = evaluate_model_version(learnt, examples).label_sets["style"]
    assert card.accuracy == pytest.approx(2 / 3)
    (mistake,) = card.mistakes
    assert (mistake.photo, mistake.true, mistake.predicted) == (2, "punk", "resort")
    assert mistake.probability > 0.5
    codes = learnt.label_sets["style"]
    assert card.confusion[codes.index("punk")][codes.index("resort")] == 1


def test_the_circumstances_are_told(learnt: ModelVersion) -> None:
    learnt.metadata["history"] = [{"stage": "head", "epoch": 1, "loss": 0.5}]
    evaluation = evaluate_model_version(
        learnt, photos_of(["red"] * 5), datasets=["photos"], left_out={"label_missing": 2}
    )
    assert evaluation.model_version == learnt.number
    assert evaluation.photos == 5
    assert evaluation.datasets == ["photos"]
    assert evaluation.left_out == {"label_missing": 2}
    assert evaluation.history == [{"stage": "head", "epoch": 1, "loss": 0.5}]
    assert evaluation.parity["photos"] > 0
    assert min(evaluation.artifact_bytes.values()) > 0
    assert evaluation.software["numpy"] == np.__version__
    assert evaluation.latency is not None
    assert evaluation.latency.photos == 5
    assert evaluation.latency.predict_p95_ms >= evaluation.latency.predict_median_ms


def test_labels_the_version_cannot_know_are_counted_apart() -> None:
    examples = [
        Example("1", lambda: b"", {"style": "punk", "fabric": "wool"}),
        Example("2", lambda: b"", {"style": "romantic"}),
        Example("3", lambda: b"", {"style": "romantic"}),
    ]
    assert count_unlearnt(examples, label_sets={"style": ["punk"]}) == {
        "fabric": {"wool": 1},
        "style": {"romantic": 2},
    }


def test_photos_find_others_of_their_style(learnt: ModelVersion) -> None:
    evaluation = evaluate_model_version(learnt, photos_of(["blue", "green", "red"] * 3))
    assert retrieval_of(evaluation) == {("style", "style"): 1.0}


def test_photos_from_folders_find_products_whose_type_reads_alike(learnt: ModelVersion) -> None:
    stock_catalogue()
    evaluation = evaluate_model_version(learnt, garments())
    assert evaluation.photos == 12
    assert retrieval_of(evaluation) == {
        ("garment", "garment"): 1.0,
        ("garment", "product_type"): 1.0,
    }
    across = evaluation.retrieval[1]
    assert across.source == "names"
    assert across.answers == {"coat": ["Coats"], "dress": ["Dresses"], "shirt": ["Shirts"]}
    assert across.figures.gallery == 9
    assert evaluation.label_sets == {}
    assert evaluation.unlearnt["garment"] == {"coat": 4, "shirt": 4, "dress": 4}


def test_a_file_may_say_what_answers_what(
    learnt: ModelVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock_catalogue()
    folder = tmp_path / "photos" / "party"
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / f"{number}.png").write_bytes(photo("red", number=number))
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"party": ["Dresses", "Gowns"], "work": ["Coats"]}))
    call_command(
        "evaluate_model_version", str(learnt.number), str(folder.parent), "--json",
        "--answers", str(answers),
    )  # fmt: skip
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    (across,) = (found for found in printed["retrieval"] if found["answering"] == "product_type")
    assert across["answers"] == {"party": ["Dresses"]}
    assert across["source"] == "file"
    assert across["figures"]["precision_at_1"] == 1.0
    assert across["figures"]["precision_at_10"] == pytest.approx(3 / 9)


@pytest.mark.parametrize("content", ["[1]", '{"a": "b"}', '{"a": [1]}', "no JSON"])
def test_answers_that_are_no_mapping_are_refused(
    learnt: ModelVersion, tmp_path: Path, content: str
) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(content)
    with pytest.raises(CommandError, match="Tshirts"):
        call_command(
            "evaluate_model_version", str(learnt.number), "catalogue", "--answers", str(answers)
        )


def test_answers_that_fit_nothing_are_refused(learnt: ModelVersion) -> None:
    with pytest.raises(EvaluationError, match="labelled by: garment"):
        evaluate_model_version(learnt, garments(), answers={"sombrero": ["Hats"]})


def test_every_figure_is_compared_with_the_float_model(learnt: ModelVersion) -> None:
    examples = [*photos_of(["blue", "green", "red"] * 2), Example("x", lambda: b"", {})]
    evaluation = evaluate_model_version(learnt, examples, compare_float=True)
    differences = {(one.asking, one.figure): one for one in evaluation.comparison}
    assert set(differences) == {
        ("style", "accuracy"),
        ("style", "top_3"),
        ("style", "macro_f1"),
        ("style", "calibration_error"),
        ("style", "precision_at_1"),
        ("style", "precision_at_10"),
        ("style", "mean_average_precision"),
    }
    accuracy = differences["style", "accuracy"]
    assert (accuracy.served, accuracy.trained, accuracy.points) == (1.0, 1.0, 0.0)
    calibration = differences["style", "calibration_error"]
    assert calibration.served != calibration.trained
    assert calibration.points == pytest.approx(
        100 * (calibration.served - calibration.trained), abs=1e-3
    )
    assert [one["code"] for one in evaluation.skipped] == ["image_empty"]


def test_a_float_model_that_is_gone_or_altered_is_not_compared_with(learnt: ModelVersion) -> None:
    storage = artifacts.artifact_storage()
    name = f"{learnt.artifact_prefix}/model.keras"
    with storage.open(name, "rb+") as file:
        file.seek(100)
        file.write(b"damage")
    with pytest.raises(ArtifactError, match="SHA-256"):
        evaluate_model_version(learnt, photos_of(["red"]), compare_float=True)
    storage.delete(name)
    with pytest.raises(ArtifactError, match=r"model\.keras"):
        evaluate_model_version(learnt, photos_of(["red"]), compare_float=True)


def test_a_single_photo_and_a_single_class_are_measured(learnt: ModelVersion) -> None:
    evaluation = evaluate_model_version(learnt, photos_of(["red"]))
    card = evaluation.label_sets["style"]
    assert (card.count, card.accuracy, card.majority_baseline) == (1, 1.0, 1.0)
    assert evaluation.retrieval == []


def test_a_data_set_without_known_labels_is_refused(learnt: ModelVersion) -> None:
    strange = [Example("1", lambda: photo("red"), {"fabric": "wool"})]
    with pytest.raises(EvaluationError, match="knows none of the labels"):
        evaluate_model_version(learnt, strange)


def test_a_data_set_without_photos_is_refused(learnt: ModelVersion) -> None:
    with pytest.raises(EvaluationError, match="no photos"):
        evaluate_model_version(learnt, [])
    damaged = [Example("a.png", lambda: b"no photo", {"style": "punk"})] * 3
    with pytest.raises(
        EvaluationError, match=r"None of the 3 photos can be read; the first is a\.png"
    ):
        evaluate_model_version(learnt, damaged)


def test_progress_is_told_to_the_end(learnt: ModelVersion) -> None:
    told: list[tuple[str, int, int]] = []
    evaluate_model_version(
        learnt, photos_of(["red"] * 70), on_progress=lambda *step: told.append(step)
    )
    assert told[0] == ("photos", 64, 70)
    assert ("photos", 70, 70) in told
    assert told[-1] == ("retrieval", 1, 1)
