"""What each code of the shop's API means, for the pages about problems; ``problems`` loads it.

The answer itself is more exact: it names the value that was sent. A code that is new in the apps
above is registered by them, see ``access.problems.register``.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from access.problems import register
from products.messages import SENTENCES, failure_sentence
from products.validators import IMAGE_MESSAGES

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

GENERAL: dict[HTTPStatus, dict[str, StrPromise]] = {
    HTTPStatus.BAD_REQUEST: {
        "parse_error": _("The body of the request cannot be read: it is not what its type says."),
        "invalid": _("A value is not what is asked for here."),
        "too_many_fields": _("The form has more fields or files than any form of the shop."),
        "upload_interrupted": _("The upload broke off. Send it again."),
    },
    HTTPStatus.UNAUTHORIZED: {
        "not_authenticated": _("This needs the key of an app: send “Authorization: Bearer KEY”."),
        "authentication_failed": _("The key of the request is not accepted."),
    },
    HTTPStatus.FORBIDDEN: {"permission_denied": _("You may not do this.")},
    HTTPStatus.NOT_FOUND: {"not_found": _("There is nothing at this address.")},
    HTTPStatus.METHOD_NOT_ALLOWED: {
        "method_not_allowed": _(
            "This address knows other methods: the header “Allow” of the answer lists them."
        ),
    },
    HTTPStatus.NOT_ACCEPTABLE: {
        "not_acceptable": _("None of the accepted types can be had here. Accept application/json."),
    },
    HTTPStatus.CONFLICT: {
        "product_not_embedded": _(
            "No photo of this product has been looked at yet. Try again shortly."
        ),
        "search_unfinished": _("This search has no results; look at its status first."),
        "search_failed": _("This search has failed: its status says why."),
    },
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: {
        "unsupported_media_type": _(
            "The body is of a type that cannot be read here. Photos come as multipart/form-data, "
            "everything else as application/json."
        ),
    },
    HTTPStatus.TOO_MANY_REQUESTS: {
        "throttled": _(
            "Too many requests. Wait as long as “Retry-After” says, or ask the shop for a key "
            "with larger limits."
        ),
    },
    HTTPStatus.SERVICE_UNAVAILABLE: {
        "styles_error": _("The shop cannot serve this at the moment. Please try again later."),
    },
    HTTPStatus.INTERNAL_SERVER_ERROR: {"error": _("Something went wrong in the shop.")},
}
PHOTOS: dict[str, StrPromise] = {
    "image_required": _("Send a photo as multipart form field “image”."),
    "photo_given_twice": _("Send a photo or name a search, not both."),
    "unknown_search": _("No search of yours with a photo has this id. Send the photo again."),
    "invalid_crop": _("A crop is four numbers, x,y,width,height, such as 0.1,0.2,0.5,0.6."),
    "crop_empty": _("The crop has no area: give it a width and a height."),
    "crop_outside": _("The crop lies outside the photo: its sides are fractions from 0 to 1."),
    "crop_too_small": _("Too little of the photo is left in the crop. Draw a larger one."),
    "crop_extreme_shape": _("The crop is too long and narrow."),
}
FILTERS: dict[str, StrPromise] = {
    "unknown_cluster": _("There is no cluster of that number; the clusters are listed."),
    "unknown_style": _("There is no style or style group of that code; the styles are listed."),
    "unknown_gender": _("Gender is one of women, men, girls, boys and unisex."),
    "unknown_category": _("No product has that category."),
    "unknown_colour": _("No product has that colour."),
    "unknown_brand": _("No product has that brand."),
    "invalid_price": _("A price is a number such as 29000."),
    "min_above_max": _("The lowest price is above the highest: swap the two."),
    "invalid_boolean": _("The value is neither true nor false."),
    "invalid_text": _("Use at most 200 ordinary characters."),
    "too_many_excluded": _("More products are excluded than can be."),
}
LISTS: dict[str, StrPromise] = {
    "invalid_limit": _("The limit is outside of what one part of a list may hold."),
    "invalid_per_family": _("The number of products of each family is out of range."),
    "unknown_sort": _("The list cannot be sorted like that."),
    "invalid_cursor": _("This cursor is not one of ours: start without a cursor."),
    "cursor_of_another_list": _("This cursor belongs to another list: start without a cursor."),
}
WISHES: dict[str, StrPromise] = {
    "invalid_mix": _("A mix names styles with weights, such as casual:0.7,street:0.3."),
    "invalid_diversity": _("Use a diversity from 0 (most alike) to 1 (most different)."),
    "invalid_words": _("The preferred words are too many, or no words."),
    "palette_unknown": _("The colours of this photo are not known yet: leave “same_palette” out."),
}
EXAMPLES: dict[str, StrPromise] = {
    "like_required": _("Name at least one product or search that is liked."),
    "unknown_example": _("An example is neither a product nor a search."),
    "example_not_embedded": _("No photo of an example has been looked at yet. Try again shortly."),
    "example_unfinished": _("A search among the examples has no result to start from."),
    "example_of_another_version": _(
        "The shop has learnt its products anew since a search among the examples."
    ),
    "example_liked_and_disliked": _("An example cannot be liked and disliked at once."),
    "examples_cancel_out": _("These examples cancel each other out: take one of them away."),
    "too_many_examples": _("More examples are given than can be."),
}
# Faults of single values, as the framework's own serializers name them.
FIELDS: dict[str, StrPromise] = {
    "required": _("A value that is needed is missing."),
    "null": _("A value may not be null."),
    "blank": _("A value may not be empty."),
    "empty": _("A list may not be empty."),
    "invalid_choice": _("A value is none of those to choose from."),
    "max_length": _("A value is too long."),
    "min_length": _("A value is too short."),
    "max_value": _("A number is too large."),
    "min_value": _("A number is too small."),
    "max_string_length": _("A number has too many digits."),
    "max_digits": _("A number has too many digits."),
    "not_a_list": _("A list is asked for here."),
    "not_a_dict": _("An object is asked for here."),
    "date": _("A time with date is asked for here, such as 2026-01-31T12:00:00Z."),
    "null_characters_not_allowed": _("A text may not hold null characters."),
    "surrogate_characters_not_allowed": _("A text holds characters that are no text."),
}

IMPORTS: dict[str, StrPromise] = {
    "file_required": _("Send the catalogue file as multipart form field “file”."),
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than the shop imports. Split it."),
    "unknown_format": _("A file of this kind cannot be imported."),
    "unknown_import": _("There is no import of that number."),
    "unknown_column": _("The file has no such column."),
    "unknown_target": _("A column cannot stand for that."),
    "target_twice": _("Two columns stand for the same."),
    "mapping_required": _("Send an object: column -> what it stands for."),
}
STATES_OF_IMPORTS: dict[str, StrPromise] = {
    "import_state": _("The import is not at the point where this can be done with it."),
    "import_hides_most": _("Most of the shop would be hidden, and nobody allowed that."),
}

# Codes of failed searches come with the search, and with these where an answer needs its result.
OF_SEARCHES = {
    "heat_map_unknown": HTTPStatus.NOT_FOUND,
    "image_missing": HTTPStatus.GONE,
    "model_version_gone": HTTPStatus.GONE,
    "photo_not_kept": HTTPStatus.GONE,
}
_failure_sentence = lazy(failure_sentence, str)

for status, sentences in GENERAL.items():
    register(status, sentences)
for sentences in (PHOTOS, FILTERS, LISTS, WISHES, EXAMPLES, FIELDS):
    register(HTTPStatus.BAD_REQUEST, sentences)
# Their limits are settings: the sentence is made when it is read.
register(HTTPStatus.BAD_REQUEST, {code: _failure_sentence(code) for code in IMAGE_MESSAGES})
for code, sentence in SENTENCES.items():
    register(OF_SEARCHES.get(code, HTTPStatus.SERVICE_UNAVAILABLE), {code: sentence})
register(HTTPStatus.BAD_REQUEST, IMPORTS)
register(HTTPStatus.CONFLICT, STATES_OF_IMPORTS)
