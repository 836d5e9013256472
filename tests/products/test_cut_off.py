from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from products.cut_off import (
    Grade,
    calibrate,
    calibration_of,
    has_close_match,
    learn_bounds,
    match,
)
from products.filters import ProductFilters
from products.models import Calibration, ProductImage
from products.search import look_alikes, query_of_search
from styles.models import ModelVersion
from tests.learnt import open_small_shop
from tests.shop import direction, make_product, make_search, place

pytestmark = pytest.mark.django_db

NO_FILTERS = ProductFilters()


def at(distance: float) -> np.ndarray:
    """Return the unit vector at this cosine distance from the direction a."""
    cosine = 1 - distance
    return direction(a=cosine, b=(1 - cosine**2) ** 0.5)


def store_calibration(version: ModelVersion, **fields: object) -> Calibration:
    return Calibration.objects.create(
        **{
            "model_version": version,
            "very_close": 0.1,
            "close": 0.2,
            "cut_off": 0.4,
            "is_reliable": True,
            **fields,
        }
    )


def asked(version: ModelVersion, filters: ProductFilters = NO_FILTERS) -> bool | None:
    query = query_of_search(make_search(version, direction(a=1)))
    page = look_alikes(query, filters=filters, limit=1)
    return has_close_match(page, query, filters=filters, calibration=calibration_of(version))


def test_the_cut_off_is_where_both_errors_are_equal() -> None:
    at_home, nothing = np.linspace(0.1, 0.5, 41), np.linspace(0.4, 0.8, 41)
    bounds = learn_bounds(np.full(20, 0.05), at_home=at_home, nothing=nothing)
    # From 0.4 to 0.5 the two overlap: one home photo in eight beyond the middle of it.
    assert bounds.cut_off == pytest.approx(0.45, abs=0.011)
    assert bounds.missed == pytest.approx(bounds.wrongly_found, abs=0.03)
    assert bounds.close == pytest.approx(0.3)
    assert bounds.very_close == pytest.approx(0.05)
    assert bounds.is_reliable


def test_what_looks_like_the_shop_always_comes_close() -> None:
    bounds = learn_bounds(
        np.full(20, 0.6), at_home=np.linspace(0.1, 0.3, 20), nothing=np.linspace(0.5, 0.9, 20)
    )
    assert bounds.very_close == bounds.close == bounds.cut_off == pytest.approx(0.6)


def test_a_model_that_cannot_tell_products_from_nothing_is_not_relied_upon() -> None:
    same = np.linspace(0.2, 0.6, 50)
    assert not learn_bounds(np.full(20, 0.05), at_home=same, nothing=same).is_reliable


@pytest.mark.parametrize(
    ("distance", "grade", "percent"),
    [
        (0.0, Grade.VERY_CLOSE, 100),
        (0.1, Grade.VERY_CLOSE, 90),
        (0.15, Grade.CLOSE, 82),
        (0.2, Grade.CLOSE, 75),
        (0.4, Grade.RELATED, 50),
        (0.41, Grade.DISTANT, 49),
        (1.5, Grade.DISTANT, 0),
    ],
)
def test_a_distance_is_graded_by_the_bounds_of_its_version(
    version: ModelVersion, distance: float, grade: Grade, percent: int
) -> None:
    found = match(distance, store_calibration(version))
    assert (found.grade, found.percent) == (grade, percent)


def test_grades_have_words(version: ModelVersion) -> None:
    with translation.override("en"):
        assert match(0.0, store_calibration(version)).name == "Very close"


def test_a_shop_with_something_near_has_a_close_match(version: ModelVersion) -> None:
    store_calibration(version)
    place(make_product("near"), at(0.3), version=version)
    assert asked(version) is True


def test_a_shop_with_nothing_near_has_none(version: ModelVersion) -> None:
    store_calibration(version)
    place(make_product("far"), at(0.5), version=version)
    assert asked(version) is False


def test_filters_decide_what_may_come_close(version: ModelVersion) -> None:
    store_calibration(version)
    place(make_product("near", category="Coats"), at(0.1), version=version)
    place(make_product("far", category="Shirts"), at(0.5), version=version)
    assert asked(version, ProductFilters(category="Shirts")) is False
    assert asked(version, ProductFilters(category="Coats")) is True


def test_the_nearest_product_counts_wherever_it_stands(version: ModelVersion) -> None:
    store_calibration(version)
    place(make_product("near"), at(0.1), version=version)
    query = query_of_search(make_search(version, direction(a=1)))
    page = look_alikes(query, filters=NO_FILTERS, limit=1, offset=1)
    assert page.hits == ()
    scale = calibration_of(version)
    assert has_close_match(page, query, filters=NO_FILTERS, calibration=scale) is True


def test_without_a_reliable_scale_nobody_knows(version: ModelVersion) -> None:
    place(make_product("far"), at(0.5), version=version)
    assert asked(version) is None
    store_calibration(version, is_reliable=False)
    assert asked(version) is None


def test_a_really_trained_version_is_calibrated_on_the_shops_own_photos(
    learnt: ModelVersion,
) -> None:
    open_small_shop(learnt)
    calibration = calibrate(learnt)
    assert calibration is not None
    assert calibration.report["photos"] == 12
    assert calibration.very_close <= calibration.close <= calibration.cut_off
    again = calibrate(learnt)
    assert again is not None
    assert (again.cut_off, again.report) == (calibration.cut_off, calibration.report)
    assert Calibration.objects.count() == 1


def test_a_shop_with_hardly_any_photos_has_no_scale(version: ModelVersion) -> None:
    store_calibration(version)
    place(make_product("only"), at(0.1), version=version)
    assert calibrate(version) is None
    assert calibration_of(version) is None


def test_photos_that_are_gone_teach_nothing(learnt: ModelVersion) -> None:
    open_small_shop(learnt)
    for image in ProductImage.objects.all():
        image.file.storage.delete(str(image.file.name))
    assert calibrate(learnt) is None


def test_the_command_calibrates_and_tells_how_often_the_cut_off_errs(
    learnt: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    open_small_shop(learnt)
    call_command("calibrate_model_version", "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed["model_version"] == learnt.number
    assert printed["cut_off"] == Calibration.objects.get().cut_off
    assert printed["photos"] == 12
    call_command("calibrate_model_version", str(learnt.number))
    assert "Cut-off" in capsys.readouterr().out


def test_the_command_refuses_a_shop_with_hardly_any_photos(version: ModelVersion) -> None:
    with pytest.raises(CommandError, match="at least 5 embedded photos"):
        call_command("calibrate_model_version")


@pytest.mark.django_db(transaction=True)
def test_an_activation_calibrates(worker: Path, learnt: ModelVersion) -> None:
    from styles.activation import activate_model_version

    open_small_shop(learnt)
    activate_model_version(learnt)
    assert calibration_of(learnt) is not None
