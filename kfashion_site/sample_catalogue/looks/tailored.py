"""Looks of the classic, preppy, mannish, tomboy, modern and genderless styles; `looks` collects them."""

from dataclasses import replace

from ..garments import Accessory, Dress, Jumpsuit
from ..grammar import Recipe
from ..lower import Skirt, Trousers
from .cuts import BLAZER, BODICE, BOXY, COAT, FITTED, KNIT, OVERSIZED, REGULAR, SHIRT

CLASSIC = (
    Recipe("trench coat", "트렌치코트", "Coats", replace(COAT, collar="peak", closure="double", belt="tie", trims=("epaulettes",)),
           ("poplin",), ("beige/beige", "camel/camel", "navy/navy"), price=(189, 289)),
    Recipe("tailored blazer", "테일러드 블레이저", "Blazers", BLAZER, ("wool:glen", "wool:houndstooth", "tweed:herringbone"),
           ("oat/brown/rust", "beige/charcoal/burgundy", "grey/charcoal/navy"), metal="gold", price=(149, 239)),
    Recipe("crew-neck cardigan", "크루넥 카디건", "Sweaters", replace(KNIT, closure="buttons"), ("cable",),
           ("camel", "navy", "cream"), metal="gold", price=(69, 119)),
    Recipe("argyle V-neck sweater", "아가일 브이넥 스웨터", "Sweaters", replace(KNIT, neck="v"), ("knit:argyle:0.8",),
           ("camel/burgundy/navy/ivory", "navy/grey/burgundy/ivory", "burgundy/navy/camel/cream"), gender="unisex", price=(69, 109)),
    Recipe("collarless jacket with pearl buttons", "진주 버튼 노카라 재킷", "Jackets", replace(FITTED, sleeve="three_quarter", closure="buttons", pockets="patches", length=410),
           ("tweed:houndstooth:0.9", "boucle", "tweed:glen"), ("ivory/black/gold", "cream/cream", "oat/navy/burgundy"), metal="pearl", price=(129, 219)),
    Recipe("midi pencil skirt", "미디 펜슬 스커트", "Skirts", Skirt("pencil", waist=74, hem=88, length=330, waistband="band"),
           ("wool:houndstooth", "wool:glen", "wool:herringbone"), ("ivory/black", "camel/brown/ivory", "grey/charcoal"), price=(59, 99)),
    Recipe("pleat-front trousers", "핀턱 슬랙스", "Trousers", Trousers("straight", trims=("crease",)), ("wool", "wool:glen"),
           ("camel/brown/ivory", "navy/slate/ivory", "charcoal/grey/ivory"), gender="men", price=(69, 119)),
    Recipe("flap shoulder bag with chain strap", "체인 플랩 숄더백", "Handbags", Accessory("shoulder_bag", ("chain",)), ("quilt", "leather"),
           ("burgundy", "camel", "navy"), metal="gold", price=(129, 249)),
)
PREPPY = (
    Recipe("school blazer with piping and crest", "파이핑 크레스트 스쿨 블레이저", "Blazers", replace(BLAZER, trims=("piping",)), ("wool",),
           ("navy/ivory/gold", "burgundy/ivory/gold", "forest/ivory/gold"), ("cotton:ivory",), ("crest",), metal="gold", gender="unisex", price=(129, 189)),
    Recipe("pleated skirt", "플리츠 스커트", "Skirts", Skirt("pleated", waist=78, hem=158, length=228), ("wool:tartan",),
           ("red/navy/ivory", "navy/forest/yellow", "forest/navy/red", "grey/burgundy/ivory"), price=(49, 79)),
    Recipe("college vest with striped bands", "스트라이프 밴드 니트 베스트", "Sweaters", replace(KNIT, neck="v", sleeve="none", cuff="", trims=("bands",)),
           ("cable",), ("ivory/navy", "navy/ivory", "cream/burgundy"), ("rib:navy/red", "rib:burgundy/forest"), gender="unisex", price=(59, 89)),
    Recipe("Oxford shirt with tie", "타이 옥스퍼드 셔츠", "Shirts", replace(SHIRT, trims=("tie",)), ("poplin:vertical_stripes", "poplin"),
           ("white/sky", "sky/white", "white/pink"), ("wool:navy/red", "wool:burgundy/ivory", "wool:forest/gold"), metal="white", gender="unisex", price=(49, 79)),
    Recipe("polo shirt with contrast collar", "배색 폴로셔츠", "Tshirts", replace(REGULAR, collar="shirt", closure="henley", cuff="rib", trims=("contrast",)),
           ("jersey:wide_stripes", "jersey"), ("navy/ivory/red", "forest/ivory", "burgundy/ivory/navy"), ("cotton:ivory/ivory",), gender="men", metal="white", price=(39, 69)),
    Recipe("varsity cardigan with initial", "이니셜 바시티 카디건", "Sweaters", replace(KNIT, neck="v", closure="buttons", trims=("bands",)), ("knit",),
           ("cream/burgundy/navy", "navy/cream/red", "burgundy/ivory/navy"), ("rib:navy/red", "rib:ivory/navy"), ("monogram",), metal="white", price=(79, 119)),
    Recipe("pinafore dress", "점퍼스커트 원피스", "Dresses", Dress(replace(BODICE, neck="square", closure=""), Skirt("pleated", hem=150, length=226)), ("wool:tartan",),
           ("navy/forest/ivory", "burgundy/navy/ivory", "grey/navy/red"), price=(79, 119)),
)
MANNISH = (
    Recipe("double-breasted suit jacket", "더블브레스티드 슈트 재킷", "Blazers", replace(BLAZER, collar="peak", closure="double").wide(8), ("suiting:pinstripe",),
           ("charcoal/silver", "navy/silver", "black/grey"), price=(169, 259)),
    Recipe("shirt and tie", "셔츠 앤 타이", "Shirts", replace(SHIRT, trims=("tie",)).wide(4), ("poplin",), ("white/black", "powder/navy", "grey/black"),
           ("satin:black/grey", "satin:charcoal/silver", "satin:navy/grey"), metal="white", price=(59, 89)),
    Recipe("waistcoat", "웨이스트코트", "Waistcoat", replace(FITTED, neck="deep_v", sleeve="none", closure="buttons", hem_shape="waistcoat", pockets="flaps", waist_y=330, length=400),
           ("suiting:pinstripe", "suiting:herringbone", "wool"), ("charcoal/silver", "grey/charcoal", "black/grey"), price=(69, 109)),
    Recipe("wide suit trousers", "와이드 슈트 팬츠", "Trousers", Trousers("wide", trims=("crease",)), ("suiting:pinstripe", "suiting"),
           ("charcoal/silver", "grey/white", "navy/silver", "black/grey"), price=(79, 129)),
    Recipe("oversized suit jacket", "오버사이즈 슈트 재킷", "Blazers", replace(BLAZER, length=510).wide(16), ("suiting", "suiting:herringbone"),
           ("grey/charcoal", "charcoal/black", "taupe/brown"), price=(159, 239)),
    Recipe("chesterfield coat", "체스터필드 코트", "Coats", replace(COAT, trims=("velvet_collar",)).wide(6), ("wool", "wool:herringbone"),
           ("charcoal/black", "grey/charcoal", "black/charcoal"), price=(219, 329)),
    Recipe("tuxedo jacket with satin lapels", "새틴 라펠 턱시도 재킷", "Blazers", replace(BLAZER, collar="peak", trims=("satin_lapel",)).wide(4), ("suiting",),
           ("black/black", "charcoal/black", "navy/black"), ("satin:black",), metal="black", price=(189, 279)),
)
TOMBOY = (
    Recipe("denim dungarees", "데님 멜빵바지", "Jumpsuit", Jumpsuit(replace(BODICE, neck="bustier", sleeve="strap", pockets="bib", waist=90, hem=92, length=320), Trousers("straight", length=400, pockets="jeans", turn_up=True, trims=("jeans",))),
           ("denim:wash",), ("denim/lightdenim", "indigo/denim", "lightdenim/white"), ("denim:lightdenim",), metal="brass", price=(69, 99)),
    Recipe("flannel shirt", "플란넬 셔츠", "Shirts", replace(SHIRT, pockets="chest").wide(12), ("wool:buffalo",), ("red/black", "yellow/navy", "green/navy"),
           metal="white", price=(39, 69)),
    Recipe("ringer T-shirt", "링거 티셔츠", "Tshirts", replace(REGULAR, rib=True, cuff="rib", trims=("contrast",)), ("jersey",),
           ("white/red/navy", "yellow/navy/red", "sky/navy/white"), ("cotton:red", "cotton:navy"), ("star", "bolt"), price=(25, 39)),
    Recipe("rolled boyfriend jeans", "롤업 보이프렌드 진", "Jeans", Trousers("straight", pockets="jeans", turn_up=True, trims=("jeans", "rips")), ("denim:wash",),
           ("lightdenim/white", "denim/lightdenim"), ("denim:sky",), metal="brass", price=(59, 89)),
    Recipe("baseball cap", "볼캡", "Caps", Accessory("cap"), ("cotton",), ("navy/red", "red/navy", "green/yellow"), gender="unisex", price=(19, 35)),
    Recipe("raglan sweatshirt", "래글런 스웨트셔츠", "Sweatshirts", replace(KNIT, trims=("contrast", "sleeve_stripes")).wide(10), ("sweat",),
           ("grey/navy", "white/red", "navy/yellow"), price=(39, 59)),
    Recipe("denim trucker jacket", "데님 트러커 재킷", "Jackets", replace(SHIRT, pockets="western", hem_shape="straight", length=400, trims=("yoke",)).wide(8), ("denim:wash",),
           ("denim/lightdenim", "indigo/denim"), metal="brass", price=(79, 119)),
)
MODERN = (
    Recipe("collarless coat", "노카라 코트", "Coats", replace(COAT, collar="", neck="v", closure="hidden", pockets="welts"), ("wool",),
           ("white", "black", "slate"), price=(189, 289)),
    Recipe("two-tone shift dress", "투톤 시프트 원피스", "Dresses", replace(FITTED, neck="boat", sleeve="none", waist=92, hem=122, waist_y=360, length=560), ("suiting:halves", "suiting:blocks", "suiting:slanted"),
           ("white/black/slate", "slate/white/black", "black/white/cobalt"), price=(89, 139)),
    Recipe("mock-neck top", "하프넥 톱", "Tops", replace(FITTED, collar="funnel", sleeve="long"), ("jersey:blocks", "jersey"),
           ("white/grey/black", "black/white/grey", "slate/white/navy"), price=(39, 59)),
    Recipe("band-collar shirt with hidden placket", "히든 버튼 차이나 셔츠", "Shirts", replace(SHIRT, collar="funnel", closure="hidden", hem_shape="straight"), ("poplin",),
           ("white", "black", "slate"), price=(59, 89)),
    Recipe("tapered trousers", "테이퍼드 팬츠", "Trousers", Trousers("carrot", trims=("crease",), waistband="band"), ("suiting",),
           ("black/white", "slate/white", "white/grey"), price=(69, 109)),
    Recipe("straight skirt with diagonal block", "사선 배색 스커트", "Skirts", Skirt("a_line", waist=78, hem=112, length=290), ("suiting:slanted", "suiting:halves"),
           ("white/black/grey", "black/white/slate", "slate/navy/white"), price=(59, 89)),
    Recipe("structured tote bag", "스트럭처드 토트백", "Handbags", Accessory("tote"), ("leather",), ("black/black", "white/black", "slate/black"), price=(99, 169)),
)
GENDERLESS = (
    Recipe("boxy overshirt", "박시 오버셔츠", "Shirts", replace(SHIRT, sleeve="loose", pockets="chest_flaps", hem_shape="straight").wide(22), ("linen", "cotton"),
           ("sage", "oat", "stone"), gender="unisex", price=(69, 99)),
    Recipe("oversized T-shirt", "오버사이즈 티셔츠", "Tshirts", replace(OVERSIZED, sleeve="wide_short", rib=True), ("jersey",),
           ("stone", "sage", "oat", "taupe"), gender="unisex", price=(29, 45)),
    Recipe("drawstring wide trousers", "스트링 와이드 팬츠", "Trousers", Trousers("wide", waistband="elastic"), ("linen", "cotton"),
           ("oat/ivory", "stone/ivory", "sage/ivory"), gender="unisex", price=(55, 85)),
    Recipe("collarless long jacket", "노카라 롱 재킷", "Jackets", replace(OVERSIZED, neck="v", closure="hidden", pockets="patches", length=560), ("linen", "wool"),
           ("greige", "stone", "sage"), gender="unisex", price=(119, 179)),
    Recipe("relaxed knit", "릴랙스 니트", "Sweaters", replace(KNIT, neck="wide", sleeve="loose").wide(22), ("knit", "rib"),
           ("oat", "greige", "sage", "stone"), gender="unisex", price=(69, 99)),
    Recipe("boxy tunic", "박시 튜닉", "Tunics", replace(BOXY, neck="boat", sleeve="three_quarter", length=520), ("linen", "cotton:halves"),
           ("stone/oat", "oat/sage", "greige/oat"), gender="unisex", price=(59, 89)),
    Recipe("utility jumpsuit", "유틸리티 점프수트", "Jumpsuit", Jumpsuit(replace(BODICE, collar="shirt", closure="zip", sleeve="half", neck="crew", waist=96, hem=94, shoulder=114, chest=106), Trousers("wide", length=400)),
           ("cotton",), ("sage", "stone", "taupe"), gender="unisex", price=(99, 149)),
)
