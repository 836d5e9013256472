"""Looks of the hippie, western, oriental, country and resort styles; `looks` collects them."""

from dataclasses import replace

from ..garments import Accessory, Dress, Jumpsuit
from ..grammar import Recipe
from ..lower import Skirt, Trousers
from .cuts import BODICE, BOXY, CAMISOLE, CROPPED, FITTED, KNIT, REGULAR, SHIRT

HIPPIE = (
    Recipe("tie-dye T-shirt", "타이다이 티셔츠", "Tshirts", replace(REGULAR, rib=True), ("jersey:tie_dye",), ("purple/turquoise/yellow/fuchsia", "orange/yellow/rust/ivory", "blue/turquoise/white/purple"), gender="unisex", price=(29, 49)),
    Recipe("paisley maxi dress", "페이즐리 맥시 원피스", "Dresses", Dress(replace(BODICE, neck="v", sleeve="bell", trims=("embroidery",)), Skirt("gathered", hem=172, length=320, tiers=3)), ("chiffon:@paisley", "cotton:@paisley"),
           ("rust/mustard/ivory/teal", "purple/mustard/turquoise/ivory", "mustard/rust/purple/ivory"), ("cotton:ivory/mustard",), price=(79, 119), spacing=70, size=27),
    Recipe("flared jeans with embroidery", "자수 나팔 청바지", "Jeans", Trousers("flare", pockets="jeans", trims=("jeans", "embroidered")), ("denim:wash",), ("denim/lightdenim", "indigo/denim", "lightdenim/white"), ("cotton:ivory/yellow", "cotton:orange/yellow"), metal="brass", price=(69, 99)),
    Recipe("crochet vest with fringe", "프린지 크로셰 베스트", "Tops", replace(FITTED, neck="deep_v", sleeve="none", length=370, trims=("fringe_hem",)), ("crochet:granny",), ("chocolate/orange/mustard/turquoise", "ivory/rust/turquoise/yellow", "plum/orange/mint/mustard"), price=(49, 79)),
    Recipe("peasant blouse with embroidery", "자수 페전트 블라우스", "Tops", replace(FITTED, neck="keyhole", sleeve="bishop", cuff="band", trims=("embroidery",)), ("linen", "cotton:@paisley:0.8"), ("ivory/rust/mustard", "terracotta/mustard/ivory", "mustard/rust/ivory"), ("cotton:orange/yellow", "cotton:turquoise/mustard"), price=(45, 69)),
    Recipe("patchwork maxi skirt", "패치워크 맥시 스커트", "Skirts", Skirt("gathered", hem=160, length=340, tiers=1, hem_trim="ruffle"), ("cotton:patchwork",), ("rust/mustard/teal/ivory/plum", "purple/turquoise/mustard/ivory/orange", "brown/orange/avocado/cream/teal"), price=(49, 79)),
    Recipe("suede vest with long fringe", "롱 프린지 스웨이드 베스트", "Jackets", replace(FITTED, neck="deep_v", sleeve="none", length=360, trims=("embroidery", "fringe_hem")), ("suede",), ("rust", "tan", "brown"), ("cotton:ivory/turquoise", "cotton:orange/yellow"), price=(69, 109)),
    Recipe("fringed tote bag", "프린지 토트백", "Handbags", Accessory("tote", ("fringe",)), ("suede", "crochet:granny"), ("rust/rust", "chocolate/orange/mustard/turquoise"), price=(59, 99)),
)
WESTERN = (
    Recipe("denim western shirt with yoke", "요크 데님 웨스턴 셔츠", "Shirts", replace(SHIRT, pockets="western", trims=("yoke",)), ("denim:wash",), ("denim/lightdenim", "indigo/denim", "lightdenim/white"), metal="pearl", gender="unisex", price=(59, 89)),
    Recipe("fringed jacket", "프린지 재킷", "Jackets", replace(REGULAR, collar="shirt", closure="buttons", sleeve="long", trims=("fringe",), length=410), ("suede",), ("tan", "brown", "camel"), metal="wood", gender="unisex", price=(149, 219)),
    Recipe("cowboy boots", "카우보이 부츠", "Boots", Accessory("boots", ("western", "heel")), ("leather", "suede"), ("tan/chocolate", "chocolate/black", "burgundy/black"), ("rubber:chocolate/black",), gender="unisex", price=(129, 199)),
    Recipe("cowboy hat", "카우보이 해트", "Hat", Accessory("cowboy_hat"), ("suede", "straw"), ("brown/chocolate", "sand/brown", "black/tan"), ("leather:chocolate", "leather:tan"), gender="unisex", price=(49, 79)),
    Recipe("bandana-print shirt with contrast yoke", "배색 요크 반다나 셔츠", "Shirts", replace(SHIRT, pockets="western", trims=("yoke", "contrast_yoke")), ("cotton:@paisley:0.7", "poplin:gingham"), ("red/ivory/black", "navy/ivory/sky", "brown/ivory/tan"), ("denim:indigo", "cotton:ivory"), metal="pearl", price=(49, 79)),
    Recipe("fringed denim skirt", "프린지 데님 스커트", "Skirts", Skirt("a_line", waist=80, hem=118, length=200, hem_trim="fringe", trims=("jeans", "buttons"), waistband="loops"), ("denim:wash", "suede"), ("denim/lightdenim", "tan/tan", "indigo/denim"), metal="brass", price=(59, 89)),
    Recipe("bootcut jeans", "부츠컷 청바지", "Jeans", Trousers("flare", pockets="jeans", trims=("jeans",)), ("denim:wash",), ("indigo/denim", "denim/lightdenim"), metal="copper", gender="men", price=(69, 99)),
    Recipe("belted denim dress with western yoke", "웨스턴 요크 데님 원피스", "Dresses", Dress(replace(BODICE, neck="crew", collar="shirt", closure="buttons", sleeve="half", pockets="western", belt="buckle", trims=("yoke",)), Skirt("a_line", hem=130, length=230, trims=("through",))), ("denim:wash",), ("denim/lightdenim", "lightdenim/white"), ("leather:tan", "leather:brown"), metal="pearl", price=(89, 129)),
)
ORIENTAL = (
    Recipe("hanbok-style jacket with goreum ribbon", "고름 저고리 재킷", "Tops", replace(CROPPED, neck="wrap", sleeve="kimono", closure="wrap", trims=("git", "goreum"), length=330), ("silk", "silk:@cloud:0.8"), ("ivory/gold", "jade/ivory", "pink/white", "indigo/sky"), ("silk:red/ivory", "silk:navy/ivory", "silk:burgundy/ivory"), price=(89, 149), spacing=66, turning=0.2),
    Recipe("hanbok wrap dress", "허리치마 한복 원피스", "Dresses", Dress(replace(BODICE, neck="wrap", sleeve="kimono", closure="wrap", length=262, waist_y=240, trims=("git", "goreum")), Skirt("circle", hem=172, length=310)), ("silk", "satin:@cloud:0.9"), ("jade/ivory", "red/gold", "indigo/sky"), ("silk:ivory/red", "silk:burgundy/ivory"), price=(149, 229), spacing=66, turning=0.2),
    Recipe("qipao-style dress with knot buttons", "매듭 단추 치파오 원피스", "Dresses", Dress(replace(BODICE, neck="crew", collar="mandarin", closure="frogs", sleeve="cap"), Skirt("pencil", hem=92, length=280, slit=110)), ("satin:@crane", "satin:@blossom", "satin"), ("red/gold/ivory/jade", "navy/ivory/red/gold", "emerald/gold/ivory/jade"), ("satin:gold",), price=(99, 159), spacing=92, size=32, turning=0.4),
    Recipe("kimono robe with obi belt", "오비 벨트 로브", "Jackets", replace(BOXY, neck="deep_v", sleeve="kimono", closure="wrap", belt="obi", length=520, waist_y=330, trims=("git",)), ("silk:@crane", "silk:@blossom", "silk:@cloud"), ("indigo/ivory/red/gold", "black/red/ivory/gold", "burgundy/gold/ivory/jade"), ("silk:red/gold", "silk:gold/red"), gender="unisex", price=(119, 179), spacing=92, size=34, turning=0.3),
    Recipe("mandarin jacket with frog closures", "매듭 여밈 만다린 재킷", "Jackets", replace(REGULAR, collar="mandarin", closure="frogs_centre", sleeve="long"), ("satin:@cloud", "velvet", "satin:@crane"), ("black/gold", "burgundy/gold", "jade/ivory/gold"), ("satin:gold",), gender="unisex", price=(119, 179), spacing=78, size=26, turning=0.3),
    Recipe("dobok-style wrap top with belt", "도복 스타일 랩 톱", "Tops", replace(BOXY, neck="wrap", sleeve="kimono", closure="wrap", belt="tie", waist_y=330, length=430, trims=("git",)), ("linen", "cotton"), ("white/black", "indigo/white", "black/white"), ("cotton:black/white", "cotton:indigo/white"), gender="unisex", price=(69, 99)),
    Recipe("brocade wrap skirt", "브로케이드 랩 스커트", "Skirts", Skirt("a_line", hem=150, length=320, waistband="wide"), ("satin:@cloud", "satin:@crane", "satin:@blossom"), ("red/gold", "indigo/ivory/gold", "jade/ivory/red/gold"), price=(69, 109), spacing=76, size=27, turning=0.3),
)
COUNTRY = (
    Recipe("gingham smock dress", "깅엄 스모크 원피스", "Dresses", Dress(replace(BODICE, neck="square", sleeve="puff", cuff="band"), Skirt("gathered", hem=158, length=290, tiers=2)), ("cotton:gingham", "linen:gingham"), ("ivory/forest", "ivory/brown", "ivory/red", "ivory/navy"), price=(69, 109)),
    Recipe("calico dress with lace collar", "레이스 칼라 잔꽃 원피스", "Dresses", Dress(replace(BODICE, neck="crew", collar="peter_pan", sleeve="half", closure="buttons", trims=("contrast",)), Skirt("gathered", hem=150, length=280)), ("cotton:@daisy:0.55", "cotton:@blossom:0.55"), ("sage/ivory/mustard", "brown/cream/mustard", "mustard/ivory/rust/forest"), ("cotton:ivory",), metal="wood", price=(69, 109)),
    Recipe("linen apron skirt with buttons", "버튼 리넨 스커트", "Skirts", Skirt("gathered", hem=146, length=310, trims=("buttons",)), ("linen", "linen:gingham", "corduroy"), ("oat/brown", "ivory/forest", "brown/chocolate"), metal="wood", price=(49, 79)),
    Recipe("cable sweater with wooden buttons", "우드 버튼 케이블 카디건", "Sweaters", replace(KNIT, neck="v", closure="buttons").wide(6), ("cable",), ("oat", "moss", "brown"), metal="wood", price=(69, 109)),
    Recipe("corduroy dungarees", "코듀로이 멜빵바지", "Jumpsuit", Jumpsuit(replace(BODICE, neck="bustier", sleeve="strap", pockets="bib", waist=90, hem=92, length=320), Trousers("straight", length=390, turn_up=True)), ("corduroy",), ("brown/camel", "moss/khaki", "mustard/camel"), metal="wood", price=(69, 99)),
    Recipe("tweed waistcoat", "트위드 조끼", "Waistcoat", replace(FITTED, neck="v", sleeve="none", closure="buttons", hem_shape="waistcoat", pockets="flaps", length=400), ("tweed:herringbone", "tweed:glen"), ("brown/cream", "moss/cream/rust", "camel/brown/rust"), metal="wood", gender="men", price=(69, 99)),
    Recipe("straw hat with flowers", "꽃장식 밀짚모자", "Hat", Accessory("straw_hat", ("flower",)), ("straw",), ("sand", "cream"), ("cotton:ivory/rust", "cotton:sage/mustard"), price=(29, 49)),
    Recipe("linen peasant blouse", "리넨 페전트 블라우스", "Tops", replace(FITTED, neck="scoop", sleeve="bishop", cuff="band", closure="henley"), ("linen", "cotton:@daisy:0.55"), ("ivory/brown", "oat/ivory/mustard", "sage/ivory/mustard"), metal="wood", price=(45, 69)),
)
RESORT = (
    Recipe("Hawaiian shirt", "하와이안 셔츠", "Shirts", replace(SHIRT, collar="shirt", neck="v", sleeve="wide_short", cuff="", hem_shape="straight", length=440).wide(12), ("poplin:@hibiscus+palm", "poplin:@palm", "poplin:@hibiscus"), ("turquoise/coral/white/green", "coral/white/yellow/teal", "navy/coral/yellow/turquoise"), metal="wood", gender="men", price=(45, 75), spacing=86, size=34),
    Recipe("tropical maxi dress with straps", "트로피컬 맥시 원피스", "Dresses", Dress(replace(CAMISOLE, waist=80, hem=78, waist_y=270, length=300), Skirt("circle", hem=168, length=330)), ("chiffon:@hibiscus+palm", "poplin:@palm"), ("white/coral/yellow/green", "turquoise/white/green/teal", "yellow/coral/white/green"), price=(79, 119), spacing=86, size=34),
    Recipe("linen shorts with drawstring", "스트링 리넨 쇼츠", "Shorts", Trousers("shorts", length=230, waistband="elastic"), ("linen", "linen:awning", "poplin:@palm"), ("white/turquoise", "coral/white", "turquoise/white/green"), ("cotton:ivory",), gender="men", price=(39, 59)),
    Recipe("off-shoulder top", "오프숄더 톱", "Tops", replace(CROPPED, neck="off", sleeve="none", trims=("ruffle_band",)), ("poplin:awning", "linen", "poplin:@hibiscus"), ("white/turquoise", "coral/white/yellow/teal", "yellow/white"), price=(35, 55), spacing=80, size=30),
    Recipe("halter sundress", "홀터 선드레스", "Dresses", Dress(replace(BODICE, neck="halter"), Skirt("circle", hem=164, length=262)), ("poplin:awning", "poplin:@hibiscus", "chiffon:ombre"), ("turquoise/white", "white/coral/yellow/green", "coral/yellow/white/green"), price=(69, 99), spacing=84, size=33),
    Recipe("beach tote bag", "비치 토트백", "Handbags", Accessory("tote"), ("straw", "straw:awning"), ("sand/coral", "cream/turquoise", "sand/white"), ("leather:tan",), price=(49, 79)),
    Recipe("wide-brim straw hat", "와이드 브림 밀짚모자", "Hat", Accessory("straw_hat"), ("straw",), ("cream/navy", "sand/coral", "sand/turquoise"), price=(35, 55)),
    Recipe("kaftan tunic", "카프탄 튜닉", "Tunics", replace(BOXY, neck="v", sleeve="kimono", length=530, hem=132, trims=("embroidery",)), ("chiffon:@palm", "linen", "chiffon:ombre"), ("white/turquoise/teal", "turquoise/white", "coral/yellow"), ("cotton:coral/yellow", "cotton:white/yellow"), price=(69, 99)),
)
