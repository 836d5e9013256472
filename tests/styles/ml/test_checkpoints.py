"""Legacy PyTorch checkpoints, read without PyTorch and without running what is in them."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from styles.ml.checkpoints import MAGIC_NUMBER, PROTOCOL_VERSION, read_checkpoint
from styles.ml.errors import CheckpointError


class Name:
    """Pickles as a bare reference to a name, the way PyTorch's own names appear in its files."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Storage:
    """Pickles as a persistent reference to a storage."""

    def __init__(self, key: str, size: int, *, kind: str = "FloatStorage") -> None:
        self.reference = ("storage", Name("torch", kind), key, "cpu", size, None)


class Tensor:
    """Pickles as PyTorch pickles a tensor: a view of a storage."""

    def __init__(self, storage: Storage, offset: int, shape: tuple[int, ...], strides: Any) -> None:
        self.view: tuple[Any, ...] = (storage, offset, shape, strides, False, OrderedDict())

    def __reduce__(self) -> tuple[Any, ...]:
        return Name("torch._utils", "_rebuild_tensor_v2"), self.view


PythonPickler: Any = pickle._Pickler


class Pickler(PythonPickler):  # type: ignore[misc]
    """Writes names by hand, since the modules they name are not installed."""

    def persistent_id(self, value: Any) -> Any:
        return value.reference if isinstance(value, Storage) else None

    def save(self, value: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(value, Name):
            self.write(pickle.GLOBAL + f"{value.module}\n{value.name}\n".encode())
        else:
            super().save(value, *args, **kwargs)

    def save_reduce(self, func: Any, args: Any, *rest: Any, **kwargs: Any) -> None:
        if isinstance(func, Name):
            self.save(func)
            self.save(args)
            self.write(pickle.REDUCE)
        else:
            super().save_reduce(func, args, *rest, **kwargs)


def pickled(value: Any) -> bytes:
    content = io.BytesIO()
    Pickler(content, protocol=2).dump(value)
    return content.getvalue()


def checkpoint(
    tensors: Any, storages: dict[str, np.ndarray], *, magic: int = MAGIC_NUMBER
) -> bytes:
    """Return the bytes of a legacy checkpoint."""
    machine = {"protocol_version": PROTOCOL_VERSION, "little_endian": True}
    parts = [magic, PROTOCOL_VERSION, machine, tensors, list(storages)]
    raw = [len(numbers).to_bytes(8, "little") + numbers.tobytes() for numbers in storages.values()]
    return b"".join([*map(pickled, parts), *raw])


def read(tmp_path: Path, content: bytes) -> dict[str, np.ndarray]:
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    return read_checkpoint(path)


NUMBERS = np.arange(12, dtype="<f4")


def test_strides_and_offsets_are_honoured(tmp_path: Path) -> None:
    tensors = OrderedDict(
        rows=Tensor(Storage("1", 12), 0, (3, 4), (4, 1)),
        columns=Tensor(Storage("1", 12), 0, (4, 3), (1, 4)),
        tail=Tensor(Storage("1", 12), 10, (2,), (1,)),
    )
    arrays = read(tmp_path, checkpoint(tensors, {"1": NUMBERS}))
    assert np.array_equal(arrays["rows"], NUMBERS.reshape(3, 4))
    assert np.array_equal(arrays["columns"], NUMBERS.reshape(3, 4).T)
    assert arrays["tail"].tolist() == [10, 11]
    assert all(array.flags.c_contiguous for array in arrays.values())


def test_long_scalars_are_read(tmp_path: Path) -> None:
    tensors = OrderedDict(count=Tensor(Storage("1", 1, kind="LongStorage"), 0, (), ()))
    arrays = read(tmp_path, checkpoint(tensors, {"1": np.array([7], dtype="<i8")}))
    assert arrays["count"].dtype == np.int64
    assert (arrays["count"].shape, int(arrays["count"])) == ((), 7)


@pytest.mark.parametrize("name", [("os", "system"), ("builtins", "eval"), ("torch", "HalfStorage")])
def test_any_other_name_is_refused_before_it_is_used(tmp_path: Path, name: tuple[str, str]) -> None:
    with pytest.raises(CheckpointError, match=rf"asks for {name[0]}\.{name[1]}, which is refused"):
        read(tmp_path, checkpoint(OrderedDict(weight=Name(*name)), {"1": NUMBERS}))


def test_a_view_beyond_its_storage_is_refused(tmp_path: Path) -> None:
    tensors = OrderedDict(weight=Tensor(Storage("1", 12), 10, (3,), (1,)))
    with pytest.raises(CheckpointError, match="beyond its storage of 12"):
        read(tmp_path, checkpoint(tensors, {"1": NUMBERS}))


def test_a_view_before_its_storage_is_refused(tmp_path: Path) -> None:
    tensors = OrderedDict(weight=Tensor(Storage("1", 12), 0, (3,), (-1,)))
    with pytest.raises(CheckpointError, match="beyond its storage"):
        read(tmp_path, checkpoint(tensors, {"1": NUMBERS}))


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=f"expected the magic number {MAGIC_NUMBER}"):
        read(tmp_path, checkpoint(OrderedDict(), {}, magic=1))


@pytest.mark.parametrize("kept", [0, 10, 150, -4])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    tensors = OrderedDict(weight=Tensor(Storage("1", 12), 0, (12,), (1,)))
    content = checkpoint(tensors, {"1": NUMBERS})
    assert read(tmp_path, content)["weight"].tolist() == NUMBERS.tolist()
    with pytest.raises(CheckpointError, match="not a readable legacy checkpoint"):
        read(tmp_path, content[:kept])


def test_a_storage_of_another_size_is_refused(tmp_path: Path) -> None:
    tensors = OrderedDict(weight=Tensor(Storage("1", 9), 0, (9,), (1,)))
    with pytest.raises(CheckpointError, match="expected 9 numbers in storage 1, received 12"):
        read(tmp_path, checkpoint(tensors, {"1": NUMBERS}))
