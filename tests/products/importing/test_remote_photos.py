"""Photos by web address, fetched from a real server: limits, refusals, politeness."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from access import addresses
from products.importing import remote_photos
from products.importing.politeness import AT_ONCE, PATIENCE, HostBusyError, Hosts
from products.importing.remote_photos import MESSAGES, RemotePhotos
from styles.images import max_upload_bytes
from tests.photo_host import PhotoHost, Served, running_photo_host
from tests.shop import jpeg

PHOTO = jpeg()


@pytest.fixture
def host(settings: Settings) -> Iterator[PhotoHost]:
    """Run a host of photos on this machine, and let photos come from it."""
    settings.KFASHION = {
        **settings.KFASHION,
        "PHOTO_URL_ALLOW_HTTP": True,
        "PHOTO_URL_ALLOW_PRIVATE": True,
        "PHOTO_URL_PAUSE_SECONDS": 0,
    }
    with running_photo_host() as running:
        yield running


@pytest.fixture
def public_host(host: PhotoHost, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> PhotoHost:
    """Return a host that passes for one on the internet, and the only one on this machine."""
    settings.KFASHION = {**settings.KFASHION, "PHOTO_URL_ALLOW_PRIVATE": False}
    judge = addresses.is_public
    monkeypatch.setattr(
        addresses, "is_public", lambda address: address == "127.0.0.1" or judge(address)
    )
    return host


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def photos(tmp_path: Path, clock: Clock) -> RemotePhotos:
    return RemotePhotos(tmp_path, hosts=hosts_of(clock))


def hosts_of(clock: Clock, *, pause: float = 0.0, longest_wait: float = 60.0) -> Hosts:
    return Hosts(
        pause_seconds=pause, longest_wait_seconds=longest_wait, clock=clock, sleep=clock.sleep
    )


def code_of(photos: RemotePhotos, url: str) -> str:
    with pytest.raises(ValidationError) as refusal:
        photos.read(url)
    assert refusal.value.messages[0]
    return str(refusal.value.code)


def test_a_photo_is_fetched_once_while_it_is_kept(photos: RemotePhotos, host: PhotoHost) -> None:
    url = host.serve("/a.jpg?size=%EB%8C%80", Served(PHOTO))
    assert photos.read(url) == PHOTO
    assert photos.read(url) == PHOTO
    assert host.asked == ["/a.jpg?size=%EB%8C%80"]


def test_addresses_in_any_script_are_asked_for_as_the_web_writes_them(
    photos: RemotePhotos, host: PhotoHost
) -> None:
    host.serve("/%EC%98%B7.jpg", Served(PHOTO))
    assert photos.read(host.url("/옷.jpg")) == PHOTO


def test_the_oldest_photos_make_room(
    photos: RemotePhotos, host: PhotoHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_photos, "KEPT_BYTES", 2 * len(PHOTO))
    for name in "abc":
        photos.read(host.serve(f"/{name}", Served(PHOTO)))
    assert len(list(tmp_path.iterdir())) == 2
    photos.read(host.url("/a"))
    assert host.asked == ["/a", "/b", "/c", "/a"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.jpg",
        "file:///etc/passwd",
        "https:///a.jpg",
        "https://[::1/a.jpg",
        "https://example.com:port/a.jpg",
        "https://user:secret@example.com/a.jpg",
    ],
)
def test_what_is_no_address_of_a_photo_is_refused_unasked(photos: RemotePhotos, url: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        photos.check(url)
    assert refusal.value.code == "photo_url_invalid"
    assert code_of(photos, url) == "photo_url_invalid"


def test_photos_come_over_tls_unless_a_setting_says_otherwise(
    photos: RemotePhotos, host: PhotoHost, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "PHOTO_URL_ALLOW_HTTP": False}
    assert code_of(photos, host.serve("/a", Served(PHOTO))) == "photo_url_not_https"
    assert host.asked == []


@pytest.mark.parametrize(
    "name",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"),
        *("169.254.169.254", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "10.0.0.1"),
        "[fe80::1]",
    ],
)
def test_nothing_is_fetched_from_a_private_address(
    name: str, photos: RemotePhotos, host: PhotoHost, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "PHOTO_URL_ALLOW_PRIVATE": False}
    assert code_of(photos, host.url("/a", name)) == "photo_url_private"
    assert host.asked == []


@pytest.mark.parametrize(
    "name",
    [
        *("127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
        *("169.254.169.254", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]", "192.168.0.1"),
    ],
)
def test_no_redirect_leads_to_a_private_address(
    name: str, photos: RemotePhotos, public_host: PhotoHost
) -> None:
    there = {"Location": public_host.url("/latest/meta-data", name)}
    url = public_host.serve("/a.jpg", Served(status=302, headers=there))
    assert code_of(photos, url) == "photo_url_private"
    assert public_host.asked == ["/a.jpg"]


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(
    photos: RemotePhotos, public_host: PhotoHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo
    answers = ["127.0.0.1", "127.0.0.2", "127.0.0.2"]

    def rebind(name: str, *rest: object, **more: object) -> object:
        return look_up(answers.pop(0) if name == "rebinding.example" else name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    public_host.serve("/a.jpg", Served(PHOTO))
    assert photos.read(public_host.url("/a.jpg", "rebinding.example")) == PHOTO
    assert len(answers) == 2
    assert code_of(photos, public_host.url("/b.jpg", "rebinding.example")) == "photo_url_private"


def test_redirects_are_followed_three_times(photos: RemotePhotos, public_host: PhotoHost) -> None:
    for number in range(4):
        public_host.serve(f"/{number}", Served(status=301, headers={"Location": f"{number + 1}"}))
    public_host.serve("/4", Served(PHOTO))
    assert code_of(photos, public_host.url("/0")) == "photo_too_many_redirects"
    assert photos.read(public_host.url("/1")) == PHOTO


@pytest.mark.parametrize("location", ["file:///etc/passwd", "data:image/png;base64,AA", "//[::1"])
def test_a_redirect_leads_to_the_web_or_nowhere(
    location: str, photos: RemotePhotos, host: PhotoHost
) -> None:
    url = host.serve("/a", Served(status=302, headers={"Location": location}))
    assert code_of(photos, url) == "photo_url_invalid"


def test_a_body_without_end_is_left_at_the_limit(photos: RemotePhotos, host: PhotoHost) -> None:
    url = host.serve("/a", Served(b"x" * 65_536, is_endless=True))
    assert code_of(photos, url) == "image_too_large"


def test_a_chunk_of_negative_length_is_left_at_the_limit_too(
    photos: RemotePhotos, host: PhotoHost
) -> None:
    chunked = {"Transfer-Encoding": "chunked"}
    body = b"-1\r\n" + b"x" * 65_536
    url = host.serve("/a", Served(body, headers=chunked, is_endless=True))
    assert code_of(photos, url) == "image_too_large"


def test_a_body_in_chunks_is_put_together(photos: RemotePhotos, host: PhotoHost) -> None:
    half = len(PHOTO) // 2
    parts = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (PHOTO[:half], PHOTO[half:], b""))
    chunked = {"Transfer-Encoding": "chunked"}
    assert photos.read(host.serve("/a", Served(parts, headers=chunked, announces=None))) == PHOTO


def test_a_body_that_is_announced_too_large_is_not_read(
    photos: RemotePhotos, host: PhotoHost
) -> None:
    url = host.serve("/a", Served(announces=max_upload_bytes() + 1))
    assert code_of(photos, url) == "image_too_large"


def test_a_body_that_comes_a_byte_at_a_time_is_left_in_time(
    photos: RemotePhotos, host: PhotoHost, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "PHOTO_URL_SECONDS": 0.4}
    assert code_of(photos, host.serve("/a", Served(PHOTO, drips=True))) == "photo_timeout"
    assert host.asked == ["/a"]


def test_a_body_that_breaks_off_is_asked_for_again(photos: RemotePhotos, host: PhotoHost) -> None:
    broken = Served(PHOTO[:100], announces=len(PHOTO), headers={"Connection": "close"})
    assert photos.read(host.serve("/a", broken, Served(PHOTO))) == PHOTO
    assert host.asked == ["/a", "/a"]


@pytest.mark.parametrize(
    ("status", "code", "times"),
    [
        (404, "photo_not_found", 1),
        (410, "photo_not_found", 1),
        (403, "photo_forbidden", 1),
        (418, "photo_refused", 1),
        (304, "photo_refused", 1),
        (500, "photo_host_failed", 3),
        (503, "photo_host_busy", 3),
    ],
)
def test_what_a_host_answers_has_a_code(
    status: int, code: str, times: int, photos: RemotePhotos, host: PhotoHost
) -> None:
    assert code_of(photos, host.serve("/a", Served(status=status))) == code
    assert len(host.asked) == times


def test_a_busy_host_is_waited_for_as_long_as_it_says(
    photos: RemotePhotos, host: PhotoHost, clock: Clock
) -> None:
    busy = Served(status=429, headers={"Retry-After": "7"})
    assert photos.read(host.serve("/a", busy, busy, Served(PHOTO))) == PHOTO
    assert clock.slept == [7.0, 7.0]


def test_a_host_that_names_a_date_is_waited_for_until_then(
    photos: RemotePhotos, host: PhotoHost, clock: Clock
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    busy = Served(status=503, headers={"Retry-After": until})
    assert photos.read(host.serve("/a", busy, Served(PHOTO))) == PHOTO
    assert 0 < clock.slept[0] <= 30


def test_a_host_that_is_busy_for_long_is_not_waited_for(
    photos: RemotePhotos, host: PhotoHost, clock: Clock
) -> None:
    url = host.serve("/a", Served(status=429, headers={"Retry-After": "3600"}))
    assert code_of(photos, url) == "photo_host_busy"
    assert (host.asked, clock.slept) == (["/a"], [])


def test_where_nobody_answers_nothing_is_fetched(
    photos: RemotePhotos, host: PhotoHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{unused.getsockname()[1]}/a"
        assert code_of(photos, gone) == "photo_unreachable"
        # Asked three times for each photo, it has failed five times in a row by now.
        assert code_of(photos, gone) == "photo_host_busy"
    assert code_of(photos, "http://nowhere.invalid/a") == "photo_unreachable"
    assert photos.read(host.serve("/a", Served(PHOTO))) == PHOTO


def test_a_host_is_asked_twice_at_once_at_most(tmp_path: Path, host: PhotoHost) -> None:
    photos = RemotePhotos(tmp_path)
    urls = [host.serve(f"/{number}", Served(PHOTO)) for number in range(30)]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(photos.read, urls)) == {PHOTO}
    assert len(host.asked) == 30
    assert 1 <= host.most_at_once <= AT_ONCE


def test_requests_to_a_host_begin_apart_and_hosts_do_not_wait_for_each_other() -> None:
    clock = Clock()
    hosts = hosts_of(clock, pause=2.0)
    for name in ("a", "b", "a", "a"):
        with hosts.turn(name):
            pass
    assert clock.slept == [2.0, 2.0]


def test_a_host_that_keeps_failing_rests_and_is_tried_again() -> None:
    clock = Clock()
    hosts = hosts_of(clock)
    for _ in range(PATIENCE):
        with hosts.turn("a"):
            hosts.note("a", has_answered=False)
    with pytest.raises(HostBusyError), hosts.turn("a"):
        pass
    clock.now += 61
    with hosts.turn("a"):
        hosts.note("a", has_answered=True)


def test_every_refusal_is_a_sentence_with_the_address_in_it() -> None:
    for code, message in MESSAGES.items():
        assert "“" in message % {"name": "https://a.example/b.jpg", "status": 500}, code
