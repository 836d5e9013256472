"""Keeps what a frozen network said of a photo, on disk, so that no photo passes it twice.

Used where features are extracted. A cache makes training faster and never stops it: what cannot be
read or written is computed again, after a warning in the log.
"""

import hashlib
import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)

# Raise it when decoding, framing or hashing changes: what was kept before is then dropped.
CACHE_FORMAT = 1
# Another process writes a batch in milliseconds; who waits longer than that meets a broken disk.
LOCK_TIMEOUT_SECONDS = 30.0
# SQLite takes at least 999 parameters in one statement.
KEYS_PER_QUERY = 500
MAX_FLOAT16 = float(np.finfo(np.float16).max)


@dataclass(frozen=True, slots=True)
class CachedPhoto:
    """A photo's frozen features, float16 (W,), and its perceptual hash, uint64 (HASH_WORDS,)."""

    vector: NDArray[np.float16]
    photo_hash: NDArray[np.uint64]


def round_features(vectors: NDArray[np.float32]) -> NDArray[np.float16]:
    """Return features (N, W) as they are kept, in half the bytes.

    On EfficientNet-Lite0 and phone photos the cosine to the originals is 1 - 3e-8 or more.
    """
    return np.clip(vectors, -MAX_FLOAT16, MAX_FLOAT16).astype(np.float16)


class FeatureCache:
    """One SQLite file for one network, safe for threads and for several processes.

    `network` names everything that decides what comes out: backbone and weights. Keys are the
    caller's: the SHA-256 of a photo's bytes, and whatever else was done to it before the network.
    A damaged file is rebuilt, empty; where the disk is full or the folder cannot be written,
    nothing more is kept. Both are logged as warnings.
    """

    def __init__(self, folder: Path, *, network: str) -> None:
        name = re.sub(r"[^A-Za-z0-9.-]+", "_", network)
        checksum = hashlib.sha256(network.encode()).hexdigest()[:8]
        self.path = folder / f"{name}-{checksum}.sqlite3"
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._give_up(error)
            return
        with self._lock:
            self._attempt(self._open)

    def __enter__(self) -> "FeatureCache":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def get_many(self, keys: Sequence[str]) -> dict[str, CachedPhoto]:
        """Return what is kept of these keys."""
        found: dict[str, CachedPhoto] = {}

        def read() -> None:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                asked = keys[start : start + KEYS_PER_QUERY]
                places = ",".join("?" * len(asked))
                rows = self._require().execute(
                    f"SELECT key, vector, photo_hash FROM photo WHERE key IN ({places})",  # noqa: S608
                    asked,
                )
                for key, vector, photo_hash in rows:
                    found[key] = CachedPhoto(
                        np.frombuffer(vector, np.float16), np.frombuffer(photo_hash, np.uint64)
                    )

        with self._lock:
            if self._connection:
                self._attempt(read)
        return found

    def put_many(self, photos: Mapping[str, CachedPhoto]) -> None:
        """Keep these photos, in one transaction: all of them or none."""
        rows = [
            (key, photo.vector.tobytes(), photo.photo_hash.tobytes())
            for key, photo in photos.items()
        ]

        def write() -> None:
            with self._require() as connection:
                connection.executemany("INSERT OR REPLACE INTO photo VALUES (?, ?, ?)", rows)

        with self._lock:
            if self._connection:
                self._attempt(write)

    def close(self) -> None:
        """Let go of the file; what comes after is neither found nor kept."""
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _open(self) -> None:
        self._connection = sqlite3.connect(
            self.path, timeout=LOCK_TIMEOUT_SECONDS, check_same_thread=False
        )
        with self._connection as connection:
            # Six photos of 1,280 numbers to a page: of the usual size, each would fill one by half.
            connection.execute("PRAGMA page_size = 16384")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            # Taking the lock first keeps two processes from creating the table at once.
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != CACHE_FORMAT:
                connection.execute("DROP TABLE IF EXISTS photo")
                connection.execute(
                    "CREATE TABLE photo "
                    "(key TEXT PRIMARY KEY, vector BLOB NOT NULL, photo_hash BLOB NOT NULL)"
                )
                connection.execute(f"PRAGMA user_version = {CACHE_FORMAT:d}")

    def _require(self) -> sqlite3.Connection:
        if self._connection is None:
            raise sqlite3.OperationalError("the cache is closed")
        return self._connection

    def _attempt(self, act: Callable[[], None]) -> None:
        """Act on the file; rebuild it where it is damaged, give the cache up where it is stuck."""
        try:
            try:
                act()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                logger.warning("%s is damaged and is built anew: %s", self.path, error)
                self._remove()
                self._open()
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def _remove(self) -> None:
        if self._connection:
            self._connection.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _give_up(self, error: Exception) -> None:
        logger.warning("Features are not kept: %s: %s", self.path, error)
        if self._connection:
            self._connection.close()
        self._connection = None
