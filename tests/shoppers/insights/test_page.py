from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from products.models import RecallCheck
from shoppers.insights.folding import fold_searches
from shoppers.insights.interest import count_interest
from shoppers.insights.models import DemandGap
from shoppers.insights.weeks import monday_of
from styles.models import ModelVersion
from tests.pages import text_of
from tests.shoppers.insights.busy_shop import calibrate, noon, open_busy_shop, photograph_gaps

pytestmark = pytest.mark.django_db

PAGE = "admin:shoppers_insights_changelist"
MOST_QUERIES = 16


@pytest.fixture
def buyer(client: Client) -> Client:
    """Return the browser of somebody who may read insights, and nothing else."""
    user = User.objects.create_user("buyer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_insights"))
    client.force_login(user)
    return client


@pytest.fixture
def busy_shop(version: ModelVersion) -> date:
    today = timezone.localdate()
    open_busy_shop(version, today=today)
    photograph_gaps(version, people=5, at=noon(today))
    fold_searches()
    count_interest()
    return today


def test_who_may_see_it_finds_it_in_the_admin(buyer: Client) -> None:
    index = buyer.get(reverse("admin:index"))
    assert reverse(PAGE) in index.content.decode()
    assert "what the photos say" in text_of(index).lower()
    assert buyer.get("/admin/insights/", follow=True).status_code == 200


def test_other_staff_may_not(client: Client) -> None:
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert client.get(reverse(PAGE)).status_code == 403
    assert reverse(PAGE) not in client.get(reverse("admin:index")).content.decode()


def test_whoever_is_not_logged_in_is_asked_to(client: Client) -> None:
    answer = client.get(reverse(PAGE))
    assert answer.status_code == 302
    assert reverse("admin:login") in answer["Location"]


def test_an_empty_shop_says_what_will_appear_and_when(buyer: Client) -> None:
    page = text_of(buyer.get(reverse(PAGE)))
    for sentence in (
        "within the hour in which 5 different people",
        "once a model version serves",
        "Nothing has been seen often enough yet",
        "within an hour of the first products",
        "half an hour after the first one",
    ):
        assert sentence in page


def test_before_distances_are_calibrated_the_page_says_so(
    buyer: Client, version: ModelVersion
) -> None:
    assert "cannot tell yet what comes close" in text_of(buyer.get(reverse(PAGE)))
    calibrate(version)
    assert "Nothing is missing that 5 different people" in text_of(buyer.get(reverse(PAGE)))


def test_a_busy_shop_shows_styles_gaps_conversion_balance_and_health(
    buyer: Client, busy_shop: date
) -> None:
    response = buyer.get(reverse(PAGE))
    page, markup = text_of(response), response.content.decode()
    assert markup.count('class="insight insight--curves"') == 11 + 2
    for words in ("Rising", "Falling", "Black, Subculture, Boots", "Pink, Feminine, Dresses"):
        assert words in page
    for words in ("better than others", "Quiet tailoring", "₩20,000 \u2013 ₩50,000", "Navy"):
        assert words in page
    for words in ("Searches answered", "ms", "image_too_large", "The nearest that the shop has"):
        assert words in page
    assert markup.count("<img") == 12


def test_recall_checks_are_drawn_once_there_are_any(buyer: Client, busy_shop: date) -> None:
    assert "check by check" not in text_of(buyer.get(reverse(PAGE)))
    for recall in (0.9, 0.99):
        RecallCheck.objects.create(
            model_version=ModelVersion.objects.get(), samples=50, declined=0, recall=recall
        )
    page = text_of(buyer.get(reverse(PAGE)))
    assert "check by check" in page
    assert "Recall of the index 99%" in page


def test_the_page_is_korean_for_koreans(buyer: Client, busy_shop: date) -> None:
    page = text_of(buyer.get(reverse(PAGE), headers={"Accept-Language": "ko"}))
    assert "서브컬처" in page
    assert "블랙" in page
    assert "₩" not in page


def test_the_page_has_no_style_or_script_of_its_own(buyer: Client, busy_shop: date) -> None:
    markup = buyer.get(reverse(PAGE)).content.decode()
    content = markup[markup.index('id="content-main"') :]
    assert "style=" not in content[: content.index("</section>")]
    assert "<script" not in content[: content.rindex("</section>")]
    assert "kfashion/insights.css" in markup


def test_the_page_costs_a_handful_of_queries_however_much_there_is(
    buyer: Client, busy_shop: date, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        buyer.get(reverse(PAGE))


def test_a_filled_gap_is_no_gap_any_more(buyer: Client, busy_shop: date) -> None:
    boots = next(gap for gap in DemandGap.objects.all() if "Boots" in gap.product_types)
    boots.filled_at = noon(busy_shop)
    boots.save()
    page = text_of(buyer.get(reverse(PAGE)))
    assert "1 gap of these weeks has been filled since" in page
    assert "Boots" not in page


def test_the_first_hour_of_a_week_still_knows_the_catalogue(buyer: Client, busy_shop: date) -> None:
    from shoppers.insights.models import InterestWeek

    InterestWeek.objects.filter(week=monday_of(busy_shop)).delete()
    assert "more stocked than sought" in text_of(buyer.get(reverse(PAGE)))
