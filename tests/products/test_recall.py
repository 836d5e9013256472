from __future__ import annotations

import pytest
from django.core.management import call_command
from pgvector import HalfVector
from pytest_django import Settings

from products import recall
from products.filters import ProductFilters
from products.models import Product, RecallCheck
from products.nearest import nearest_products
from products.recall import Comparison, check_recall
from products.tasks import check_recall as check_recall_task
from styles.models import ModelVersion
from tests.clumps import store_clumps
from tests.shop import direction, make_product, make_search, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(version: ModelVersion, settings: Settings) -> ModelVersion:
    """Return a version whose index is asked whenever more than twenty products match."""
    store_clumps(version)
    settings.KFASHION = {**settings.KFASHION, "EXACT_SCAN_MAX_PRODUCTS": 20}
    return version


def compared(matching: int, found: float) -> Comparison:
    return Comparison({}, matching, found, 1.0, 2.0)


def test_an_index_that_finds_what_a_scan_finds_stays_trusted(many: ModelVersion) -> None:
    check = check_recall(many, samples=30)
    assert check.samples > check.declined >= 0
    assert check.recall is not None
    assert check.recall >= 0.99
    assert check.exact_up_to == 0
    assert check.index_milliseconds is not None


def test_a_small_catalogue_has_nothing_to_compare(version: ModelVersion) -> None:
    place(make_product("shirt"), direction(a=1), version=version)
    check = check_recall(version, samples=5)
    assert (check.samples, check.recall, check.exact_up_to) == (0, None, 0)


def test_the_filters_of_shoppers_are_among_those_compared(many: ModelVersion) -> None:
    make_search(many, direction(a=1), filters={"gender": "women"})
    make_search(many, direction(a=1), filters={"style": "gone with the wind"})
    check = check_recall(many, samples=6)
    assert {"gender": "women"} in [found["filters"] for found in check.worst]


def test_where_the_index_fell_short_searches_are_scanned_from_then_on(
    many: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "through_index", lambda *_, **__: [(1, 1.5)] * 10)
    check = check_recall(many, samples=10)
    assert check.recall == 0
    assert check.exact_up_to >= 20
    monkeypatch.undo()

    shown = ProductFilters().apply(Product.objects.all())
    query = HalfVector(direction(a=1))
    RecallCheck.objects.update(exact_up_to=10**6)
    asked = nearest_products(query, model_version=many, products=shown, limit=5)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the index was asked all the same")

    monkeypatch.setattr("products.nearest.through_index", refuse)
    assert nearest_products(query, model_version=many, products=shown, limit=5) == asked
    RecallCheck.objects.update(exact_up_to=0)
    with pytest.raises(AssertionError, match="all the same"):
        nearest_products(query, model_version=many, products=shown, limit=5)


def test_the_border_lies_above_what_fell_short_and_below_what_was_right() -> None:
    right, wrong = [compared(900, 1.0)] * 3, [compared(300, 0.2)]
    assert recall.untrusted_border(right) == 0
    assert recall.untrusted_border([*right, *wrong]) == 300
    assert recall.untrusted_border([*right, *wrong, compared(900, 0.5)]) == 900
    assert recall.untrusted_border([compared(900, 1.0)] * 200 + wrong) == 0
    assert recall.untrusted_border([]) == 0


def test_the_command_says_what_was_found(
    many: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_recall", "--samples", "5")
    printed = capsys.readouterr().out
    assert "searches both ways" in printed
    assert RecallCheck.objects.count() == 1


def test_the_nightly_task_leaves_its_figures(many: ModelVersion) -> None:
    assert check_recall_task()["is_rebuilt"] is False
    assert RecallCheck.objects.get().model_version == many


def test_without_a_version_the_nightly_task_has_nothing_to_do() -> None:
    assert check_recall_task() == {}
