"""The sentences about style groups."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from styles.stories import STORIES
from styles.taxonomy import STYLE_GROUPS


def test_every_style_group_has_a_story_and_nothing_else_has() -> None:
    assert list(STORIES) == [group.code for group in STYLE_GROUPS]


@pytest.mark.parametrize("code", STORIES)
def test_a_story_has_two_to_four_sentences_in_each_language(code: str) -> None:
    for text in (STORIES[code].en, STORIES[code].ko):
        assert 2 <= len(re.findall(r"[.](?: |$)", text)) <= 4, text
        assert text == " ".join(text.split())
    assert re.search("[가-힣]", STORIES[code].ko)
    assert not re.search("[가-힣]", STORIES[code].en)


def test_a_story_is_told_in_the_language_of_the_request() -> None:
    with translation.override("ko"):
        assert STORIES["casual"].text == STORIES["casual"].ko
    with translation.override("en"):
        assert STORIES["casual"].text == STORIES["casual"].en
