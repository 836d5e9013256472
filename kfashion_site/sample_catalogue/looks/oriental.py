"""Looks of the oriental style; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Dress
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.skirts import Skirt

from .base_cuts import BODICE, BOXY, CROPPED, REGULAR

ORIENTAL = (
    Recipe(
        "hanbok-style jacket with goreum ribbon",
        "고름 저고리 재킷",
        "Tops",
        replace(
            CROPPED,
            neck="wrap",
            sleeve="kimono",
            closure="wrap",
            trims=("git", "goreum"),
            length=330,
        ),
        ("silk", "silk:@cloud:0.8"),
        ("ivory/gold", "jade/ivory", "pink/white", "indigo/sky"),
        ("silk:red/ivory", "silk:navy/ivory", "silk:burgundy/ivory"),
        price=(89, 149),
    ),
    Recipe(
        "hanbok wrap dress",
        "허리치마 한복 원피스",
        "Dresses",
        Dress(
            replace(
                BODICE,
                neck="wrap",
                sleeve="kimono",
                closure="wrap",
                length=262,
                waist_y=240,
                trims=("git", "goreum"),
            ),
            Skirt("circle", hem=172, length=310),
        ),
        ("silk", "satin:@cloud:0.9"),
        ("jade/ivory", "red/gold", "indigo/sky"),
        ("silk:ivory/red", "silk:burgundy/ivory"),
        price=(149, 229),
    ),
    Recipe(
        "qipao-style dress with knot buttons",
        "매듭 단추 치파오 원피스",
        "Dresses",
        Dress(
            replace(BODICE, neck="crew", collar="mandarin", closure="frogs", sleeve="cap"),
            Skirt("pencil", hem=92, length=280, slit=110),
        ),
        ("satin:@crane", "satin:@blossom", "satin"),
        ("red/gold/ivory/jade", "navy/ivory/red/gold", "emerald/gold/ivory/jade"),
        ("satin:gold",),
        price=(99, 159),
    ),
    Recipe(
        "kimono robe with obi belt",
        "오비 벨트 로브",
        "Jackets",
        replace(
            BOXY,
            neck="deep_v",
            sleeve="kimono",
            closure="wrap",
            belt="obi",
            length=520,
            waist_y=330,
            trims=("git",),
        ),
        ("silk:@crane", "silk:@blossom", "silk:@cloud"),
        ("indigo/ivory/red/gold", "black/red/ivory/gold", "burgundy/gold/ivory/jade"),
        ("silk:red/gold", "silk:gold/red"),
        gender="unisex",
        price=(119, 179),
    ),
    Recipe(
        "mandarin jacket with frog closures",
        "매듭 여밈 만다린 재킷",
        "Jackets",
        replace(REGULAR, collar="mandarin", closure="frogs_centre", sleeve="long"),
        ("satin:@cloud", "velvet", "satin:@crane"),
        ("black/gold", "burgundy/gold", "jade/ivory/gold"),
        ("satin:gold",),
        gender="unisex",
        price=(119, 179),
    ),
    Recipe(
        "dobok-style wrap top with belt",
        "도복 스타일 랩 톱",
        "Tops",
        replace(
            BOXY,
            neck="wrap",
            sleeve="kimono",
            closure="wrap",
            belt="tie",
            waist_y=330,
            length=430,
            trims=("git",),
        ),
        ("linen", "cotton"),
        ("white/black", "indigo/white", "black/white"),
        ("cotton:black/white", "cotton:indigo/white"),
        gender="unisex",
        price=(69, 99),
    ),
    Recipe(
        "brocade wrap skirt",
        "브로케이드 랩 스커트",
        "Skirts",
        Skirt("a_line", hem=150, length=320, waistband="wide"),
        ("satin:@cloud", "satin:@crane", "satin:@blossom"),
        ("red/gold", "indigo/ivory/gold", "jade/ivory/red/gold"),
        price=(69, 109),
    ),
)
