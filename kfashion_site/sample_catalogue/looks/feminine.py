"""Looks of the feminine and romantic styles; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Dress
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.skirts import Skirt

from .base_cuts import BODICE, FITTED, KNIT

FEMININE = (
    Recipe(
        "fit-and-flare dress",
        "플레어 원피스",
        "Dresses",
        Dress(replace(BODICE, neck="square", sleeve="cap"), Skirt("circle", hem=170, length=262)),
        ("satin", "poplin:dots", "chiffon:@blossom"),
        ("rose/blush/ivory/sage", "powder/white/blush/sage", "lilac/white/purple/sage"),
        price=(89, 139),
    ),
    Recipe(
        "short cardigan with pearl buttons",
        "진주 버튼 크롭 카디건",
        "Sweaters",
        replace(
            KNIT,
            neck="scoop",
            closure="buttons",
            length=380,
            shoulder=104,
            chest=99,
            waist=94,
            hem=92,
        ),
        ("knit", "rib"),
        ("blush", "powder", "lilac", "rose"),
        metal="pearl",
        price=(49, 79),
    ),
    Recipe(
        "A-line midi skirt",
        "A라인 미디 스커트",
        "Skirts",
        Skirt("a_line", hem=156, length=320),
        ("satin", "suiting", "chiffon:@blossom"),
        ("rose/ivory/wine/sage", "powder/white/blue/sage", "blush/rose/ivory/sage"),
        price=(49, 79),
    ),
    Recipe(
        "peplum blouse",
        "페플럼 블라우스",
        "Tops",
        Dress(
            replace(BODICE, neck="v", sleeve="three_quarter", length=296),
            Skirt("circle", hem=126, length=104),
        ),
        ("satin", "poplin"),
        ("blush", "powder", "ivory", "lilac"),
        price=(49, 75),
    ),
    Recipe(
        "wrap dress with sash",
        "랩 원피스",
        "Dresses",
        Dress(
            replace(BODICE, neck="wrap", sleeve="half", closure="wrap", belt="tie"),
            Skirt("a_line", hem=150, length=280),
        ),
        ("jersey", "satin", "chiffon:@rose"),
        ("rose/wine/sage", "mauve/ivory/sage", "powder/blue/sage"),
        price=(79, 129),
    ),
    Recipe(
        "flutter-sleeve blouse",
        "플러터 슬리브 블라우스",
        "Tops",
        replace(FITTED, neck="v", sleeve="flutter", closure="buttons"),
        ("chiffon", "silk"),
        ("blush", "lilac", "peach", "powder"),
        metal="pearl",
        price=(45, 69),
    ),
    Recipe(
        "soft collarless jacket with waist bow",
        "허리 리본 재킷",
        "Jackets",
        replace(
            FITTED, neck="scoop", sleeve="three_quarter", closure="hidden", trims=("waist_bow",)
        ),
        ("boucle", "suiting"),
        ("blush/rose", "ivory/powder", "lilac/lavender"),
        price=(99, 149),
    ),
)


ROMANTIC = (
    Recipe(
        "ribbon blouse with puff sleeves",
        "퍼프소매 리본 블라우스",
        "Tops",
        replace(
            FITTED,
            sleeve="puff",
            cuff="lace",
            collar="peter_pan",
            trims=("contrast", "lace_edge", "ribbons"),
        ),
        ("poplin", "chiffon", "lace"),
        ("ivory/white", "blush/ivory", "white/ivory"),
        ("satin:ivory/white", "satin:pink/ivory"),
        metal="pearl",
        price=(49, 79),
    ),
    Recipe(
        "tiered dress with lace hem",
        "레이스 티어드 원피스",
        "Dresses",
        Dress(
            replace(
                BODICE,
                neck="crew",
                sleeve="puff",
                cuff="lace",
                collar="frill",
                trims=("lace_yoke",),
            ),
            Skirt("gathered", hem=166, length=286, tiers=3, hem_trim="lace"),
        ),
        ("chiffon", "poplin", "chiffon:@rose:0.8"),
        ("ivory/white", "blush/pink/sage", "pink/rose/sage"),
        ("cotton:white/ivory",),
        price=(99, 159),
    ),
    Recipe(
        "lace dress with satin bow",
        "새틴 리본 레이스 원피스",
        "Dresses",
        Dress(
            replace(BODICE, neck="crew", sleeve="puff", cuff="lace", trims=("waist_bow",)),
            Skirt("circle", hem=164, length=256, hem_trim="lace"),
        ),
        ("lace",),
        ("ivory", "white", "blush"),
        ("satin:pink/ivory", "satin:ivory/white"),
        price=(109, 169),
    ),
    Recipe(
        "ruffled blouse with bow collar",
        "러플 보 블라우스",
        "Tops",
        replace(
            FITTED, neck="v", collar="bow", sleeve="bishop", cuff="ruffle", trims=("ruffle_front",)
        ),
        ("chiffon", "silk"),
        ("ivory", "blush", "pink", "white"),
        metal="pearl",
        price=(55, 85),
    ),
    Recipe(
        "tulle skirt with ribbon",
        "리본 튤 스커트",
        "Skirts",
        Skirt("circle", hem=176, length=290, tiers=3, hem_trim="lace"),
        ("tulle",),
        ("pink/white", "ivory/white", "lilac/white"),
        ("satin:white/ivory",),
        price=(59, 89),
    ),
    Recipe(
        "off-shoulder ruffle dress",
        "오프숄더 러플 원피스",
        "Dresses",
        Dress(
            replace(BODICE, neck="off", sleeve="none", trims=("ruffle_band",)),
            Skirt("gathered", hem=164, length=280, tiers=2, hem_trim="lace"),
        ),
        ("poplin", "chiffon:@rose:0.8"),
        ("white/ivory", "ivory/pink/sage", "blush/rose/sage"),
        ("cotton:white/ivory",),
        price=(89, 139),
    ),
    Recipe(
        "embroidered cardigan with ruffle collar",
        "자수 러플 카디건",
        "Sweaters",
        replace(
            KNIT, closure="buttons", collar="ruffle", length=390, trims=("lace_edge", "embroidery")
        ),
        ("knit",),
        ("pink/rose", "ivory/pink", "blush/rose"),
        ("cotton:ivory/pink",),
        metal="pearl",
        price=(59, 89),
    ),
    Recipe(
        "lace-trimmed blouse with lantern sleeves",
        "레이스 트리밍 랜턴소매 블라우스",
        "Tops",
        replace(
            FITTED,
            collar="frill",
            sleeve="lantern",
            cuff="lace",
            closure="buttons",
            trims=("lace_front", "lace_hem"),
        ),
        ("poplin", "chiffon"),
        ("white/ivory", "blush/ivory", "pink/ivory"),
        ("cotton:white/ivory",),
        metal="pearl",
        price=(49, 79),
    ),
)
