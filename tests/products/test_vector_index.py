from __future__ import annotations

import pytest
from django.db import connection

from products import vector_index
from products.models import ProductEmbedding
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_version, place


def relations(like: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE %s ORDER BY 1", [like])
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_version_comes_with_a_partition_and_leaves_with_it(version: ModelVersion) -> None:
    partition = vector_index.partition_name(version)
    place(make_product("shirt"), direction(a=1), version=version)
    assert relations(partition) == [partition]
    version.delete()
    assert relations(partition) == []
    assert not ProductEmbedding.objects.exists()


@pytest.mark.django_db
def test_rows_of_versions_lie_in_tables_of_their_own(version: ModelVersion) -> None:
    other = make_version(status="staged")
    place(make_product("shirt"), direction(a=1), version=version)
    place(make_product("coat"), direction(b=1), version=other)
    for each in (version, other):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tableoid::regclass::text FROM products_productembedding "
                "WHERE model_version_id = %s",
                [each.pk],
            )
            assert cursor.fetchall() == [(vector_index.partition_name(each),)]
    vector_index.drop(other)
    assert [row.model_version for row in ProductEmbedding.objects.all()] == [version]
    assert vector_index.size_in_bytes(other) == 0 < vector_index.size_in_bytes(version)


@pytest.mark.django_db
def test_preparing_and_dropping_twice_is_the_same_as_once(version: ModelVersion) -> None:
    vector_index.prepare(version)
    vector_index.drop(version)
    vector_index.drop(version)
    vector_index.prepare(version)
    place(make_product("shirt"), direction(a=1), version=version)


@pytest.mark.django_db
def test_a_photo_is_embedded_once_by_a_version(version: ModelVersion) -> None:
    product = place(make_product("shirt"), direction(a=1), version=version)
    image = product.images.get()
    again = ProductEmbedding(
        image=image, product=product, model_version=version, embedding=[1.0] + [0.0] * 255
    )
    ProductEmbedding.objects.bulk_create([again], ignore_conflicts=True)
    assert ProductEmbedding.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_index_is_built_once_and_says_how_far_it_is(version: ModelVersion) -> None:
    place(make_product("shirt"), direction(a=1), version=version)
    assert not vector_index.is_built(version)
    seen: list[tuple[int, int]] = []
    assert vector_index.build(version, on_progress=lambda done, total: seen.append((done, total)))
    assert seen
    assert vector_index.is_built(version)
    assert not vector_index.build(version)


@pytest.mark.django_db(transaction=True)
def test_an_index_that_a_killed_build_left_invalid_is_built_again(version: ModelVersion) -> None:
    place(make_product("shirt"), direction(a=1), version=version)
    vector_index.build(version)
    name = vector_index.index_name(version)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [name]
        )
    assert not vector_index.is_built(version)
    assert vector_index.build(version)
    assert vector_index.is_built(version)


class EnoughError(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_what_the_progress_raises_ends_the_build(version: ModelVersion) -> None:
    place(make_product("shirt"), direction(a=1), version=version)

    def stop(done: int, total: int) -> None:
        raise EnoughError

    with connection.copy().cursor() as blocker:
        # A transaction that has the table open: a concurrent build waits for it to end.
        blocker.execute("BEGIN")
        blocker.execute(f"LOCK TABLE {vector_index.partition_name(version)} IN SHARE MODE")
        with pytest.raises(EnoughError):
            vector_index.build(version, on_progress=stop)
        blocker.execute("ROLLBACK")
        blocker.db.close()
    assert not vector_index.is_built(version)
    assert vector_index.build(version)
