"""Looks of the hippie and western styles; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Accessory, Dress
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.skirts import Skirt
from kfashion_site.sample_catalogue.trousers import Trousers

from .base_cuts import BODICE, FITTED, REGULAR, SHIRT

HIPPIE = (
    Recipe(
        "tie-dye T-shirt",
        "타이다이 티셔츠",
        "Tshirts",
        replace(REGULAR, rib=True),
        ("jersey:tie_dye",),
        (
            "purple/turquoise/yellow/fuchsia",
            "orange/yellow/rust/ivory",
            "blue/turquoise/white/purple",
        ),
        gender="unisex",
        price=(29, 49),
    ),
    Recipe(
        "paisley maxi dress",
        "페이즐리 맥시 원피스",
        "Dresses",
        Dress(
            replace(BODICE, neck="v", sleeve="bell", trims=("embroidery",)),
            Skirt("gathered", hem=172, length=320, tiers=3),
        ),
        ("chiffon:@paisley", "cotton:@paisley"),
        ("rust/mustard/ivory/teal", "purple/mustard/turquoise/ivory", "mustard/rust/purple/ivory"),
        ("cotton:ivory/mustard",),
        price=(79, 119),
    ),
    Recipe(
        "flared jeans with embroidery",
        "자수 나팔 청바지",
        "Jeans",
        Trousers("flare", pockets="jeans", trims=("jeans", "embroidered")),
        ("denim:wash",),
        ("denim/lightdenim", "indigo/denim", "lightdenim/white"),
        ("cotton:ivory/yellow", "cotton:orange/yellow"),
        metal="brass",
        price=(69, 99),
    ),
    Recipe(
        "crochet vest with fringe",
        "프린지 크로셰 베스트",
        "Tops",
        replace(FITTED, neck="deep_v", sleeve="none", length=370, trims=("fringe_hem",)),
        ("crochet:granny",),
        (
            "chocolate/orange/mustard/turquoise",
            "ivory/rust/turquoise/yellow",
            "plum/orange/mint/mustard",
        ),
        price=(49, 79),
    ),
    Recipe(
        "peasant blouse with embroidery",
        "자수 페전트 블라우스",
        "Tops",
        replace(FITTED, neck="keyhole", sleeve="bishop", cuff="band", trims=("embroidery",)),
        ("linen", "cotton:@paisley:0.8"),
        ("ivory/rust/mustard", "terracotta/mustard/ivory", "mustard/rust/ivory"),
        ("cotton:orange/yellow", "cotton:turquoise/mustard"),
        price=(45, 69),
    ),
    Recipe(
        "patchwork maxi skirt",
        "패치워크 맥시 스커트",
        "Skirts",
        Skirt("gathered", hem=160, length=340, tiers=1, hem_trim="ruffle"),
        ("cotton:patchwork",),
        (
            "rust/mustard/teal/ivory/plum",
            "purple/turquoise/mustard/ivory/orange",
            "brown/orange/avocado/cream/teal",
        ),
        price=(49, 79),
    ),
    Recipe(
        "suede vest with long fringe",
        "롱 프린지 스웨이드 베스트",
        "Jackets",
        replace(
            FITTED, neck="deep_v", sleeve="none", length=360, trims=("embroidery", "fringe_hem")
        ),
        ("suede",),
        ("rust", "tan", "brown"),
        ("cotton:ivory/turquoise", "cotton:orange/yellow"),
        price=(69, 109),
    ),
    Recipe(
        "fringed tote bag",
        "프린지 토트백",
        "Handbags",
        Accessory("tote", ("fringe",)),
        ("suede", "crochet:granny"),
        ("rust/rust", "chocolate/orange/mustard/turquoise"),
        price=(59, 99),
    ),
)


WESTERN = (
    Recipe(
        "denim western shirt with yoke",
        "요크 데님 웨스턴 셔츠",
        "Shirts",
        replace(SHIRT, pockets="western", trims=("yoke",)),
        ("denim:wash",),
        ("denim/lightdenim", "indigo/denim", "lightdenim/white"),
        metal="pearl",
        gender="unisex",
        price=(59, 89),
    ),
    Recipe(
        "fringed jacket",
        "프린지 재킷",
        "Jackets",
        replace(
            REGULAR, collar="shirt", closure="buttons", sleeve="long", trims=("fringe",), length=410
        ),
        ("suede",),
        ("tan", "brown", "camel"),
        metal="wood",
        gender="unisex",
        price=(149, 219),
    ),
    Recipe(
        "cowboy boots",
        "카우보이 부츠",
        "Boots",
        Accessory("boots", ("western", "heel")),
        ("leather", "suede"),
        ("tan/chocolate", "chocolate/black", "burgundy/black"),
        ("rubber:chocolate/black",),
        gender="unisex",
        price=(129, 199),
    ),
    Recipe(
        "cowboy hat",
        "카우보이 해트",
        "Hat",
        Accessory("cowboy_hat"),
        ("suede", "straw"),
        ("brown/chocolate", "sand/brown", "black/tan"),
        ("leather:chocolate", "leather:tan"),
        gender="unisex",
        price=(49, 79),
    ),
    Recipe(
        "western shirt with contrast yoke",
        "배색 요크 웨스턴 셔츠",
        "Shirts",
        replace(SHIRT, pockets="western", trims=("yoke", "contrast_yoke")),
        ("cotton:@paisley:0.7", "poplin:gingham"),
        ("red/ivory/black", "navy/ivory/sky", "brown/ivory/tan"),
        ("denim:indigo", "cotton:ivory"),
        metal="pearl",
        price=(49, 79),
    ),
    Recipe(
        "fringed skirt with buttons",
        "버튼 프린지 스커트",
        "Skirts",
        Skirt(
            "a_line",
            waist=80,
            hem=118,
            length=200,
            hem_trim="fringe",
            trims=("jeans", "buttons"),
            waistband="loops",
        ),
        ("denim:wash", "suede"),
        ("denim/lightdenim", "tan/tan", "indigo/denim"),
        metal="brass",
        price=(59, 89),
    ),
    Recipe(
        "bootcut jeans",
        "부츠컷 청바지",
        "Jeans",
        Trousers("flare", pockets="jeans", trims=("jeans",)),
        ("denim:wash",),
        ("indigo/denim", "denim/lightdenim"),
        metal="copper",
        gender="men",
        price=(69, 99),
    ),
    Recipe(
        "belted denim dress with western yoke",
        "웨스턴 요크 데님 원피스",
        "Dresses",
        Dress(
            replace(
                BODICE,
                neck="crew",
                collar="shirt",
                closure="buttons",
                sleeve="half",
                pockets="western",
                belt="buckle",
                trims=("yoke",),
            ),
            Skirt("a_line", hem=130, length=230, trims=("through",)),
        ),
        ("denim:wash",),
        ("denim/lightdenim", "lightdenim/white"),
        ("leather:tan", "leather:brown"),
        metal="pearl",
        price=(89, 129),
    ),
)
