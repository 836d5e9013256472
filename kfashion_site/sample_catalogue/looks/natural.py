"""Looks of the country and resort styles; the package collects them."""

from dataclasses import replace

from kfashion_site.sample_catalogue.garments import Accessory, Dress, Jumpsuit
from kfashion_site.sample_catalogue.grammar import Recipe
from kfashion_site.sample_catalogue.skirts import Skirt
from kfashion_site.sample_catalogue.trousers import Trousers

from .base_cuts import BODICE, BOXY, CAMISOLE, CROPPED, FITTED, KNIT, SHIRT

COUNTRY = (
    Recipe(
        "gingham smock dress",
        "깅엄 스모크 원피스",
        "Dresses",
        Dress(
            replace(BODICE, neck="square", sleeve="puff", cuff="band"),
            Skirt("gathered", hem=158, length=290, tiers=2),
        ),
        ("cotton:gingham", "linen:gingham"),
        ("forest/ivory", "brown/ivory", "red/ivory", "navy/ivory"),
        price=(69, 109),
    ),
    Recipe(
        "calico dress with round collar",
        "둥근 칼라 잔꽃 원피스",
        "Dresses",
        Dress(
            replace(
                BODICE,
                neck="crew",
                collar="peter_pan",
                sleeve="half",
                closure="buttons",
                trims=("contrast",),
            ),
            Skirt("gathered", hem=150, length=280),
        ),
        ("cotton:@daisy:0.55", "cotton:@blossom:0.55"),
        ("sage/ivory/mustard", "brown/cream/mustard", "mustard/ivory/rust/forest"),
        ("cotton:ivory",),
        metal="wood",
        price=(69, 109),
    ),
    Recipe(
        "apron skirt with buttons",
        "버튼 에이프런 스커트",
        "Skirts",
        Skirt("gathered", hem=146, length=310, trims=("buttons",)),
        ("linen", "linen:gingham", "corduroy"),
        ("oat/brown", "ivory/forest", "brown/chocolate"),
        metal="wood",
        price=(49, 79),
    ),
    Recipe(
        "cable sweater with wooden buttons",
        "우드 버튼 케이블 카디건",
        "Sweaters",
        replace(KNIT, neck="v", closure="buttons").wide(6),
        ("cable",),
        ("oat", "moss", "brown"),
        metal="wood",
        price=(69, 109),
    ),
    Recipe(
        "corduroy dungarees",
        "코듀로이 멜빵바지",
        "Jumpsuit",
        Jumpsuit(
            replace(
                BODICE, neck="bustier", sleeve="strap", pockets="bib", waist=90, hem=92, length=320
            ),
            Trousers("straight", length=390, turn_up=True),
        ),
        ("corduroy",),
        ("brown/camel", "moss/khaki", "mustard/camel"),
        metal="wood",
        price=(69, 99),
    ),
    Recipe(
        "tweed waistcoat",
        "트위드 조끼",
        "Waistcoat",
        replace(
            FITTED,
            neck="v",
            sleeve="none",
            closure="buttons",
            hem_shape="waistcoat",
            pockets="flaps",
            length=400,
        ),
        ("tweed:herringbone", "tweed:glen"),
        ("brown/cream", "moss/cream/rust", "camel/brown/rust"),
        metal="wood",
        gender="men",
        price=(69, 99),
    ),
    Recipe(
        "straw hat with flowers",
        "꽃장식 밀짚모자",
        "Hat",
        Accessory("straw_hat", ("flower",)),
        ("straw",),
        ("sand", "cream"),
        ("cotton:ivory/rust", "cotton:sage/mustard"),
        price=(29, 49),
    ),
    Recipe(
        "peasant blouse with button neck",
        "버튼넥 페전트 블라우스",
        "Tops",
        replace(FITTED, neck="scoop", sleeve="bishop", cuff="band", closure="henley"),
        ("linen", "cotton:@daisy:0.55"),
        ("ivory/brown", "oat/ivory/mustard", "sage/ivory/mustard"),
        metal="wood",
        price=(45, 69),
    ),
)


RESORT = (
    Recipe(
        "Hawaiian shirt",
        "하와이안 셔츠",
        "Shirts",
        replace(
            SHIRT,
            collar="shirt",
            neck="v",
            sleeve="wide_short",
            cuff="",
            hem_shape="straight",
            length=440,
        ).wide(12),
        ("poplin:@hibiscus", "poplin:@palm", "poplin:@hibiscus"),
        ("turquoise/coral/white/green", "coral/white/yellow/teal", "navy/coral/yellow/turquoise"),
        metal="wood",
        gender="men",
        price=(45, 75),
    ),
    Recipe(
        "tropical maxi dress with straps",
        "트로피컬 맥시 원피스",
        "Dresses",
        Dress(
            replace(CAMISOLE, waist=80, hem=78, waist_y=270, length=300),
            Skirt("circle", hem=168, length=330),
        ),
        ("chiffon:@hibiscus", "poplin:@palm"),
        ("white/coral/yellow/green", "turquoise/white/green/teal", "yellow/coral/white/green"),
        price=(79, 119),
    ),
    Recipe(
        "shorts with drawstring",
        "스트링 쇼츠",
        "Shorts",
        Trousers("shorts", length=230, waistband="elastic"),
        ("linen", "linen:awning", "poplin:@palm"),
        ("white/turquoise", "coral/white", "turquoise/white/green"),
        ("cotton:ivory",),
        gender="men",
        price=(39, 59),
    ),
    Recipe(
        "off-shoulder top",
        "오프숄더 톱",
        "Tops",
        replace(CROPPED, neck="off", sleeve="none", trims=("ruffle_band",)),
        ("poplin:awning", "linen", "poplin:@hibiscus"),
        ("white/turquoise", "coral/white/yellow/teal", "yellow/white"),
        price=(35, 55),
    ),
    Recipe(
        "halter sundress",
        "홀터 선드레스",
        "Dresses",
        Dress(replace(BODICE, neck="halter"), Skirt("circle", hem=164, length=262)),
        ("poplin:awning", "poplin:@hibiscus", "chiffon:ombre"),
        ("turquoise/white", "white/coral/yellow/green", "coral/yellow/white/green"),
        price=(69, 99),
    ),
    Recipe(
        "beach tote bag",
        "비치 토트백",
        "Handbags",
        Accessory("tote"),
        ("straw", "straw:awning"),
        ("sand/coral", "cream/turquoise", "sand/white"),
        ("leather:tan",),
        price=(49, 79),
    ),
    Recipe(
        "wide-brim straw hat",
        "와이드 브림 밀짚모자",
        "Hat",
        Accessory("straw_hat"),
        ("straw",),
        ("cream/navy", "sand/coral", "sand/turquoise"),
        price=(35, 55),
    ),
    Recipe(
        "kaftan tunic",
        "카프탄 튜닉",
        "Tunics",
        replace(BOXY, neck="v", sleeve="kimono", length=530, hem=132, trims=("embroidery",)),
        ("chiffon:@palm", "linen", "chiffon:ombre"),
        ("white/turquoise/teal", "turquoise/white", "coral/yellow"),
        ("cotton:coral/yellow", "cotton:white/yellow"),
        price=(69, 99),
    ),
)
