"""Looks of the mannish and tomboy styles; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Accessory, Jumpsuit
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.trousers import Trousers

from .base_cuts import BLAZER, BODICE, COAT, FITTED, KNIT, REGULAR, SHIRT

MANNISH = (
    Recipe(
        "double-breasted suit jacket",
        "더블브레스티드 슈트 재킷",
        "Blazers",
        replace(BLAZER, collar="peak", closure="double").wide(8),
        ("suiting:pinstripe",),
        ("charcoal/silver", "navy/silver", "black/grey"),
        price=(169, 259),
    ),
    Recipe(
        "shirt and tie",
        "셔츠 앤 타이",
        "Shirts",
        replace(SHIRT, trims=("tie",)).wide(4),
        ("poplin",),
        ("white/black", "powder/navy", "grey/black"),
        ("satin:black/grey", "satin:charcoal/silver", "satin:navy/grey"),
        metal="white",
        price=(59, 89),
    ),
    Recipe(
        "waistcoat",
        "웨이스트코트",
        "Waistcoat",
        replace(
            FITTED,
            neck="deep_v",
            sleeve="none",
            closure="buttons",
            hem_shape="waistcoat",
            pockets="flaps",
            waist_y=330,
            length=400,
        ),
        ("suiting:pinstripe", "suiting:herringbone", "wool"),
        ("charcoal/silver", "grey/charcoal", "black/grey"),
        price=(69, 109),
    ),
    Recipe(
        "wide suit trousers",
        "와이드 슈트 팬츠",
        "Trousers",
        Trousers("wide", trims=("crease",)),
        ("suiting:pinstripe", "suiting"),
        ("charcoal/silver", "grey/white", "navy/silver", "black/grey"),
        price=(79, 129),
    ),
    Recipe(
        "oversized suit jacket",
        "오버사이즈 슈트 재킷",
        "Blazers",
        replace(BLAZER, length=510).wide(16),
        ("suiting", "suiting:herringbone"),
        ("grey/charcoal", "charcoal/black", "taupe/brown"),
        price=(159, 239),
    ),
    Recipe(
        "chesterfield coat",
        "체스터필드 코트",
        "Coats",
        replace(COAT, trims=("velvet_collar",)).wide(6),
        ("wool", "wool:herringbone"),
        ("charcoal/black", "grey/charcoal", "black/charcoal"),
        price=(219, 329),
    ),
    Recipe(
        "tuxedo jacket with satin lapels",
        "새틴 라펠 턱시도 재킷",
        "Blazers",
        replace(BLAZER, collar="peak", trims=("satin_lapel",)).wide(4),
        ("suiting",),
        ("black/black", "charcoal/black", "navy/black"),
        ("satin:black",),
        metal="black",
        price=(189, 279),
    ),
)


TOMBOY = (
    Recipe(
        "denim dungarees",
        "데님 멜빵바지",
        "Jumpsuit",
        Jumpsuit(
            replace(
                BODICE, neck="bustier", sleeve="strap", pockets="bib", waist=90, hem=92, length=320
            ),
            Trousers("straight", length=400, pockets="jeans", turn_up=True, trims=("jeans",)),
        ),
        ("denim:wash",),
        ("denim/lightdenim", "indigo/denim", "lightdenim/white"),
        ("denim:lightdenim",),
        metal="brass",
        price=(69, 99),
    ),
    Recipe(
        "flannel shirt",
        "플란넬 셔츠",
        "Shirts",
        replace(SHIRT, pockets="chest").wide(12),
        ("wool:buffalo",),
        ("red/black", "yellow/navy", "green/navy"),
        metal="white",
        price=(39, 69),
    ),
    Recipe(
        "ringer T-shirt",
        "링거 티셔츠",
        "Tshirts",
        replace(REGULAR, rib=True, cuff="rib", trims=("contrast",)),
        ("jersey",),
        ("white/red/navy", "yellow/navy/red", "sky/navy/white"),
        ("cotton:red", "cotton:navy"),
        ("star", "bolt"),
        price=(25, 39),
    ),
    Recipe(
        "rolled boyfriend jeans",
        "롤업 보이프렌드 진",
        "Jeans",
        Trousers("straight", pockets="jeans", turn_up=True, trims=("jeans", "rips")),
        ("denim:wash",),
        ("lightdenim/white", "denim/lightdenim", "indigo/denim"),
        ("denim:sky",),
        metal="brass",
        price=(59, 89),
    ),
    Recipe(
        "baseball cap",
        "볼캡",
        "Caps",
        Accessory("cap"),
        ("cotton",),
        ("navy/red", "red/navy", "green/yellow"),
        gender="unisex",
        price=(19, 35),
    ),
    Recipe(
        "raglan sweatshirt",
        "래글런 스웨트셔츠",
        "Sweatshirts",
        replace(KNIT, trims=("contrast", "sleeve_stripes")).wide(10),
        ("sweat",),
        ("grey/navy", "white/red", "navy/yellow"),
        price=(39, 59),
    ),
    Recipe(
        "denim trucker jacket",
        "데님 트러커 재킷",
        "Jackets",
        replace(SHIRT, pockets="western", hem_shape="straight", length=400, trims=("yoke",)).wide(
            8
        ),
        ("denim:wash",),
        ("denim/lightdenim", "indigo/denim"),
        metal="brass",
        price=(79, 119),
    ),
)
