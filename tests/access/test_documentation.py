"""The documents name what there is: every setting of this app, every code of it."""

from __future__ import annotations

import pytest

from access.bodies import REFUSALS
from access.conf import DEFAULTS
from access.exceptions import ERRORS
from kfashion_site import state


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (state.BASE_DIR / "docs" / "settings.md").read_text()


@pytest.mark.parametrize("code", [*REFUSALS, *(error.default_code for error in ERRORS)])
def test_every_code_of_access_is_documented(code: str) -> None:
    assert f"`{code}`" in (state.BASE_DIR / "docs" / "api-access.md").read_text()
