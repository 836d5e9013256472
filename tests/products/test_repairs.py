from __future__ import annotations

import logging
from functools import partial
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from products import tasks
from products.embedding import embed_images
from products.models import (
    ClusterAssignment,
    ImageClassification,
    PhotoTraits,
    ProductEmbedding,
    ProductImage,
)
from products.repairs import Repairs, repair
from products.tasks import embed_missing_images, queue_missing_images, repair_embeddings
from styles.inference import predict
from styles.models import ModelVersion
from tests.photos import draw_photo, encode
from tests.shop import (
    add_photo,
    direction,
    jpeg,
    make_clustering,
    make_product,
    make_version,
    place,
)

pytestmark = pytest.mark.django_db

Sent = list[tuple[str, tuple[Any, ...]]]
NOTHING = Repairs(0, 0, 0, 0, 0, 0)


def classify(image: ProductImage, version: ModelVersion) -> None:
    ImageClassification.objects.create(image=image, model_version=version, probabilities={})


def test_photos_that_lack_anything_are_found_and_sent(sent: Sent) -> None:
    version = make_version()
    whole = place(make_product("whole"), direction(a=1), version=version).images.get()
    classify(whole, version)
    only_embedded = place(make_product("e"), direction(a=1), version=version).images.get()
    only_classified = add_photo(make_product("c"))
    classify(only_classified, version)
    neither = add_photo(make_product("n"))
    unreadable = add_photo(make_product("u"))
    ProductImage.objects.filter(pk=unreadable.pk).update(error_code="image_damaged")
    found = repair(version)
    assert found == Repairs(
        without_embedding=2,
        only_classified=1,
        only_embedded=1,
        queued=3,
        stray=0,
        assigned=0,
    )
    ((name, (queued, key)),) = sent
    assert name == "products.tasks.embed_images"
    assert set(queued) == {only_embedded.pk, only_classified.pk, neither.pk}
    assert key == version.pk
    assert repair(version).queued == 0, "what was sent moments ago is on its way"


def test_what_is_sent_is_completed(learnt: ModelVersion) -> None:
    content = encode(draw_photo())
    images = [add_photo(make_product(f"p{number}"), content) for number in range(3)]
    keys = [image.pk for image in images]
    embed_images(keys, model_version=learnt)
    ProductEmbedding.objects.filter(image=images[0]).delete()
    ImageClassification.objects.filter(image=images[1]).delete()
    counts = embed_images(keys, model_version=learnt)
    assert (counts.embedded, counts.skipped) == (2, 1)
    assert ProductEmbedding.objects.count() == 3
    assert ImageClassification.objects.count() == 3
    assert repair(learnt) == NOTHING


def test_products_without_a_cluster_get_theirs() -> None:
    version = make_version()
    make_clustering(version, {"a": direction(a=1), "b": direction(b=1)})
    product = place(make_product("p"), direction(b=1), version=version)
    classify(product.images.get(), version)
    assert repair(version).assigned == 1
    assert product.cluster_number == 1
    assert repair(version) == NOTHING


def test_embeddings_of_photos_that_are_gone_are_removed() -> None:
    version = make_version()
    place(make_product("p"), direction(a=1), version=version)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM products_productimage")
    assert repair(version).stray == 1
    assert not ProductEmbedding.objects.exists()


def test_all_versions_that_are_kept_up_are_mended_and_it_is_told(
    sent: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    before, make_other = make_version("retired"), make_version
    active, staged = make_other("active", previous=before), make_other("staged")
    make_other("retired")
    make_other("trained")
    add_photo(make_product("p"))
    ProductImage.objects.update(embedding_queued_at=None)
    with caplog.at_level(logging.WARNING):
        found = repair_embeddings()
    assert set(found) == {str(version.number) for version in (before, active, staged)}
    assert all(counts["without_embedding"] == 1 for counts in found.values())
    assert "is being mended" in caplog.text
    caplog.clear()
    ProductImage.objects.all().delete()
    assert repair_embeddings()[str(active.number)]["without_embedding"] == 0
    assert caplog.text == ""


def test_new_photos_are_sent_for_every_version_that_is_kept_up(
    sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    before = make_version("retired")
    active = make_version("active", previous=before)
    staged = make_version("staged")
    make_version("retired")
    with django_capture_on_commit_callbacks(execute=True):
        image = add_photo(make_product("bulk"))
        ProductImage.objects.create(
            product=image.product, file=image.file, sha256="f" * 64, width=1, height=1
        )
    assert {arguments[1] for _, arguments in sent} == {before.pk, active.pk, staged.pk}


def test_a_sweep_sends_page_by_page_and_no_more_than_its_share(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_version()
    for number in range(5):
        add_photo(make_product(f"p{number}"))
    monkeypatch.setattr(tasks, "pages_of_keys", partial(tasks.pages_of_keys, size=2))
    assert queue_missing_images(version, limit=3) == 4
    assert [len(arguments[0]) for _, arguments in sent] == [2, 2]
    assert embed_missing_images() == 1
    assert queue_missing_images(version, again=True) == 5


def exchange_file(image: ProductImage) -> None:
    image.file.save("photo.jpg", ContentFile(jpeg((1, 2, 3))))


def exchange_in_bulk(image: ProductImage) -> None:
    ProductImage.objects.filter(pk=image.pk).update(sha256="e" * 64)


def exchange_in_sql(image: ProductImage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE products_productimage SET file = 'products/other.jpg'")


def move_to_another_product(image: ProductImage) -> None:
    ProductImage.objects.filter(pk=image.pk).update(product=make_product("other"))


@pytest.mark.parametrize(
    "exchange", [exchange_file, exchange_in_bulk, exchange_in_sql, move_to_another_product]
)
def test_what_was_made_of_an_exchanged_photo_is_forgotten_however_it_was_exchanged(
    exchange: Any, sent: Sent
) -> None:
    one, other = make_version(), make_version("staged")
    clustering = make_clustering(one, {"a": direction(a=1)})
    product = place(
        make_product("p"), direction(a=1), version=one, cluster=clustering.clusters.get()
    )
    image = product.images.get()
    ProductEmbedding.objects.create(
        image=image, product=product, model_version=other, embedding=[1.0, *[0.0] * 255]
    )
    classify(image, one)
    PhotoTraits.objects.create(image=image, palette=[], fingerprint=bytes(32))
    exchange(image)
    for made in (ProductEmbedding, ImageClassification, ClusterAssignment, PhotoTraits):
        assert not made._default_manager.exists()
    assert queue_missing_images(one) == 1
    assert queue_missing_images(other, again=True) == 1


def test_other_changes_of_a_photo_keep_what_was_made_of_it() -> None:
    version = make_version()
    image = place(make_product("p"), direction(a=1), version=version).images.get()
    image.position = 3
    image.save()
    assert ProductEmbedding.objects.exists()


def test_a_photo_exchanged_while_the_model_looks_at_it_is_looked_at_again(
    learnt: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = add_photo(make_product("p"), encode(draw_photo()))

    def slow_predict(*arguments: Any, **options: Any) -> Any:
        predictions = predict(*arguments, **options)
        exchange_file(ProductImage.objects.get(pk=image.pk))
        return predictions

    monkeypatch.setattr("products.embedding.predict", slow_predict)
    embed_images([image.pk], model_version=learnt)
    assert not ProductEmbedding.objects.exists()
    monkeypatch.undo()
    assert embed_images([image.pk], model_version=learnt).embedded == 1
