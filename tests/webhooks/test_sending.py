from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from access.outgoing import CallError
from tests.webhooks.receiver import Receiver, Told, running_receiver
from webhooks.sending import post


def refusal(url: str) -> CallError:
    with pytest.raises(CallError) as caught:
        post(url, body=b"{}", headers={})
    return caught.value


def set_patience(settings: Settings, seconds: float) -> None:
    settings.KFASHION = {**settings.KFASHION, "WEBHOOK_TOTAL_SECONDS": seconds}


def test_body_and_headers_arrive_and_the_answer_comes_back(receiver: Receiver) -> None:
    receiver.answers.append(Told(201, body="접수".encode()))
    answer = post(receiver.url(), body='{"a":"셔츠"}'.encode(), headers={"webhook-id": "1"})
    assert (answer.status, answer.excerpt) == (201, "접수")
    (request,) = receiver.received
    assert request.path == "/hooks?shop=1"
    assert request.body.decode() == '{"a":"셔츠"}'
    assert request.headers["webhook-id"] == "1"
    assert request.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["User-Agent"] == "kfashion-webhooks"


def test_of_a_long_answer_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.answers.append(Told(500, body=b"\0" + b"x" * 100_000))
    assert post(receiver.url(), body=b"{}", headers={}).excerpt == "\N{REPLACEMENT CHARACTER}" + (
        "x" * 1023
    )


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with running_receiver() as elsewhere:
        receiver.answers.append(Told(307, {"Location": elsewhere.url()}))
        assert post(receiver.url(), body=b"{}", headers={}).status == 307
        assert elsewhere.received == []


def test_an_endpoint_that_does_not_answer_is_left_in_time(
    receiver: Receiver, settings: Settings
) -> None:
    set_patience(settings, 0.2)
    is_over = threading.Event()
    receiver.answers.append(Told(waits_for=is_over))
    assert refusal(receiver.url()).code == "timeout"
    is_over.set()


def test_an_endpoint_that_answers_a_byte_at_a_time_is_left_too(
    receiver: Receiver, settings: Settings
) -> None:
    set_patience(settings, 0.4)
    receiver.answers.append(Told(drips=True))
    assert refusal(receiver.url()).code == "timeout"


def test_where_nobody_listens_nobody_answers(local_allowed: None) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert refusal(f"http://127.0.0.1:{unused.getsockname()[1]}/").code == "unreachable"
    assert refusal("http://nowhere.invalid/").code == "unreachable"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_somebody_hangs_up_nobody_answers(local_allowed: None, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            accepted, _ = listening.accept()
            accepted.recv(1)
            # A reset, not an end: the system keeps nothing of the connection.
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            accepted.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        address = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/"
        assert refusal(address).code == "unreachable"
        thread.join()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
    ],
)
def test_nothing_is_sent_to_a_private_address(
    host: str, receiver: Receiver, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "WEBHOOK_ALLOW_PRIVATE": False}
    assert refusal(receiver.url(host)).code == "refused_address"
    assert receiver.received == []


def test_nothing_is_sent_without_tls(receiver: Receiver, settings: Settings) -> None:
    settings.KFASHION = {**settings.KFASHION, "WEBHOOK_ALLOW_HTTP": False}
    assert refusal(receiver.url()).code == "refused_address"
    assert refusal("file:///etc/passwd").code == "refused_address"
    assert receiver.received == []


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def answer_differently(host: str, *arguments: Any, **options: Any) -> Any:
        if host != "rebound.example":  # An address, which needs no name server.
            return look_up(host, *arguments, **options)
        asked.append(host)
        return look_up("127.0.0.1" if len(asked) == 1 else "192.0.2.1", *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer_differently)
    assert post(receiver.url("rebound.example"), body=b"{}", headers={}).status == 200
    assert asked == ["rebound.example"]
    assert receiver.received[0].headers["Host"] == f"rebound.example:{receiver.port}"


@pytest.fixture
def certificate(tmp_path: Path) -> str:
    """Return a certificate for `localhost`, signed by itself, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, signed = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subprocess.run(
        [
            *(openssl, "req", *options, "-keyout", str(key), "-out", str(signed)),
            *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    both = tmp_path / "both.pem"
    both.write_text(signed.read_text() + key.read_text())
    return str(both)


def test_a_certificate_is_held_against_the_name(
    certificate: str, local_allowed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_receiver(certificate) as receiver:
        assert refusal(receiver.url("localhost")).code == "insecure"
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        assert post(receiver.url("localhost"), body=b"{}", headers={}).status == 200
        assert refusal(receiver.url("127.0.0.1")).code == "insecure"
        assert len(receiver.received) == 1


def test_an_endpoint_that_does_not_speak_tls_is_left_in_time(
    receiver: Receiver, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "WEBHOOK_CONNECT_SECONDS": 0.2}
    address = receiver.url().replace("http://", "https://")
    assert refusal(address).code in {"timeout", "unreachable"}
