from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import Storage
from django.core.management import CommandError, call_command
from django.test import override_settings

from styles import artifacts
from styles.catalogue import Example
from styles.evaluation import Evaluation, evaluate_model_version
from styles.exceptions import EvaluationError
from styles.models import ModelVersion
from styles.report_page import render_report
from styles.report_words import name_label, name_label_set
from styles.reports import store_report
from tests.learnt import STYLES
from tests.styles.ml.tiny import COLOURS, photo

pytestmark = pytest.mark.django_db

VOID = {"meta", "img", "br", "line", "rect", "polyline", "circle", "link", "input", "hr"}
HISTORY = [
    {
        "stage": stage,
        "epoch": epoch,
        "loss": 1.0 / epoch,
        "val_loss": None if epoch == 2 else 1.2 / epoch,
        "val_style_accuracy": 0.8,
        "val_style_macro_f1": 0.7,
    }
    for stage, epoch in (("head", 1), ("head", 2), ("fine_tuning", 1))
]


class Page(HTMLParser):
    """What tests look at in a page: elements, words, and whether every element is closed."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(content)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def photos_of(colours: Sequence[str], **labels: str) -> list[Example]:
    return [
        Example(
            f"{colour}-{number}.png",
            partial(photo, colour, number=600 + number),
            labels or {"style": STYLES[colour]},
        )
        for number, colour in enumerate(colours)
    ]


@pytest.fixture
def examples() -> list[Example]:
    """Nine photos, two of them labelled wrong, one with a label that is not learnt, one broken."""
    return [
        *photos_of(["blue", "green", "red"] * 2),
        *photos_of(["green", "green"], style="punk"),
        Example("<b>broken</b>", lambda: b"no photo", {"style": "punk"}),
        *photos_of(["red"], style="romantic"),
    ]


@pytest.fixture
def evaluation(learnt: ModelVersion, examples: list[Example]) -> Evaluation:
    learnt.metadata["history"] = HISTORY
    return evaluate_model_version(
        learnt, examples, datasets=["photos"], left_out={"label_missing": 3}, compare_float=True
    )


def page_of(report: Any) -> Page:
    return Page(Path(report.page).read_text("utf-8"))


def test_the_page_needs_nothing_but_itself(evaluation: Evaluation, examples: list[Example]) -> None:
    content = Path(store_report(evaluation, examples, language="en").page).read_text("utf-8")
    page = Page(content)
    addresses = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "data", "action", "poster", "xlink:href"}
    ]
    assert addresses
    assert all(
        (address or "").startswith(("#", "data:image/webp;base64,")) for address in addresses
    )
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("iframe")
    assert "url(" not in content
    assert "@import" not in content
    targets = {attributes.get("id") for _, attributes in page.elements}
    assert all((a["href"] or "").removeprefix("#") in targets for a in page.all("a"))


def test_pictures_and_tables_can_be_read_without_seeing_them(
    evaluation: Evaluation, examples: list[Example]
) -> None:
    page = page_of(store_report(evaluation, examples, language="en"))
    assert len(page.all("img")) == 8  # Two mistakes, six that are right.
    assert all(image.get("alt") for image in page.all("img"))
    charts = [svg for svg in page.all("svg") if svg.get("class") == "chart"]
    assert len(charts) == 3  # Calibration, and the curves of loss and style.
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in charts)
    assert all(svg.get("aria-hidden") for svg in page.all("svg") if svg not in charts)
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    tables = len(page.all("table"))
    assert tables >= 7
    assert len(page.all("thead")) == tables
    assert all(header.get("scope") in {"row", "col"} for header in page.all("th"))
    regions = [div for div in page.all("div") if div.get("role") == "region"]
    assert len(regions) == tables
    assert all(div.get("aria-label") and div.get("tabindex") == "0" for div in regions)


def test_the_page_shows_every_part_of_the_evaluation(
    evaluation: Evaluation, examples: list[Example]
) -> None:
    text = page_of(store_report(evaluation, examples, language="en")).text
    for words in (
        f"Report on model version {evaluation.model_version}",
        "measured on 9 photos of: photos",
        "6 of 8 photos are named right (75.0%)",
        "Mean of the classes",
        "The expected calibration error is",
        "✕ Resort",
        "✓ Punk",
        "Accuracy, validation",
        "fine-tuning",
        "Decoding the file",
        "Calibration error",
        "Romantic (1)",
        "<b>broken</b> image_unsupported_format",
        "label_missing 3",
        "Seed",
    ):
        assert words in text, words


def test_labels_and_words_follow_the_language(
    evaluation: Evaluation, examples: list[Example]
) -> None:
    page = page_of(store_report(evaluation, examples, language="ko"))
    assert page.all("html") == [{"lang": "ko"}]
    assert "✓ 펑크" in page.text
    assert "로맨틱 (1)" in page.text
    assert "스타일" in page.text
    assert "Punk" not in page.text


def test_names_of_other_labels_stay_as_the_data_set_has_them() -> None:
    assert name_label("garment", "t-shirt") == "t-shirt"
    assert name_label("style", "romantic") == "Romantic"
    assert name_label("style_group", "feminine") == "Feminine"
    assert name_label_set("fabric") == "fabric"


def test_the_numbers_are_those_of_the_evaluation(
    evaluation: Evaluation, examples: list[Example]
) -> None:
    numbers = json.loads(
        Path(store_report(evaluation, examples, language="en").numbers).read_text()
    )
    assert set(numbers) == {
        "schema_version", "model_version", "backbone", "trained_at", "evaluated_at", "datasets",
        "photos", "label_sets", "unlearnt", "retrieval", "latency", "artifact_bytes", "parity",
        "history", "comparison", "skipped", "left_out", "seed", "software",
    }  # fmt: skip
    assert numbers["schema_version"] == 1
    card = numbers["label_sets"]["style"]
    assert set(card) == {
        "count", "accuracy", "macro_f1", "top_3", "majority_baseline", "classes", "confusion",
        "confused_pairs", "calibration", "mistakes", "least_certain",
    }  # fmt: skip
    assert set(card["classes"][0]) == {"code", "precision", "recall", "f1", "support"}
    assert set(card["calibration"]) == {
        "bins", "expected_error", "largest_error", "confidence", "accuracy",
    }  # fmt: skip
    assert {mistake["key"] for mistake in card["mistakes"]} == {"green-0.png", "green-1.png"}
    assert set(numbers["retrieval"][0]["figures"]) >= {
        "precision_at_1",
        "precision_at_10",
        "mean_average_precision",
    }
    assert numbers["history"] == HISTORY


def test_photos_that_have_gone_meanwhile_are_said_to_be(
    evaluation: Evaluation, examples: list[Example]
) -> None:
    def gone() -> bytes:
        raise FileNotFoundError

    page = page_of(
        store_report(evaluation, [replace(one, read=gone) for one in examples], language="en")
    )
    assert page.all("img") == []
    assert "The photo is gone" in page.text


def test_curves_are_drawn_of_whatever_training_noted(evaluation: Evaluation) -> None:
    history = [
        {"stage": "study", "epoch": 1, "loss": 2.0, "style_accuracy": 0.5},
        {"stage": "study", "epoch": 2, "loss": 1.0, "style_accuracy": 0.6, "val_loss": 1.5},
    ]
    page = Page(render_report(replace(evaluation, history=history), photos={}, language="en"))
    assert "study 1 2.0000 0.5000 study 2 1.0000 0.6000 1.5000" in page.text
    assert "Loss, training Loss, validation" in page.text
    assert "Accuracy, training" in page.text
    assert "Accuracy, validation" not in page.text


def test_many_classes_are_drawn_small_and_their_confusions_listed(evaluation: Evaluation) -> None:
    card = evaluation.label_sets["style"]
    count = 60
    many = replace(
        card,
        classes=tuple(replace(card.classes[0], code=f"type {n}", support=2) for n in range(count)),
        confusion=tuple(
            tuple(1 if column in {row, (row + 1) % count} else 0 for column in range(count))
            for row in range(count)
        ),
        confused_pairs=(),
        mistakes=(),
        least_certain=(),
    )
    page = Page(
        render_report(
            replace(evaluation, label_sets={"product_type": many}), photos={}, language="en"
        )
    )
    (matrix,) = (t for t in page.all("table") if (t.get("class") or "").startswith("matrix"))
    assert matrix["class"] == "matrix dense packed"
    assert "The columns are numbered like the rows." in page.text
    assert "There are none." in page.text


def test_a_version_without_history_and_comparison_says_so(
    learnt: ModelVersion, examples: list[Example]
) -> None:
    learnt.metadata.pop("history", None)
    evaluation = evaluate_model_version(learnt, examples[:1])
    text = page_of(store_report(evaluation, examples[:1], language="en")).text
    assert "Training did not note its epochs" in text
    assert "The float model was not measured" in text
    assert "there is nothing to find" in text
    assert "Nothing was left out." in text


def test_a_report_by_look_alikes_alone_says_so(learnt: ModelVersion) -> None:
    garments = {"blue": "coat", "green": "shirt", "red": "dress"}
    kinds = {"blue": "coats", "green": "shirts", "red": "dresses"}
    examples = [
        Example(f"{label_set} {number}", partial(photo, colour, number=number), {label_set: code})
        for number, colour in enumerate(list(COLOURS) * 2)
        for label_set, code in (("garment", garments[colour]), ("kind", kinds[colour]))
    ]
    evaluation = evaluate_model_version(learnt, examples)
    assert evaluation.label_sets == {}
    text = Page(render_report(evaluation, photos={}, language="en")).text
    assert "learnt none of the labels" in text
    assert "Garment → kind 100.0%" in text
    assert "Garment (wholly) coat (2), shirt (2), dress (2)" in text


def test_the_command_writes_a_report_and_says_where(
    learnt: ModelVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for colour, style in STYLES.items():
        (tmp_path / "photos" / style).mkdir(parents=True)
        for number in range(3):
            content = photo(colour, number=700 + number)
            (tmp_path / "photos" / style / f"{number}.png").write_bytes(content)
    output = tmp_path / "reports" / "first"
    arguments = [
        str(learnt.number), str(tmp_path / "photos"), "--labels", "style", "--language", "ko",
        "--compare-float", "--output", str(output),
    ]  # fmt: skip
    call_command("evaluate_model_version", *arguments, "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed["report"] == {
        "page": str(output / "report.html"),
        "numbers": str(output / "report.json"),
    }
    numbers = json.loads((output / "report.json").read_text())
    assert numbers == {name: value for name, value in printed.items() if name != "report"}
    assert Page((output / "report.html").read_text()).all("html") == [{"lang": "ko"}]
    storage = artifacts.artifact_storage()
    time = max(storage.listdir(f"reports/{learnt.number}")[0])
    assert set(storage.listdir(f"reports/{learnt.number}/{time}")[1]) == {
        "report.html",
        "report.json",
    }
    call_command("evaluate_model_version", *arguments)
    lines = capsys.readouterr().out
    assert f"The report: {output / 'report.html'}" in lines
    assert "look-alikes, style: P@1 1.0000" in lines
    assert "int8 1.0000, float 1.0000, +0.00 points: style accuracy" in lines
    assert "int8 1.0000, float 1.0000, +0.00 points: style precision_at_1" in lines


@override_settings(LANGUAGE_CODE="fr-ca")
def test_a_site_in_another_language_gets_an_english_report(
    learnt: ModelVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "punk").mkdir()
    (tmp_path / "punk" / "1.png").write_bytes(photo("red"))
    call_command(
        "evaluate_model_version", str(learnt.number), str(tmp_path), "--labels", "style", "--json"
    )
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert page_of(type("Report", (), printed["report"])).all("html") == [{"lang": "en"}]


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(
    learnt: ModelVersion, tmp_path: Path
) -> None:
    (tmp_path / "punk").mkdir()
    (tmp_path / "punk" / "1.png").write_bytes(photo("red"))
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CommandError, match="The report cannot be written"):
        call_command(
            "evaluate_model_version", str(learnt.number), str(tmp_path), "--labels", "style",
            "--output", str(tmp_path / "file" / "report"),
        )  # fmt: skip


def test_a_storage_without_paths_gives_names(
    evaluation: Evaluation, examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = artifacts.artifact_storage()
    monkeypatch.setattr(type(storage), "path", Storage.path)
    monkeypatch.setattr(type(storage), "save", lambda self, name, content: name)
    report = store_report(evaluation, examples, language="en")
    assert report.page.startswith(f"reports/{evaluation.model_version}/")
    assert report.page.endswith("/report.html")


def test_a_full_disk_is_said_in_a_sentence(
    evaluation: Evaluation, examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Storage, name: str, content: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(artifacts.artifact_storage()), "save", full)
    with pytest.raises(EvaluationError, match="No space left on device"):
        store_report(evaluation, examples, language="en")
