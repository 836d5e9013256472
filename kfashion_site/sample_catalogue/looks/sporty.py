"""Looks of the sporty style; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Accessory, Pair
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.skirts import Skirt
from kfashion_site.sample_catalogue.trousers import Trousers

from .base_cuts import HOODIE, KNIT, REGULAR

TRACK_TOP = replace(KNIT, collar="funnel", closure="zip", rib=False, trims=("sleeve_stripes",))


SPORTY = (
    Recipe(
        "tracksuit with side stripes",
        "사이드 스트라이프 트레이닝 세트",
        "Tracksuits",
        Pair(TRACK_TOP, Trousers("jogger", waistband="rib", trims=("side_stripe",))),
        ("nylon", "jersey"),
        ("navy/white", "black/white", "brightred/white"),
        metal="steel",
        gender="unisex",
        price=(99, 149),
    ),
    Recipe(
        "number jersey",
        "넘버 저지 티셔츠",
        "Tshirts",
        replace(REGULAR, neck="v", rib=True, cuff="rib", trims=("contrast", "sleeve_stripes")),
        ("mesh", "jersey"),
        ("blue/white", "brightred/white", "white/blue", "green/white"),
        graphics=("number",),
        gender="unisex",
        price=(35, 59),
    ),
    Recipe(
        "windbreaker",
        "윈드브레이커",
        "Jackets",
        replace(HOODIE, closure="zip", pockets="welts", trims=("contrast",)),
        ("nylon:blocks", "nylon:slanted"),
        ("white/blue/brightred", "navy/turquoise/white", "black/lime/white"),
        metal="steel",
        gender="unisex",
        price=(79, 119),
    ),
    Recipe(
        "leggings with side stripe",
        "사이드 라인 레깅스",
        "Leggings",
        Trousers("leggings", waistband="rib", pockets="", trims=("side_stripe",)),
        ("jersey",),
        ("black/lime", "navy/turquoise", "charcoal/hotpink"),
        price=(35, 59),
    ),
    Recipe(
        "pleated tennis skirt",
        "플리츠 테니스 스커트",
        "Skirts",
        Skirt("pleated", waist=82, hem=158, length=176, waistband="rib"),
        ("jersey", "nylon"),
        ("white/navy", "navy/white", "sky/white"),
        price=(39, 59),
    ),
    Recipe(
        "running shoes",
        "러닝화",
        "Sports Shoes",
        Accessory("sneakers"),
        ("mesh", "nylon"),
        ("white/blue", "black/lime", "brightred/white"),
        gender="unisex",
        price=(79, 129),
    ),
    Recipe(
        "track pants",
        "트랙 팬츠",
        "Track Pants",
        Trousers("jogger", waistband="rib", trims=("side_stripe",)),
        ("nylon", "jersey"),
        ("black/white", "blue/white", "navy/brightred"),
        gender="men",
        price=(45, 69),
    ),
    Recipe(
        "running shorts",
        "러닝 쇼츠",
        "Shorts",
        Trousers("shorts", length=196, waistband="rib", pockets="", trims=("side_stripe",)),
        ("nylon",),
        ("blue/white", "black/lime", "brightred/white"),
        gender="unisex",
        price=(29, 45),
    ),
    Recipe(
        "half-zip training top",
        "하프집 트레이닝 톱",
        "Sweatshirts",
        replace(TRACK_TOP, closure="half_zip"),
        ("jersey",),
        ("blue/white", "black/lime", "brightred/white"),
        metal="steel",
        gender="unisex",
        price=(45, 69),
    ),
)
