"""Bodies that are too large are refused unread, slow ones are given up: on a real gunicorn."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from access import conf
from kfashion_site import service_processes, state

SEARCHES = "/api/v1/image-searches/"
TWO_GB = 2 * 1024**3
START_SECONDS = 60
# Without it the page refuses the form before it looks at what else was sent.
COOKIE = f"Cookie: csrftoken={'a' * 32}"
FORM = "multipart/form-data; boundary=x"
BEGIN = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """Serve the shop with gunicorn's threads, as `make run` does; yield the port."""
    port = service_processes.free_port()
    log = state.var_folder() / "impatient.log"
    child = service_processes.start_process(
        [
            *(sys.executable, "-m", "gunicorn", "kfashion_site.wsgi"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "2"),
        ],
        folder=state.BASE_DIR,
        log=log,
        environment={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.impatient_settings"},
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_up(port):
            assert child.poll() is None, f"the server ended: {log.read_text()}"
            assert time.monotonic() < deadline, f"the server does not answer: {log.read_text()}"
        yield port
    finally:
        service_processes.stop_process(child, end_signal=signal.SIGTERM, timeout_seconds=15)


def is_up(port: int) -> bool:
    try:
        return b"200 OK" in exchange(port, b"GET /healthz/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    except OSError:
        time.sleep(0.1)
        return False


def exchange(port: int, *parts: bytes, pause_seconds: float = 0) -> bytes:
    """Send parts with pauses between them until there is an answer; return it."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        answer = b""
        for part in parts:
            connection.sendall(part)
            if select.select([connection], [], [], pause_seconds)[0]:
                break
        while b"\r\n\r\n" not in answer and (received := connection.recv(65536)):
            answer += received
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(answer.partition(b"\r\n\r\n")[2]) < length:
            answer += connection.recv(65536)
    return answer


def head(path: str, *fields: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {FORM}", *fields, "", ""]
    return "\r\n".join(lines).encode()


def problem(answer: bytes) -> tuple[int, str]:
    first, body = answer.split(b" ")[1], answer.partition(b"\r\n\r\n")[2]
    return int(first), json.loads(body)["code"]


def test_two_gigabytes_are_refused_before_a_byte_of_them_is_sent(server: int) -> None:
    answer = exchange(server, head(SEARCHES, f"Content-Length: {TWO_GB}"))
    assert problem(answer) == (413, "body_too_large")
    assert b"application/problem+json" in answer


def test_a_page_refuses_two_gigabytes_in_words(server: int) -> None:
    answer = exchange(server, head("/search/", f"Content-Length: {TWO_GB}", "Accept-Language: en"))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Choose a smaller photo." in answer


def test_a_sender_that_falls_silent_is_given_up(server: int) -> None:
    answer = exchange(server, head(SEARCHES, "Content-Length: 50000"), BEGIN)
    assert problem(answer) == (408, "upload_too_slow")


def test_a_sender_that_dribbles_is_given_up_too(server: int) -> None:
    drops = [b"."] * 60
    answer = exchange(
        server,
        head(SEARCHES, "Content-Length: 50000"),
        BEGIN,
        *drops,
        pause_seconds=0.4,
    )
    assert problem(answer) == (408, "upload_too_slow")


def test_a_page_gives_a_slow_upload_up_in_words(server: int) -> None:
    answer = exchange(
        server,
        head("/search/", "Content-Length: 50000", "Accept-Language: en", COOKIE),
        BEGIN,
    )
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"The upload took too long." in answer


def test_slow_senders_leave_the_others_their_turn(server: int) -> None:
    held = [socket.create_connection(("127.0.0.1", server), timeout=30) for _ in range(2)]
    for connection in held:
        connection.sendall(head(SEARCHES, "Content-Length: 50000") + BEGIN)
    assert is_up(server)
    for connection in held:
        connection.close()


def test_a_body_without_a_length_is_asked_for_it(server: int) -> None:
    answer = exchange(
        server, head(SEARCHES, "Transfer-Encoding: chunked"), b"3\r\nabc\r\n0\r\n\r\n"
    )
    assert problem(answer) == (411, "length_required")


@pytest.mark.django_db
def test_a_photo_above_the_limit_of_photos_is_still_answered_as_a_photo(
    client: Client, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "MAX_UPLOAD_BYTES": 1024, "MAX_BODY_BYTES": 0}
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8" + b"\0" * 4096, "image/jpeg")
    response = client.post(SEARCHES, {"image": photo})
    assert (response.status_code, response.json()["code"]) == (400, "image_too_large")
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8" + b"\0" * conf.max_body_bytes(), "image/jpeg")
    response = client.post(SEARCHES, {"image": photo})
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


@pytest.mark.django_db
def test_staff_may_send_more_through_pages(
    admin_client: Client, client: Client, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "MAX_UPLOAD_BYTES": 1024, "MAX_BODY_BYTES": 0}
    large = {"name": "x" * (conf.max_body_bytes() + 1)}
    address = "/admin/access/appkey/add/"
    assert admin_client.post(address, large).status_code == 200
    assert client.post(address, large).status_code == 413
    assert admin_client.post(SEARCHES, large).status_code == 413


@pytest.mark.django_db
def test_a_form_with_more_text_than_any_form_has_is_too_large(
    client: Client, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post(SEARCHES, {"q": "x" * 2000})
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    response = client.post(SEARCHES, {f"f{number}": "1" for number in range(9)})
    assert (response.status_code, response.json()["code"]) == (400, "too_many_fields")
