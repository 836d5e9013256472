"""Reads legacy PyTorch checkpoints (.pth) without PyTorch: called where a backbone is built.

Such a file is a row of pickles (magic number, protocol version, machine, tensors, storage keys)
followed by the raw storages. A pickle can run anything, so nothing but the few names that a state
dictionary needs is let through.
"""

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from styles.ml.errors import CheckpointError

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001
STORAGE_DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

Tensors = dict[str, NDArray[Any]]


def read_checkpoint(path: Path) -> Tensors:
    """Return the tensors of a legacy checkpoint by name: float32 or int64, C-contiguous copies.

    Raises CheckpointError for anything but a little-endian state dictionary of float and long
    tensors, for a file that ends too early and for one that is missing.
    """
    try:
        with path.open("rb") as file:
            _read_preamble(file)
            views = _unpickle(file)
            storages = _read_storages(file, views)
            return {name: view.cut_from(storages) for name, view in views.items()}
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error
    except (
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        raise CheckpointError(
            f"{path.name} is not a readable legacy checkpoint: {error}"
        ) from error


@dataclass(frozen=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]
    size: int


@dataclass(frozen=True)
class _TensorView:
    """A tensor as the pickle describes it, before the numbers have been read."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def cut_from(self, storages: Tensors) -> NDArray[Any]:
        """Return a contiguous copy; strides count elements, and need not be those of C order."""
        steps = zip(self.shape, self.strides, strict=True)
        last = self.offset + sum((length - 1) * stride for length, stride in steps)
        if min((self.offset, *self.shape, *self.strides)) < 0 or last >= self.storage.size:
            raise ValueError(
                f"a tensor of shape {self.shape} reaches beyond its storage of {self.storage.size}"
            )
        numbers = storages[self.storage.key][self.offset :]
        byte_strides = tuple(stride * numbers.itemsize for stride in self.strides)
        return np.ascontiguousarray(as_strided(numbers, self.shape, byte_strides)).reshape(
            self.shape
        )


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _TensorView:
    return _TensorView(storage, offset, tuple(shape), tuple(strides))


class _RestrictedUnpickler(pickle.Unpickler):
    """Knows a state dictionary's names and refuses every other, so that no code can be run."""

    _allowed: dict[tuple[str, str], Any] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
        **{("torch", name): dtype for name, dtype in STORAGE_DTYPES.items()},
    }

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._allowed[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is refused") from None

    def persistent_load(self, reference: Any) -> _Storage:
        kind, dtype, key, _location, size, view = reference
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError(
                f"it refers to a {kind!r} where a whole storage is expected"
            )
        return _Storage(key, dtype, size)


def _unpickle(file: BinaryIO) -> Any:
    return _RestrictedUnpickler(file).load()


def _read_preamble(file: BinaryIO) -> None:
    for noun, expected in (("magic number", MAGIC_NUMBER), ("protocol version", PROTOCOL_VERSION)):
        if (received := _unpickle(file)) != expected:
            raise ValueError(f"expected the {noun} {expected}, received {received!r:.40}")
    if not _unpickle(file)["little_endian"]:
        raise ValueError("expected little-endian numbers, received big-endian ones")


def _read_storages(file: BinaryIO, views: dict[str, _TensorView]) -> Tensors:
    declared = {view.storage.key: view.storage for view in views.values()}
    storages = {}
    for key in _unpickle(file):
        storage = declared[key]
        size = int.from_bytes(file.read(8), "little")
        if size != storage.size:
            raise ValueError(f"expected {storage.size} numbers in storage {key}, received {size}")
        content = file.read(size * storage.dtype.itemsize)
        storages[key] = np.frombuffer(content, storage.dtype, count=size)
    return storages
