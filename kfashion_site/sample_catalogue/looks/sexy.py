"""Looks of the sexy style; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Dress
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.skirts import Skirt
from kfashion_site.sample_catalogue.trousers import Trousers

from .base_cuts import BODICE, CAMISOLE, CROPPED, FITTED

SEXY = (
    Recipe(
        "slip dress with slit",
        "슬릿 슬립 원피스",
        "Dresses",
        Dress(
            replace(CAMISOLE, hem=78, waist=80, waist_y=280, length=310),
            Skirt("pencil", hem=94, length=300, slit=150),
        ),
        ("satin",),
        ("black", "red", "wine"),
        price=(89, 139),
    ),
    Recipe(
        "lace-up corset top",
        "레이스업 코르셋 톱",
        "Tops",
        replace(CAMISOLE, waist=74, hem=90, closure="lacing", hem_shape="point"),
        ("satin", "leather", "velvet"),
        ("black/black", "red/black", "wine/black"),
        ("satin:black/black",),
        price=(49, 79),
    ),
    Recipe(
        "bodycon mini dress",
        "보디콘 미니 원피스",
        "Dresses",
        Dress(
            replace(CAMISOLE, hem=74, waist=78, waist_y=280, length=310),
            Skirt("pencil", hem=86, length=190),
        ),
        ("velvet", "satin", "jersey:@leopard"),
        ("black", "red", "camel/tan/black"),
        price=(69, 109),
    ),
    Recipe(
        "mini skirt with zip",
        "지퍼 미니 스커트",
        "Skirts",
        Skirt("pencil", waist=84, hem=104, length=186, trims=("zip",)),
        ("leather", "patent", "suede:@leopard"),
        ("black", "red", "camel/brown/black"),
        metal="gold",
        price=(49, 79),
    ),
    Recipe(
        "halter top",
        "홀터 톱",
        "Tops",
        replace(CROPPED, neck="halter", sleeve="none", waist=82),
        ("satin", "velvet", "jersey:snake"),
        ("wine", "black", "taupe/black/grey"),
        price=(35, 55),
    ),
    Recipe(
        "sheer lace blouse",
        "시스루 레이스 블라우스",
        "Tops",
        replace(FITTED, neck="deep_v", sleeve="long", cuff="lace"),
        ("lace",),
        ("black/black", "wine/black", "red/black"),
        ("satin:black",),
        price=(49, 79),
    ),
    Recipe(
        "high-shine leggings",
        "글로시 레깅스",
        "Leggings",
        Trousers("leggings", waistband="wide", pockets=""),
        ("patent", "leather"),
        ("black", "red", "wine"),
        metal="gold",
        price=(39, 69),
    ),
    Recipe(
        "off-shoulder bodycon dress",
        "오프숄더 보디콘 원피스",
        "Dresses",
        Dress(
            replace(BODICE, neck="off", sleeve="none", waist=76, hem=74),
            Skirt("pencil", hem=82, length=250, slit=90),
        ),
        ("satin", "velvet", "jersey:zebra"),
        ("red", "black", "white/black"),
        price=(79, 119),
    ),
)
