from __future__ import annotations

from collections import Counter

import pytest

from styles.taxonomy import (
    OTHER,
    STYLE_GROUPS,
    STYLES,
    group_mix,
    resolve_group,
    resolve_style,
)


def test_there_are_23_styles_in_10_groups_and_other() -> None:
    assert len(STYLES) == 24
    assert len(STYLE_GROUPS) == 11
    assert {style.group for style in STYLES} == {group.code for group in STYLE_GROUPS}
    sizes = Counter(style.group for style in STYLES)
    assert sizes["subculture"] == 4
    assert sizes["feminine"] == sizes["ethnic"] == sizes["contemporary"] == 3
    assert sizes[OTHER] == 1


def test_codes_and_names_are_unique_and_in_both_languages() -> None:
    for rows in (STYLES, STYLE_GROUPS):
        assert len({row.code for row in rows}) == len(rows)
        assert len({row.name_ko for row in rows}) == len(rows)
        assert len({row.name_en for row in rows}) == len(rows)
        assert all(any("가" <= letter <= "힣" for letter in row.name_ko) for row in rows)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hiphop", "hiphop"),
        ("Hip-Hop", "hiphop"),
        ("hip hop", "hiphop"),
        ("힙합", "hiphop"),
        ("Avant-garde", "avantgarde"),
        ("키치/키덜트", "kitsch"),
        ("기타", "other"),
    ],
)
def test_a_style_is_known_by_code_and_by_either_name(text: str, code: str) -> None:
    style = resolve_style(text)
    assert style is not None
    assert style.code == code


def test_unknown_words_mean_no_style() -> None:
    assert resolve_style("steampunk") is None
    assert resolve_style("") is None
    assert resolve_group("steampunk") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("Casual", "casual"), ("Formal", "traditional"), ("Sports", "sporty"), ("에스닉", "ethnic")],
)
def test_usage_words_of_general_catalogues_mean_groups(text: str, code: str) -> None:
    group = resolve_group(text)
    assert group is not None
    assert group.code == code


def test_a_style_mix_sums_to_its_groups() -> None:
    mix = group_mix({"punk": 0.5, "retro": 0.25, "military": 0.25})
    assert mix == {"subculture": 0.75, "casual": 0.25}


def test_a_mix_with_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        group_mix({"steampunk": 1.0})
