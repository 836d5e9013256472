"""A catalogue on disk for the tests of the importer, and what became of it in the shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from products.importers import ImportResult, import_catalogue
from products.models import Product
from tests.shop import jpeg

Rows = str | bytes

CATALOGUE = (
    "sku,name,price,style,usage,image\n"
    "a,Shirt,29000,punk,Casual,0.jpg\n"
    "b,Coat,,,Formal,1.jpg|2.jpg\n"
)


class Shelf:
    """A catalogue folder on disk: a CSV file and photos, imported as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for number in range(4):
            self.photo(f"{number}.jpg", jpeg((40 * number, 90, 200)))

    @property
    def file(self) -> Path:
        return self.folder / "catalogue.csv"

    def photo(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def write(self, content: Rows) -> None:
        self.file.write_bytes(content.encode() if isinstance(content, str) else content)

    def take(self, content: Rows, **options: Any) -> ImportResult:
        self.write(content)
        return import_catalogue(self.file, **options)

    def refused(self, content: Rows, **options: Any) -> str:
        """Import one good row and one bad one; return the code of the bad one."""
        result = self.take(content, **options)
        assert (result.failed, len(result.errors)) == (1, 1), result
        assert result.errors[0].message
        return result.errors[0].code


def stored_names() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*.jpg")}


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.created, result.updated, result.unchanged, result.failed


def product(sku: str = "a") -> Product:
    return Product.objects.get(sku=sku)
