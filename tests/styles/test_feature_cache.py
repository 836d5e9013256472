"""Which file of the cache belongs to which network, and that it can be turned off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytest_django import Settings

from styles.feature_cache import open_feature_cache
from styles.ml.feature_cache import CachedPhoto

PHOTO = CachedPhoto(np.ones(8, dtype=np.float16), np.ones(4, dtype=np.uint64))


def test_nothing_is_kept_where_no_folder_is_named(settings: Settings) -> None:
    settings.KFASHION = {}
    with open_feature_cache("resnet50") as cache:
        assert cache is None


def test_a_backbone_finds_its_own_features_again(settings: Settings, tmp_path: Path) -> None:
    settings.KFASHION = {"FEATURE_CACHE_FOLDER": str(tmp_path / "cache")}
    with open_feature_cache("resnet50") as cache:
        assert cache
        cache.put_many({"photo": PHOTO})
    for backbone, found in (("resnet50", 1), ("vgg16", 0)):
        with open_feature_cache(backbone) as cache:
            assert cache
            assert len(cache.get_many(["photo"])) == found


def test_other_weights_are_another_network(settings: Settings, tmp_path: Path) -> None:
    settings.KFASHION = {"FEATURE_CACHE_FOLDER": str(tmp_path / "cache")}
    weights = tmp_path / "weights.h5"
    paths = set()
    for content in (b"one", b"two", None):
        weights.write_bytes(content or b"")
        with open_feature_cache("resnet50", weights=weights if content else None) as cache:
            assert cache
            paths.add(cache.path.name)
    assert len(paths) == 3
