"""TensorFlow without its chatter."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from styles.ml.quiet_tensorflow import native_log_hidden


def test_what_native_code_writes_is_hidden_until_the_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with native_log_hidden():
        os.write(2, b"chatter")
    os.write(2, b"a sentence")
    assert capfd.readouterr().err == "a sentence"


def test_an_exception_passes_and_standard_error_is_back(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ValueError, match="told"), native_log_hidden():
        raise ValueError("told")
    os.write(2, b"a sentence")
    assert capfd.readouterr().err == "a sentence"


def test_importing_tensorflow_says_nothing() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", "import styles.ml.quiet_tensorflow"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (finished.stdout, finished.stderr) == ("", "")
