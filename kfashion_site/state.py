"""Where the shop of this clone keeps its files; called by settings.py, launcher.py and manage.py."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SAMPLE_SHOP = "sample"


def var_folder() -> Path:
    """Return the folder for everything a running shop writes: KFASHION_VAR, else var/."""
    return Path(os.environ.get("KFASHION_VAR") or BASE_DIR / "var").resolve()


def shop_folder(name: str | None = None) -> Path:
    """Return the folder of the shop called `name`, else of the shop that was started last."""
    current = var_folder() / "current_shop"
    if name is None:
        name = current.read_text().strip() if current.exists() else SAMPLE_SHOP
    return var_folder() / "shops" / name
