"""Google Merchant feeds in XML (RSS 2.0 or Atom) as records; for ``products.importing.sources``.

The fields are those of https://support.google.com/merchants/answer/7052112. A feed in TSV is a
table like any other: the same names stand in its header.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from products.importing.records import CatalogueImportError, Record

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_FIELDS: Final = 500
MAX_TEXT: Final = 100_000
MAX_DEPTH: Final = 20
ITEMS: Final = ("item", "entry")


class MerchantFeed:
    """The items of a feed. The header is every field of the file, in order of appearance.

    A field that an item has several times is joined by ``|``. Fields with fields of their own, as
    ``shipping``, say nothing of a product and are left out.

    Raises:
        CatalogueImportError: it is damaged, no feed, or built to harm (entities, DTD).
    """

    format = "merchant_xml"

    def __init__(self, path: Path, *, name: str) -> None:
        self._path = path
        self._name = name
        # One look at the whole file: it is known to be sound before a row of it is used.
        fields: dict[str, None] = {}
        items = 0
        for item in self._items():
            items += 1
            fields.update(dict.fromkeys(_fields(item)))
            if len(fields) > MAX_FIELDS:
                raise CatalogueImportError(
                    "too_many_columns",
                    _("“%(file)s” has more than %(limit)s columns.")
                    % {"file": name, "limit": MAX_FIELDS},
                )
        if not items:
            raise CatalogueImportError(
                "not_a_feed",
                _("“%(file)s” is XML, but holds no items of a product feed.") % {"file": name},
            )
        self.header = tuple(fields)

    def records(self) -> Iterator[Record]:
        """Yield a record for each item."""
        for number, item in enumerate(self._items(), start=1):
            fields = _fields(item)
            if any(len(text) > MAX_TEXT for text in fields.values()):
                yield Record(
                    number,
                    (),
                    ValidationError(_("The item is too large."), code="malformed_row"),
                )
            else:
                yield Record(number, tuple(fields.get(field, "") for field in self.header))

    def _items(self) -> Iterator[Element]:
        path: list[Element] = []
        try:
            for event, element in iterparse(
                self._path, events=("start", "end"), forbid_dtd=True, forbid_external=True
            ):
                if event == "start":
                    path.append(element)
                    if len(path) > MAX_DEPTH:
                        raise self._fault()
                    continue
                path.pop()
                if _plain(element.tag) in ITEMS:
                    yield element
                # Whatever is done with goes, and so memory stays flat.
                if not any(_plain(above.tag) in ITEMS for above in path):
                    element.clear()
                    if path:
                        path[-1].remove(element)
        except DefusedXmlException as error:
            raise CatalogueImportError(
                "xml_forbidden",
                _("“%(file)s” declares entities or a document type, which no feed needs.")
                % {"file": self._name},
            ) from error
        except (ParseError, ValueError, LookupError) as error:
            raise self._fault() from error

    def _fault(self) -> CatalogueImportError:
        return CatalogueImportError(
            "malformed_xml",
            _("“%(file)s” is not sound XML. Export the feed again.") % {"file": self._name},
        )


def _fields(item: Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    for child in item:
        if len(child):
            continue
        name = _plain(child.tag)
        text = (child.text or child.get("href") or "").strip()
        fields[name] = (
            f"{fields[name]}|{text}" if fields.get(name) and text else (fields.get(name) or text)
        )
    return fields


def _plain(tag: object) -> str:
    """Return a tag without its namespace; comments and instructions have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
