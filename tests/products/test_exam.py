"""Example queries of the catalogue, and how a version that was really trained answers them."""

from __future__ import annotations

import pytest

from products.embedding import embed_images
from products.exam import answer_questions, draw_questions
from styles.catalogue import ExamQuestion
from styles.models import ModelVersion
from tests.photos import draw_photo, encode
from tests.shop import add_photo, direction, make_product, make_search, make_version, place

pytestmark = pytest.mark.django_db


def ignore(done: int, total: int) -> None:
    """Stand in for a progress bar."""


def skus(version: ModelVersion, *, count: int = 10, seed: int = 1) -> list[str]:
    return [q.sku for q in draw_questions(version, count=count, seed=seed, kept=()) if q.sku]


def test_only_what_shoppers_see_is_drawn_and_the_same_for_a_seed() -> None:
    version = make_version()
    for number in range(8):
        place(make_product(f"p{number}"), direction(a=1), version=version)
    place(make_product("hidden", is_published=False), direction(a=1), version=version)
    place(make_product("sold-out", stock=0), direction(a=1), version=version)
    make_product("without a photo")
    assert sorted(skus(version)) == [f"p{number}" for number in range(8)]
    drawn = skus(version, count=4)
    assert skus(version, count=4) == drawn
    assert len({tuple(skus(version, count=4, seed=seed)) for seed in range(8)}) > 1
    make_product("another")
    assert skus(version, count=4) == drawn, "most questions stay as the catalogue changes"


def test_a_product_is_not_an_answer_to_itself() -> None:
    version = make_version()
    for number in range(3):
        product = make_product(f"p{number}", category="Coats")
        place(product, direction(a=3, b=number), version=version)
    questions = [ExamQuestion(sku="p0"), ExamQuestion(sku="gone"), ExamQuestion(search="0" * 32)]
    first, gone, lost = answer_questions(
        questions, model_version=version, limit=10, on_progress=ignore
    )
    assert first is not None
    assert first.skus == ("p1", "p2")
    assert first.product_types == ("Coats", "Coats")
    assert first.product_type == "Coats"
    assert gone is None
    assert lost is None


def test_a_shoppers_photo_is_embedded_anew_by_another_version(learnt: ModelVersion) -> None:
    image = add_photo(make_product("a"), encode(draw_photo()))
    embed_images([image.pk], model_version=learnt)
    old = make_version("retired")
    kept, deleted = make_search(old, direction(a=1)), make_search(old, direction(a=1))
    deleted.photo.storage.delete(str(deleted.photo))
    own = make_search(learnt, direction(b=1))
    questions = [ExamQuestion(search=str(search.pk)) for search in (kept, deleted, own)]
    answers = answer_questions(questions, model_version=learnt, limit=10, on_progress=ignore)
    assert [answer.skus if answer else None for answer in answers] == [("a",), None, ("a",)]


def test_a_version_that_has_not_embedded_a_product_cannot_tell() -> None:
    one, other = make_version(), make_version("staged")
    place(make_product("a"), direction(a=1), version=one)
    (answer,) = answer_questions(
        [ExamQuestion(sku="a")], model_version=other, limit=10, on_progress=ignore
    )
    assert answer is None
