from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from products.catalogue import ProductCatalogue
from products.embedding import embed_images, run_image_search
from products.models import (
    ClusterAssignment,
    ImageClassification,
    ImageSearch,
    ProductEmbedding,
    ProductImage,
)
from products.tasks import (
    embed_missing_images,
    purge_expired_image_searches,
    resume_image_searches,
)
from products.tasks import run_image_search as run_image_search_task
from styles.exceptions import NoActiveModelVersionError
from styles.models import ModelVersion
from tests.photos import draw_photo, encode, side_by_side
from tests.shop import add_photo, direction, make_clustering, make_product, make_search
from tests.styles.ml.tiny import photo

pytestmark = pytest.mark.django_db


def pending_search(content: bytes | None = None) -> ImageSearch:
    search = ImageSearch()
    photo = encode(draw_photo()) if content is None else content
    search.photo.save("photo.jpg", ContentFile(photo), save=False)
    search.save()
    return search


def test_a_chunk_of_photos_is_embedded_classified_and_assigned(learnt: ModelVersion) -> None:
    clustering = make_clustering(learnt, {"a": direction(a=1), "b": direction(b=1)})
    images = [add_photo(make_product(f"p{n}"), encode(draw_photo())) for n in range(3)]
    counts = embed_images([image.pk for image in images], model_version=learnt)
    assert (counts.embedded, counts.skipped, counts.failed) == (3, 0, 0)
    for row in ProductEmbedding.objects.all():
        assert np.linalg.norm(row.embedding) == pytest.approx(1, abs=2e-3)
    probabilities = ImageClassification.objects.get(image=images[0]).probabilities
    assert set(probabilities) == set(learnt.label_sets)
    for mix in probabilities.values():
        assert sum(mix.values()) == pytest.approx(1, abs=0.1)
    assert ClusterAssignment.objects.filter(clustering=clustering).count() == 3


def test_embedding_twice_changes_nothing(learnt: ModelVersion) -> None:
    image = add_photo(make_product("p"), encode(draw_photo()))
    embed_images([image.pk], model_version=learnt)
    before = ProductEmbedding.objects.get()
    counts = embed_images([image.pk], model_version=learnt)
    assert (counts.embedded, counts.skipped, counts.failed) == (0, 1, 0)
    after = ProductEmbedding.objects.get()
    assert (after.pk, after.embedding) == (before.pk, before.embedding)


def test_photos_that_are_gone_are_skipped(learnt: ModelVersion) -> None:
    counts = embed_images([123456], model_version=learnt)
    assert (counts.embedded, counts.skipped, counts.failed) == (0, 1, 0)


def test_a_damaged_photo_is_marked_and_the_others_go_on(learnt: ModelVersion) -> None:
    good = add_photo(make_product("good"), encode(draw_photo()))
    damaged = add_photo(make_product("damaged"), encode(draw_photo())[:-300])
    lost = add_photo(make_product("lost"))
    lost.file.storage.delete(str(lost.file.name))
    counts = embed_images([good.pk, damaged.pk, lost.pk], model_version=learnt)
    assert (counts.embedded, counts.skipped, counts.failed) == (1, 0, 2)
    codes = dict(ProductImage.objects.values_list("pk", "error_code"))
    assert codes == {good.pk: "", damaged.pk: "image_truncated", lost.pk: "image_missing"}
    assert ProductImage.objects.missing_embedding_by(learnt).count() == 0


def test_a_search_is_answered_with_mix_cluster_and_embedding(learnt: ModelVersion) -> None:
    make_clustering(learnt, {"a": direction(a=1), "b": direction(b=1)})
    search = pending_search()
    run_image_search(search)
    search.refresh_from_db()
    assert search.status == "done"
    assert search.model_version == learnt
    assert np.linalg.norm(search.embedding) == pytest.approx(1, abs=2e-3)
    assert set(search.probabilities) == set(learnt.label_sets)
    assert search.cluster is not None
    likeliest = max(search.cluster_probabilities, key=lambda n: search.cluster_probabilities[n])
    assert str(search.cluster.number) == likeliest
    assert search.finished_at is not None


def test_the_same_photo_is_its_products_nearest_look_alike(learnt: ModelVersion) -> None:
    photo = encode(draw_photo())
    image = add_photo(make_product("p"), photo)
    embed_images([image.pk], model_version=learnt)
    search = pending_search(photo)
    run_image_search(search)
    search.refresh_from_db()
    stored = ProductEmbedding.objects.get().embedding
    assert np.dot(stored, search.embedding) == pytest.approx(1, abs=2e-3)


def test_a_search_with_a_crop_is_of_what_the_box_holds(learnt: ModelVersion) -> None:
    found = []
    for content, crop in (
        (photo("red"), []),
        (side_by_side("blue", "red"), [0.5, 0, 0.5, 1]),
        (side_by_side("blue", "red"), [0, 0, 0.5, 1]),
    ):
        search = pending_search(content)
        ImageSearch.objects.filter(pk=search.pk).update(crop=crop)
        search.refresh_from_db()
        run_image_search(search)
        search.refresh_from_db()
        found.append(np.array(search.embedding))
        with search.photo.open("rb") as file, Image.open(file) as stored:
            assert stored.width == (80 if crop else 40)
    red, right, left = found
    assert red @ right > 0.95
    assert red @ left < 0.8


def test_a_search_whose_photo_is_damaged_fails_with_its_code(learnt: ModelVersion) -> None:
    search = pending_search(encode(draw_photo())[:-300])
    run_image_search(search)
    search.refresh_from_db()
    assert (search.status, search.error_code) == ("failed", "image_truncated")
    assert search.embedding is None


def test_a_search_whose_photo_is_gone_fails_with_its_code(learnt: ModelVersion) -> None:
    search = pending_search()
    search.photo.storage.delete(str(search.photo.name))
    run_image_search(search)
    search.refresh_from_db()
    assert (search.status, search.error_code) == ("failed", "image_missing")


def test_a_search_deleted_while_it_runs_stays_deleted(learnt: ModelVersion) -> None:
    search = pending_search()
    ImageSearch.objects.filter(pk=search.pk).delete()
    run_image_search(search)
    assert not ImageSearch.objects.exists()


def test_without_an_active_version_a_search_stays_unfinished() -> None:
    search = pending_search()
    with pytest.raises(NoActiveModelVersionError):
        run_image_search(search)
    search.refresh_from_db()
    assert search.status == "pending"


def test_a_task_for_a_finished_or_missing_search_does_nothing(learnt: ModelVersion) -> None:
    search = make_search(learnt, direction(a=1))
    search_id = str(search.pk)
    run_image_search_task(search_id)
    assert ImageSearch.objects.get().finished_at is None
    search.erase()
    run_image_search_task(search_id)
    assert not ImageSearch.objects.exists()


def test_the_sweeper_offers_what_is_missing_once(
    learnt: ModelVersion, sent: list[tuple[str, tuple[object, ...]]]
) -> None:
    image = add_photo(make_product("p"), encode(draw_photo()))
    assert embed_missing_images() == 1
    assert embed_missing_images() == 0
    assert sent == [("products.tasks.embed_images", ([image.pk], learnt.pk))]
    ProductImage.objects.update(embedding_queued_at=timezone.now() - timedelta(hours=1))
    assert embed_missing_images() == 1


def test_the_sweeper_offers_searches_nobody_took_up(
    sent: list[tuple[str, tuple[object, ...]]],
) -> None:
    fresh, lost = pending_search(), pending_search()
    ImageSearch.objects.filter(pk=lost.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    assert resume_image_searches() == 1
    assert sent == [("products.tasks.run_image_search", (str(lost.pk),))]
    assert fresh.status == "pending"


def test_expired_searches_are_purged_with_their_photos(learnt: ModelVersion) -> None:
    kept = pending_search()
    expired = pending_search()
    ImageSearch.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    assert purge_expired_image_searches() == 1
    assert list(ImageSearch.objects.all()) == [kept]
    assert not expired.photo.storage.exists(str(expired.photo.name))
    assert kept.photo.storage.exists(str(kept.photo.name))


def test_products_embedded_after_a_clustering_are_assigned_later(learnt: ModelVersion) -> None:
    images = [add_photo(make_product(f"p{n}"), encode(draw_photo())) for n in range(2)]
    embed_images([image.pk for image in images], model_version=learnt)
    clustering = make_clustering(learnt, {"a": direction(a=1), "b": direction(b=1)})
    assert ProductCatalogue().assign_unassigned(clustering) == 2
    assert ProductCatalogue().assign_unassigned(clustering) == 0
