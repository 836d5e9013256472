"""Where the shops of this clone keep their files; called by settings.py and whatever starts one."""

import hashlib
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SAMPLE_SHOP = "sample"


def var_folder() -> Path:
    """Return the folder for everything a running shop writes: KFASHION_VAR, else var/."""
    return Path(os.environ.get("KFASHION_VAR") or BASE_DIR / "var").resolve()


def shop_folder() -> Path:
    """Return the folder of the shop that was started last, else of the drawn one."""
    pointer = var_folder() / "current_shop"
    return var_folder() / "shops" / (pointer.read_text() if pointer.exists() else SAMPLE_SHOP)


def shop_name(catalogue: Path | None) -> str:
    """Return the name of the shop that sells `catalogue`: one for each file, one for the drawn."""
    if catalogue is None:
        return SAMPLE_SHOP
    place = hashlib.sha256(str(catalogue.resolve()).encode()).hexdigest()[:8]
    return f"{catalogue.stem}-{place}"
