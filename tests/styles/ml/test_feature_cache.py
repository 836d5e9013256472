"""What a network said of photos is found again, whatever happened to the file in between."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from styles.ml.duplicates import HASH_WORDS
from styles.ml.feature_cache import (
    CACHE_FORMAT,
    KEYS_PER_QUERY,
    CachedPhoto,
    FeatureCache,
    round_features,
)

WRITER = """
import sys
import numpy as np
from pathlib import Path
from styles.ml.feature_cache import CachedPhoto, FeatureCache
with FeatureCache(Path(sys.argv[1]), network="net") as cache:
    for number in range(200):
        photo = CachedPhoto(np.full(8, number, np.float16), np.full(4, number, np.uint64))
        cache.put_many({f"{sys.argv[2]}-{number}": photo})
"""


def cached(number: int) -> CachedPhoto:
    return CachedPhoto(
        np.full(8, number, dtype=np.float16), np.full(HASH_WORDS, number, dtype=np.uint64)
    )


def test_what_was_kept_is_found_after_closing(tmp_path: Path) -> None:
    with FeatureCache(tmp_path / "new" / "folder", network="net") as cache:
        cache.put_many({"a": cached(1), "b": cached(2)})
    with FeatureCache(tmp_path / "new" / "folder", network="net") as cache:
        found = cache.get_many(["a", "c"])
    assert list(found) == ["a"]
    assert found["a"].vector.tolist() == [1.0] * 8
    assert found["a"].photo_hash.tolist() == [1] * HASH_WORDS


def test_networks_do_not_share_what_they_said(tmp_path: Path) -> None:
    names = ["net", "net 2", "net_2", "../net"]
    for number, name in enumerate(names):
        with FeatureCache(tmp_path, network=name) as cache:
            assert cache.get_many(["a"]) == {}
            cache.put_many({"a": cached(number)})
    assert len(list(tmp_path.glob("*.sqlite3"))) == len(names)


def test_more_keys_than_a_query_takes_are_found(tmp_path: Path) -> None:
    keys = [f"{number}" for number in range(2 * KEYS_PER_QUERY + 1)]
    with FeatureCache(tmp_path, network="net") as cache:
        cache.put_many({key: cached(1) for key in keys})
        assert set(cache.get_many(keys)) == set(keys)


def test_another_format_is_dropped(tmp_path: Path) -> None:
    with FeatureCache(tmp_path, network="net") as cache:
        cache.put_many({"a": cached(1)})
    connection = sqlite3.connect(cache.path)
    connection.execute(f"PRAGMA user_version = {CACHE_FORMAT + 1}")
    connection.close()
    with FeatureCache(tmp_path, network="net") as cache:
        assert cache.get_many(["a"]) == {}


@pytest.mark.parametrize("damage", ["start", "middle"])
def test_a_damaged_file_is_built_anew_with_a_warning(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    with FeatureCache(tmp_path, network="net") as cache:
        cache.put_many({f"{number}": cached(1) for number in range(2000)})
    content = bytearray(cache.path.read_bytes())
    content[0 if damage == "start" else 4096 :] = b"x" * (len(content) - 4096 * (damage != "start"))
    cache.path.write_bytes(content)
    with caplog.at_level(logging.WARNING), FeatureCache(tmp_path, network="net") as cache:
        assert cache.get_many(["1"]) == {}
        cache.put_many({"a": cached(2)})
        assert set(cache.get_many(["a"])) == {"a"}
    assert "is damaged and is built anew" in caplog.text


def test_where_nothing_can_be_kept_training_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with caplog.at_level(logging.WARNING):
        cache = FeatureCache(tmp_path / "file", network="net")
    cache.put_many({"a": cached(1)})
    assert cache.get_many(["a"]) == {}
    assert "Features are not kept" in caplog.text


def test_a_full_disk_is_no_reason_to_stop(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with FeatureCache(tmp_path, network="net") as cache:
        assert cache._connection
        cache._connection.execute("PRAGMA max_page_count = 3")
        with caplog.at_level(logging.WARNING):
            cache.put_many({f"{number}": cached(1) for number in range(10_000)})
        assert "database or disk is full" in caplog.text
        assert cache.get_many(["1"]) == {}


def test_threads_may_share_a_cache(tmp_path: Path) -> None:
    with FeatureCache(tmp_path, network="net") as cache:

        def write(thread: int) -> None:
            for number in range(50):
                cache.put_many({f"{thread}-{number}": cached(number)})
                assert cache.get_many([f"{thread}-{number}"])

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(cache.get_many([f"{t}-{n}" for t in range(4) for n in range(50)])) == 200


def test_processes_may_share_a_cache(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "ab"
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    with FeatureCache(tmp_path, network="net") as cache:
        assert len(cache.get_many([f"{name}-{n}" for name in "ab" for n in range(200)])) == 400


def test_rounding_keeps_the_direction_of_features() -> None:
    vectors = np.random.default_rng(0).exponential(0.5, (200, 1280)).astype(np.float32)
    rounded = round_features(vectors).astype(np.float32)
    cosines = np.sum(vectors * rounded, axis=1) / (
        np.linalg.norm(vectors, axis=1) * np.linalg.norm(rounded, axis=1)
    )
    assert cosines.min() > 0.999999
    assert np.isfinite(round_features(np.array([[1e9, -1e9]], dtype=np.float32))).all()
