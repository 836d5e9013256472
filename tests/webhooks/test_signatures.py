from __future__ import annotations

import base64

from webhooks.signatures import new_secret, sign


def test_a_signature_is_the_one_of_the_specification() -> None:
    # The example of the reference libraries of Standard Webhooks.
    signature = sign(
        b'{"test": 2432232314}',
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        signing_secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_secret_that_counts_signs() -> None:
    secrets = [new_secret(), new_secret()]
    both = sign(b"{}", message_id="a", timestamp=1, signing_secrets=secrets)
    each = [sign(b"{}", message_id="a", timestamp=1, signing_secrets=[s]) for s in secrets]
    assert both.split(" ") == each


def test_secrets_are_long_and_each_is_new() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
