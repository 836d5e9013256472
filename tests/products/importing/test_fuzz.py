"""Mutated files of every format; ``benchmarks.import_fuzz`` takes ten thousand of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import import_fuzz


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated")


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_a_mutated_file_is_read_or_refused_with_a_code(seed: int, folder: Path) -> None:
    assert all(import_fuzz.run_seed(seed, folder=folder))


@pytest.mark.parametrize("name", sorted(import_fuzz.seeds()))
def test_the_sound_files_are_read(name: str, tmp_path: Path) -> None:
    file = tmp_path / "sound"
    file.write_bytes(import_fuzz.seeds()[name])
    found = import_fuzz.outcome(file, name=name)
    assert found == (["read"] * 2 if name.endswith(".zip") else ["image_missing"] * 2)
