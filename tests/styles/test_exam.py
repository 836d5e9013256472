from __future__ import annotations

import pytest

from styles.catalogue import ExamAnswer, ExamQuestion
from styles.exam import compare_answers, examine
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_search, make_version, place

pytestmark = pytest.mark.django_db


def answer(*skus: str, product_type: str = "", types: tuple[str, ...] = ()) -> ExamAnswer:
    return ExamAnswer(product_type, skus, types or ("",) * len(skus))


def ignore(done: int, total: int) -> None:
    """Stand in for a progress bar."""


def test_figures_are_means_over_the_questions_both_could_answer() -> None:
    serving = make_version("active")
    questions = [ExamQuestion(sku=sku) for sku in "abcd"]
    before = [answer("1", "2"), answer("1", "2"), answer("1", "2"), None]
    after = [answer("1", "2"), answer("2", "3"), answer("3", "4"), answer("1")]
    report = compare_answers(questions, before, after, serving=serving)
    assert report is not None
    assert (report.model_version, report.questions, report.photos) == (serving.number, 3, 0)
    assert report.mean_overlap == pytest.approx((1 + 1 / 2 + 0) / 3, abs=1e-4)
    assert report.same_first == pytest.approx(1 / 3, abs=1e-4)
    assert [change.question for change in report.changed] == [{"sku": "c"}, {"sku": "b"}]
    assert report.changed[0].before == ("1", "2")
    assert report.changed[0].after == ("3", "4")


def test_a_shorter_answer_is_a_different_one() -> None:
    serving = make_version("active")
    report = compare_answers(
        [ExamQuestion(sku="a")], [answer("1", "2", "3", "4")], [answer("1")], serving=serving
    )
    assert report is not None
    assert report.mean_overlap == 0.25


def test_types_are_compared_where_the_question_has_one() -> None:
    serving = make_version("active")
    before = [answer("1", "2", product_type="Coats", types=("Coats", "Shirts")), answer("3")]
    after = [answer("1", "4", product_type="Coats", types=("Coats", "Coats")), answer("3")]
    questions = [ExamQuestion(sku="a"), ExamQuestion(search="s")]
    report = compare_answers(questions, before, after, serving=serving)
    assert report is not None
    assert (report.same_type_before, report.same_type_after) == (0.5, 1.0)
    assert report.photos == 1


def test_without_answers_there_is_no_report() -> None:
    serving = make_version("active")
    assert compare_answers([], [], [], serving=serving) is None
    questions = [ExamQuestion(sku="a")]
    assert compare_answers(questions, [answer()], [answer()], serving=serving) is None


@pytest.fixture
def versions() -> tuple[ModelVersion, ModelVersion]:
    """Give two versions: to the second, the last product looks like the first one."""
    old, new = make_version("active"), make_version("staged")
    for number in range(13):
        product = place(make_product(f"p{number:02}"), direction(a=12, b=number), version=old)
        turned = direction(a=12, b=(number + 12) % 13)
        place(product, turned, version=new)
    return old, new


def test_both_versions_answer_the_same_questions_and_the_report_is_kept(
    versions: tuple[ModelVersion, ModelVersion],
) -> None:
    old, new = versions
    seen: list[tuple[int, int]] = []
    report = examine(new, serving=old, on_progress=lambda *progress: seen.append(progress))
    assert report is not None
    assert report.questions == 13
    assert 0 < report.mean_overlap < 1
    assert seen[-1] == (26, 26)
    new.refresh_from_db()
    assert new.comparison["mean_overlap"] == report.mean_overlap
    assert len(new.comparison["asked"]) == 13
    again = examine(new, serving=old, on_progress=ignore)
    assert again == report


def test_the_questions_of_the_exam_before_are_asked_again_where_they_still_exist(
    versions: tuple[ModelVersion, ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = versions
    monkeypatch.setattr("styles.exam.QUESTIONS", 3)
    old.comparison = {"asked": [{"sku": "p05"}, {"sku": "gone"}]}
    old.save()
    report = examine(new, serving=old, on_progress=ignore)
    assert report is not None
    assert report.questions == 3
    asked = [question["sku"] for question in new.comparison["asked"]]
    assert asked[0] == "p05"
    assert "gone" not in asked
    old.comparison = {}
    old.save()
    examine(new, serving=old, on_progress=ignore)
    assert [question["sku"] for question in new.comparison["asked"]] == asked, "it is stored"


def test_photos_of_searches_are_asked_while_they_are_there(
    versions: tuple[ModelVersion, ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = versions
    kept = make_search(old, direction(a=1))
    lost = make_search(old, direction(a=1))
    lost.photo.storage.delete(str(lost.photo))
    make_search(new, direction(a=1))
    monkeypatch.setattr("products.exam._embed", lambda search, version: None)
    report = examine(new, serving=old, on_progress=ignore)
    assert report is not None
    assert report.photos == 0, "the new version could embed neither"
    asked = {question["search"] for question in new.comparison["asked"] if "search" in question}
    assert asked == {str(kept.pk), str(lost.pk)}
