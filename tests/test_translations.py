"""The Korean texts: complete, up to date with what they were compiled from, and safe to format."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import polib
import pytest
from django.utils.translation.template import templatize

from kfashion_site.state import BASE_DIR

FOLDER = BASE_DIR / "locale" / "ko" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


@pytest.fixture(scope="module")
def texts() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def test_nothing_is_untranslated_fuzzy_or_left_over(texts: polib.POFile) -> None:
    assert [entry.msgid for entry in texts.untranslated_entries()] == []
    assert [entry.msgid for entry in texts.fuzzy_entries()] == []
    assert [entry.msgid for entry in texts.obsolete_entries()] == []


def test_the_compiled_file_holds_exactly_these_texts(texts: polib.POFile) -> None:
    compiled = polib.mofile(str(FOLDER / "django.mo"))

    def content(file: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], object]:
        return {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in file}

    assert content(compiled) == content(texts)


def test_translations_keep_the_placeholders_of_their_texts(texts: polib.POFile) -> None:
    for entry in texts:
        for translation in [*entry.msgstr_plural.values()] or [entry.msgstr]:
            expected = PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)
            assert sorted(PLACEHOLDER.findall(translation)) == sorted(expected), entry.msgid


def test_every_text_of_the_pages_and_the_code_is_in_the_file(texts: polib.POFile) -> None:
    marked = set(template_texts()) | set(code_texts())
    assert len(marked) > 100
    assert sorted(marked - {entry.msgid for entry in texts}) == []  # Run `make messages`.


def template_texts() -> Iterator[str]:
    """Yield the texts marked in templates, as Django extracts them."""
    for template in (BASE_DIR / "templates").rglob("*.html"):
        calls = templatize(template.read_text(), origin=str(template))
        for literal in re.findall(r"gettext\((u(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", calls):
            yield ast.literal_eval(literal)


def code_texts() -> Iterator[str]:
    """Yield the texts that Python code marks with ``_`` or one of its kin."""
    markers = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
    for folder in ("access", "kfashion_site", "products", "shoppers", "styles", "webhooks"):
        for module in (BASE_DIR / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text())):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]):
                        if name in markers:
                            yield text
