from __future__ import annotations

import pytest
from django.core.management import call_command

from styles.models import Style, StyleGroup
from styles.taxonomy import STYLE_GROUPS, STYLES

pytestmark = pytest.mark.django_db


def test_migrating_brings_the_taxonomy_into_the_tables() -> None:
    assert list(Style.objects.values_list("code", flat=True)) == [style.code for style in STYLES]
    assert StyleGroup.objects.count() == len(STYLE_GROUPS)


def test_migrating_again_mends_names_and_leaves_unknown_rows_alone() -> None:
    StyleGroup.objects.filter(code="feminine").update(name_en="Mistyped")
    StyleGroup.objects.create(code="own", name_ko="우리", name_en="Ours", order=99)
    call_command("migrate", verbosity=0)
    assert StyleGroup.objects.get(code="feminine").name_en == "Feminine"
    assert StyleGroup.objects.filter(code="own").exists()


@pytest.mark.django_db(transaction=True)
def test_flushing_the_database_keeps_the_taxonomy() -> None:
    call_command("flush", verbosity=0, interactive=False)
    assert Style.objects.count() == len(STYLES)
