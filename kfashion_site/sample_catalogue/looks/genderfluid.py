"""Looks of the genderless style; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Jumpsuit
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.trousers import Trousers

from .base_cuts import BODICE, BOXY, KNIT, OVERSIZED, SHIRT

GENDERLESS = (
    Recipe(
        "boxy overshirt",
        "박시 오버셔츠",
        "Shirts",
        replace(SHIRT, sleeve="loose", pockets="chest_flaps", hem_shape="straight").wide(22),
        ("linen", "cotton"),
        ("sage", "oat", "stone"),
        gender="unisex",
        price=(69, 99),
    ),
    Recipe(
        "oversized T-shirt",
        "오버사이즈 티셔츠",
        "Tshirts",
        replace(OVERSIZED, sleeve="wide_short", rib=True),
        ("jersey",),
        ("stone", "sage", "oat", "taupe"),
        gender="unisex",
        price=(29, 45),
    ),
    Recipe(
        "drawstring wide trousers",
        "스트링 와이드 팬츠",
        "Trousers",
        Trousers("wide", waistband="elastic"),
        ("linen", "cotton"),
        ("oat/ivory", "stone/ivory", "sage/ivory"),
        gender="unisex",
        price=(55, 85),
    ),
    Recipe(
        "collarless long jacket",
        "노카라 롱 재킷",
        "Jackets",
        replace(OVERSIZED, neck="v", closure="hidden", pockets="patches", length=560),
        ("linen", "wool"),
        ("greige", "stone", "sage"),
        gender="unisex",
        price=(119, 179),
    ),
    Recipe(
        "relaxed knit",
        "릴랙스 니트",
        "Sweaters",
        replace(KNIT, neck="wide", sleeve="loose").wide(22),
        ("knit", "rib"),
        ("oat", "greige", "sage", "stone"),
        gender="unisex",
        price=(69, 99),
    ),
    Recipe(
        "boxy tunic",
        "박시 튜닉",
        "Tunics",
        replace(BOXY, neck="boat", sleeve="three_quarter", length=520),
        ("linen", "cotton:halves"),
        ("stone/oat", "oat/sage", "greige/oat"),
        gender="unisex",
        price=(59, 89),
    ),
    Recipe(
        "utility jumpsuit",
        "유틸리티 점프수트",
        "Jumpsuit",
        Jumpsuit(
            replace(
                BODICE,
                collar="shirt",
                closure="zip",
                sleeve="half",
                neck="crew",
                waist=96,
                hem=94,
                shoulder=114,
                chest=106,
            ),
            Trousers("wide", length=400),
        ),
        ("cotton",),
        ("sage", "stone", "taupe"),
        gender="unisex",
        price=(99, 149),
    ),
)
