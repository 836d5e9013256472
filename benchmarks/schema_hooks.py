"""What schemathesis must be told about the shop; loaded by schemathesis.toml and by the tests.

A schema says which requests are well formed. Whether a shop sells coats, or bytes are a photo, it
cannot say: such a request is refused with one of the codes below, and that is right. In return,
requests that are meant to be good are given a photo and products that there are.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import schemathesis
from PIL import Image
from schemathesis import Case, HookContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import RejectedPositiveData

# Codes, by why no schema can say it.
REFUSED_BY_THE_SHOP: Final = {
    # Words that name nothing in this shop at present.
    "unknown_cluster",
    "unknown_category",
    "unknown_colour",
    "unknown_brand",
    "unknown_example",
    "unknown_search",
    "example_unfinished",
    "palette_unknown",
    # Texts that only the shop itself can write.
    "invalid_cursor",
    "cursor_of_another_list",
    # Null characters, which JSON may write and PostgreSQL cannot keep.
    "parse_error",
    # Members that contradict each other.
    "min_above_max",
    "example_liked_and_disliked",
    "like_required",
    "photo_given_twice",
    "examples_cancel_out",
    "idempotency_key_reused",
    # How many parts there are in a text.
    "invalid_words",
    "too_many_examples",
    "too_many_excluded",
}
# Bytes that are no photo, and boxes that lie outside of one.
REFUSED_PHOTOS: Final = ("image_", "crop_")


def _photo() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (120, 160), (200, 30, 60)).save(buffer, "JPEG")
    return buffer.getvalue()


PHOTO: Final = _photo()


@schemathesis.hook
def map_body(context: HookContext, body: Any) -> Any:
    """Send a photo where random bytes would be refused every time."""
    if isinstance(body, dict) and isinstance(body.get("image"), bytes):
        return {**body, "image": PHOTO}
    return body


@schemathesis.hook
def filter_failure(
    context: HookContext, failure: Failure, case: Case[Any], response: Response
) -> bool:
    """Accept that a well-formed request is refused for what no schema can say."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    if "json" not in response.headers.get("content-type", [""])[0]:
        return True
    code = response.json().get("code", "")
    return code not in REFUSED_BY_THE_SHOP and not code.startswith(REFUSED_PHOTOS)
