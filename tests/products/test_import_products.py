"""The import_products command: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from products.importers import import_catalogue
from products.management.commands import import_products
from products.models import Product
from tests.shop import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Return a file of one good row and one bad one."""
    (tmp_path / "a.jpg").write_bytes(jpeg())
    file = tmp_path / "catalogue.csv"
    file.write_text("sku,name,price,image\na,Shirt,29000,a.jpg\nb,Coat,cheap,a.jpg\n")
    return file


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return printed


def exit_code(*arguments: str) -> int | str | None:
    """Run the command as a shell would; return its exit code."""
    # A process that ends closes its connections; this one goes on.
    with patch("django.db.connections.close_all"), pytest.raises(SystemExit) as ending:
        import_products.Command().run_from_argv(["manage.py", "import_products", *arguments])
    return ending.value.code


def test_json_is_one_object_with_a_reason_for_each_failed_row(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_products", str(catalogue), "--json")
    printed = last_line(capsys)
    assert list(printed) == ["created", "updated", "unchanged", "failed", "errors"]
    assert [printed[name] for name in import_products.COUNTS] == [1, 0, 0, 1]
    (error,) = printed["errors"]
    assert list(error) == ["row", "sku", "code", "message"]
    assert (error["row"], error["sku"], error["code"]) == (3, "b", "invalid_price")
    assert "cheap" in error["message"]


def test_people_read_the_reasons_and_the_counts(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_products", str(catalogue))
    reason, summary = capsys.readouterr().out.splitlines()
    assert reason.startswith("Row 3, SKU 'b', invalid_price: ")
    assert summary == "1 created, 0 updated, 0 unchanged, 1 failed."


def test_people_read_the_first_twenty_reasons_and_how_many_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "catalogue.csv"
    bad = "".join(f"bad{number},\n" for number in range(23))
    file.write_text(f"sku,name\na,Shirt\n{bad}")
    call_command("import_products", str(file))
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("Row ") for line in lines) == 20
    assert "3 more rows" in lines[20]


def test_failed_rows_do_not_fail_the_command(catalogue: Path) -> None:
    call_command("import_products", str(catalogue), "--json")
    assert Product.objects.get().sku == "a"


def test_it_fails_after_printing_the_result_when_no_row_can_be_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_text("sku,name\na,\n")
    assert exit_code(str(file), "--json") == 1
    output = capsys.readouterr()
    assert json.loads(output.out.splitlines()[-1])["failed"] == 1
    assert "None of the rows" in output.err


@pytest.mark.parametrize("content", [None, "", "name\nShirt\n", "\x00\x01\x02"])
def test_an_impossible_file_is_one_sentence_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    file = tmp_path / "catalogue.csv"
    if content is not None:
        file.write_text(content)
    assert exit_code(str(file)) == 1
    output = capsys.readouterr()
    assert len(output.err.splitlines()) == 1
    assert output.out == ""


def test_wrong_usage_is_exit_code_2() -> None:
    assert exit_code("--no-such-option") == 2


def test_a_full_disk_is_one_sentence_and_exit_code_1(
    catalogue: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.db.models.fields.files.FieldFile.save", fail)
    assert exit_code(str(catalogue)) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert not Product.objects.exists()


def test_a_dry_run_says_so_and_changes_nothing(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_products", str(catalogue), "--dry-run")
    assert "dry run" in capsys.readouterr().out
    assert not Product.objects.exists()


def test_the_photos_may_lie_elsewhere(catalogue: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "photos"
    elsewhere.mkdir()
    (tmp_path / "a.jpg").rename(elsewhere / "a.jpg")
    with pytest.raises(CommandError):
        call_command("import_products", str(catalogue))
    call_command("import_products", str(catalogue), "--images", str(elsewhere))
    assert Product.objects.get().images.count() == 1


def test_demo_prices_are_made_up_on_request(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_text("sku,name\na,Shirt\n")
    call_command("import_products", str(file))
    assert Product.objects.get().price is None
    call_command("import_products", str(file), "--demo-prices")
    assert Product.objects.get().attributes == {"demo_price": True}


def test_the_command_and_the_importer_tell_one_story(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = import_catalogue(catalogue, dry_run=True)
    call_command("import_products", str(catalogue), "--json", "--dry-run")
    assert last_line(capsys)["errors"] == [vars(error) for error in result.errors]
