"""Looks of the sporty, retro, kitsch, hip-hop, punk, military and street styles; `looks` collects them."""

from dataclasses import replace

from ..garments import Accessory, Dress, Jumpsuit, Pair
from ..grammar import Recipe
from ..lower import Skirt, Trousers
from .cuts import BODICE, BOXY, COAT, FITTED, HOODIE, KNIT, OVERSIZED, REGULAR, SHIRT

TRACK_TOP = replace(KNIT, collar="funnel", closure="zip", rib=False, trims=("sleeve_stripes",))

SPORTY = (
    Recipe("tracksuit with side stripes", "사이드 스트라이프 트레이닝 세트", "Tracksuits", Pair(TRACK_TOP, Trousers("jogger", waistband="rib", trims=("side_stripe",))), ("nylon", "jersey"), ("navy/white", "black/white", "brightred/white"), metal="steel", gender="unisex", price=(99, 149)),
    Recipe("number jersey", "넘버 저지 티셔츠", "Tshirts", replace(REGULAR, neck="v", rib=True, cuff="rib", trims=("contrast", "sleeve_stripes")), ("mesh", "jersey"), ("blue/white", "brightred/white", "white/blue", "green/white"), graphics=("number",), gender="unisex", price=(35, 59)),
    Recipe("windbreaker", "윈드브레이커", "Jackets", replace(HOODIE, closure="zip", pockets="welts", trims=("contrast",)), ("nylon:blocks", "nylon:slanted"), ("white/blue/brightred", "navy/turquoise/white", "black/lime/white"), metal="steel", gender="unisex", price=(79, 119)),
    Recipe("leggings with side stripe", "사이드 라인 레깅스", "Leggings", Trousers("leggings", waistband="rib", pockets="", trims=("side_stripe", "three")), ("jersey",), ("black/lime", "navy/turquoise", "charcoal/hotpink"), price=(35, 59)),
    Recipe("pleated tennis skirt", "플리츠 테니스 스커트", "Skirts", Skirt("pleated", waist=82, hem=158, length=176, waistband="rib"), ("jersey", "nylon"), ("white/navy", "navy/white", "sky/white"), price=(39, 59)),
    Recipe("running shoes", "러닝화", "Sports Shoes", Accessory("sneakers"), ("mesh", "nylon"), ("white/blue", "black/lime", "brightred/white"), gender="unisex", price=(79, 129)),
    Recipe("track pants", "트랙 팬츠", "Track Pants", Trousers("jogger", waistband="rib", trims=("side_stripe",)), ("nylon", "jersey"), ("black/white", "blue/white", "navy/brightred"), gender="men", price=(45, 69)),
    Recipe("running shorts", "러닝 쇼츠", "Shorts", Trousers("shorts", length=196, waistband="rib", pockets="", trims=("side_stripe",)), ("nylon",), ("blue/white", "black/lime", "brightred/white"), gender="unisex", price=(29, 45)),
)
RETRO = (
    Recipe("shift dress", "레트로 시프트 원피스", "Dresses", replace(FITTED, neck="crew", collar="peter_pan", sleeve="cap", waist=96, hem=128, waist_y=360, length=520, trims=("contrast",)), ("suiting:circles:0.9", "suiting:waves", "suiting:blocks"), ("mustard/brown/orange/cream", "orange/cream/brown/mustard", "avocado/cream/brown/orange"), ("cotton:cream",), price=(69, 109)),
    Recipe("shirt with long pointed collar", "롱 칼라 레트로 셔츠", "Shirts", replace(SHIRT, collar="pointed"), ("satin:waves", "satin:circles:0.7", "satin:chevron"), ("brown/orange/mustard/cream", "orange/brown/cream", "mustard/avocado/brown/cream"), gender="men", metal="horn", price=(45, 75)),
    Recipe("swing dress with wide belt", "와이드 벨트 스윙 원피스", "Dresses", Dress(replace(BODICE, neck="square", sleeve="cap", belt="wide"), Skirt("circle", hem=178, length=250)), ("poplin:dots",), ("red/white", "teal/cream", "mustard/brown"), ("leather:black", "leather:brown"), metal="gold", price=(79, 119)),
    Recipe("chevron knit", "셰브런 니트", "Sweaters", replace(KNIT), ("knit:chevron", "knit:wide_stripes"), ("brown/orange/mustard/cream", "teal/cream/mustard/rust", "rust/cream/avocado"), gender="unisex", price=(55, 85)),
    Recipe("bell-bottom trousers", "벨보텀 팬츠", "Trousers", Trousers("flare", waistband="wide"), ("corduroy", "suiting:chevron", "suiting:circles:0.6"), ("rust/cream", "mustard/brown/cream", "avocado/cream/orange/brown"), price=(55, 85)),
    Recipe("A-line mini skirt with buttons", "버튼 A라인 미니스커트", "Skirts", Skirt("a_line", waist=80, hem=128, length=190, trims=("buttons",)), ("corduroy", "suiting:waves", "suede"), ("mustard/brown", "orange/brown/cream", "rust/cream"), metal="gold", price=(39, 65)),
    Recipe("colour-block track jacket", "레트로 배색 재킷", "Jackets", replace(KNIT, collar="pointed", closure="zip", rib=False), ("jersey:blocks", "velvet:blocks"), ("cream/orange/brown", "mustard/cream/teal", "brown/mustard/cream"), metal="gold", gender="unisex", price=(59, 89)),
)
KITSCH = (
    Recipe("cartoon T-shirt", "캐릭터 티셔츠", "Tshirts", replace(BOXY, rib=True, cuff="rib", trims=("contrast",)), ("jersey",), ("hotpink/yellow/turquoise", "lemon/hotpink/turquoise", "mint/hotpink/purple", "lilac/yellow/hotpink"), graphics=("cat", "smiley", "cherry", "heart"), gender="unisex", price=(29, 45)),
    Recipe("checkerboard cardigan", "체커보드 카디건", "Sweaters", replace(KNIT, closure="buttons", neck="v"), ("knit:checkers",), ("hotpink/white", "lime/purple", "yellow/turquoise"), metal="red", price=(49, 75)),
    Recipe("skater dress", "스케이터 원피스", "Dresses", Dress(replace(BODICE, neck="crew", sleeve="puff", collar="peter_pan", trims=("contrast",)), Skirt("circle", hem=166, length=200)), ("poplin:@heart", "poplin:@cherry", "poplin:@smiley"), ("pink/brightred/hotpink", "lemon/brightred/green", "sky/yellow/hotpink"), ("cotton:white",), metal="red", price=(59, 89), turning=0.3),
    Recipe("hoodie", "후디", "Sweatshirts", replace(HOODIE, trims=("contrast",)), ("sweat:@star", "sweat:@smiley", "sweat:@heart"), ("lilac/yellow/hotpink", "hotpink/yellow/lime", "turquoise/hotpink/yellow"), ("cotton:yellow", "cotton:lime"), gender="unisex", price=(49, 79), turning=0.3),
    Recipe("ruffle mini skirt", "러플 미니스커트", "Skirts", Skirt("gathered", waist=82, hem=152, length=190, tiers=3, trims=("alternate",)), ("poplin:dots", "tulle", "poplin:checkers:0.7"), ("hotpink/yellow", "lime/hotpink", "turquoise/hotpink"), price=(35, 59)),
    Recipe("printed leggings", "프린트 레깅스", "Leggings", Trousers("leggings", waistband="rib", pockets=""), ("jersey:@cat", "jersey:checkers:0.8", "jersey:@star"), ("yellow/white/hotpink", "hotpink/purple", "purple/yellow/hotpink"), price=(29, 49), turning=0.3),
    Recipe("fluffy neon jacket", "네온 플리스 재킷", "Jackets", replace(BOXY, sleeve="loose", collar="shirt", closure="zip", length=400), ("fleece", "fleece:checkers", "fleece:halves"), ("lime/hotpink", "hotpink/yellow", "turquoise/yellow"), metal="white", price=(69, 99)),
    Recipe("canvas high-top sneakers", "하이톱 스니커즈", "Casual Shoes", Accessory("sneakers", ("high",)), ("cotton:@star:0.7", "cotton:checkers:0.6", "cotton:@heart:0.7"), ("hotpink/yellow", "yellow/purple", "turquoise/hotpink"), gender="unisex", price=(49, 79)),
)
HIPHOP = (
    Recipe("oversized hoodie", "오버사이즈 후디", "Sweatshirts", replace(HOODIE.wide(14), trims=("chain",)), ("sweat", "fleece"), ("black/yellow", "grey/brightred", "purple/yellow"), graphics=("letters",), gender="unisex", price=(69, 99)),
    Recipe("baggy jeans with wallet chain", "체인 배기 진", "Jeans", Trousers("baggy", pockets="jeans", trims=("jeans", "chain")), ("denim:wash",), ("indigo/denim", "lightdenim/white", "black/charcoal"), metal="brass", gender="men", price=(79, 119)),
    Recipe("baseball jersey", "베이스볼 저지", "Shirts", replace(OVERSIZED, neck="v", sleeve="wide_short", closure="buttons", trims=("chain",)), ("mesh:pinstripe", "jersey:pinstripe"), ("white/black/brightred", "black/yellow/white", "brightred/white/black"), graphics=("number",), metal="white", gender="men", price=(49, 79)),
    Recipe("puffer jacket", "패딩 재킷", "Jackets", replace(OVERSIZED, collar="funnel", closure="zip", hem_shape="rib", cuff="rib", length=430), ("puffer", "puffer:blocks"), ("black/yellow/brightred", "yellow/black/white", "brightred/black/white"), metal="steel", gender="unisex", price=(129, 199)),
    Recipe("basketball jersey", "농구 저지", "Tshirts", replace(REGULAR.wide(12), neck="v", sleeve="none", rib=True, trims=("contrast", "chain")), ("mesh",), ("purple/yellow", "black/brightred", "yellow/purple"), graphics=("number",), gender="men", price=(39, 65)),
    Recipe("bucket hat", "버킷해트", "Hat", Accessory("bucket_hat"), ("fleece", "cotton:@paisley:0.6", "nylon"), ("black/white", "brightred/white/black", "yellow/black"), gender="unisex", price=(29, 45)),
    Recipe("velour tracksuit", "벨루어 트레이닝 세트", "Tracksuits", Pair(replace(HOODIE.wide(8), closure="zip", pockets="welts"), Trousers("baggy", waistband="rib", pockets="slant", trims=("side_stripe", "three"))), ("velvet",), ("purple/gold", "black/gold", "burgundy/gold"), metal="gold", gender="unisex", price=(129, 179)),
)
PUNK = (
    Recipe("studded biker jacket", "스터드 바이커 재킷", "Jackets", replace(REGULAR, neck="jacket", collar="biker", closure="biker", pockets="zips", sleeve="long", length=408, trims=("studs", "stud_hem")), ("leather", "patent"), ("black/black", "black/red", "burgundy/black"), metal="steel", gender="unisex", price=(169, 259)),
    Recipe("ripped T-shirt with safety pins", "옷핀 찢어진 티셔츠", "Tshirts", replace(REGULAR, trims=("rips", "pins")), ("jersey",), ("black/white/red", "white/black/red", "charcoal/white"), graphics=("skull", "bolt"), metal="steel", gender="unisex", price=(29, 49)),
    Recipe("bondage trousers with straps", "스트랩 본디지 팬츠", "Trousers", Trousers("slim", trims=("straps", "chain")), ("wool:tartan", "suiting"), ("red/black/yellow", "black/red", "red/black/white"), ("leather:black",), metal="steel", gender="unisex", price=(79, 119)),
    Recipe("tartan mini skirt with buckles", "버클 타탄 미니스커트", "Skirts", Skirt("pleated", waist=80, hem=140, length=180, trims=("buckles", "studs")), ("wool:tartan",), ("red/black/yellow", "black/red/white", "purple/black/white"), ("leather:black",), metal="steel", price=(49, 79)),
    Recipe("ripped skinny jeans", "디스트로이드 스키니진", "Jeans", Trousers("slim", pockets="jeans", trims=("rips", "chain")), ("denim", "denim:wash"), ("black/charcoal", "charcoal/grey"), metal="steel", gender="unisex", price=(69, 99)),
    Recipe("mohair sweater with holes", "구멍 모헤어 스웨터", "Sweaters", replace(KNIT, neck="wide", sleeve="loose", trims=("rips", "pins")).wide(10), ("knit:wide_stripes", "knit:stripes"), ("black/red", "red/black", "black/purple"), metal="steel", gender="unisex", price=(59, 89)),
    Recipe("combat boots with buckles", "버클 컴뱃 부츠", "Boots", Accessory("boots", ("laces", "buckles")), ("leather", "patent"), ("black/black/silver", "burgundy/black/silver"), ("rubber:black/silver",), metal="steel", gender="unisex", price=(119, 179)),
    Recipe("studded vest", "스터드 조끼", "Jackets", replace(REGULAR, sleeve="none", collar="shirt", closure="buttons", length=400, trims=("studs", "pins")), ("denim", "leather"), ("black/white", "charcoal/red"), graphics=("skull",), metal="steel", gender="unisex", price=(79, 119)),
)
MILITARY = (
    Recipe("field jacket", "필드 재킷", "Jackets", replace(SHIRT, neck="crew", closure="zip", pockets="cargo", hem_shape="straight", length=490, trims=("epaulettes",)).wide(10), ("cotton:camouflage", "cotton"), ("khaki/moss/brown/sand", "olive/moss", "moss/olive"), metal="brass", gender="unisex", price=(99, 159)),
    Recipe("cargo trousers", "카고 팬츠", "Trousers", Trousers("baggy", pockets="cargo"), ("cotton:camouflage", "cotton"), ("khaki/moss/chocolate/sand", "olive/moss", "sand/khaki/brown/olive"), metal="brass", gender="unisex", price=(59, 99)),
    Recipe("bomber jacket", "봄버 재킷", "Jackets", replace(KNIT, closure="zip", pockets="welts", sleeve="loose", length=410).wide(12), ("nylon", "nylon:camouflage"), ("olive/neonorange", "moss/neonorange/brown/khaki", "khaki/neonorange"), metal="brass", gender="men", price=(99, 149)),
    Recipe("uniform shirt with epaulettes", "견장 유니폼 셔츠", "Shirts", replace(SHIRT, pockets="chest_flaps", trims=("epaulettes", "cargo")), ("poplin", "poplin:camouflage:0.8"), ("olive/khaki", "khaki/moss/brown/sand", "sand/khaki"), metal="brass", gender="unisex", price=(49, 79)),
    Recipe("officer coat with brass buttons", "황동 버튼 오피서 코트", "Coats", replace(COAT, collar="peak", closure="double", belt="buckle", trims=("epaulettes",)), ("wool",), ("moss/chocolate", "olive/chocolate", "navy/black"), ("leather:chocolate", "leather:black"), metal="brass", price=(219, 329)),
    Recipe("camouflage T-shirt", "카무플라주 티셔츠", "Tshirts", replace(REGULAR, rib=True, pockets="chest"), ("jersey:camouflage",), ("khaki/moss/brown/sand", "sand/khaki/olive/brown", "olive/moss/charcoal/khaki"), gender="men", price=(29, 45)),
    Recipe("beret with badge", "배지 베레모", "Hat", Accessory("beret", ("badge",)), ("wool",), ("olive/black", "moss/black", "burgundy/black"), metal="brass", gender="unisex", price=(35, 55)),
    Recipe("combat boots", "전투화 부츠", "Boots", Accessory("boots", ("laces",)), ("leather", "suede"), ("olive/black/sand", "chocolate/black/sand", "black/black/olive"), ("rubber:black/sand",), gender="unisex", price=(109, 159)),
    Recipe("flight jumpsuit", "플라이트 점프수트", "Jumpsuit", Jumpsuit(replace(BODICE, neck="crew", collar="shirt", closure="zip", pockets="chest_flaps", sleeve="long", shoulder=112, chest=104, waist=94, hem=92, trims=("epaulettes",)), Trousers("baggy", length=400, pockets="cargo")), ("cotton", "cotton:camouflage"), ("olive/moss", "khaki/moss/brown/sand"), metal="brass", gender="unisex", price=(109, 159)),
)
STREET = (
    Recipe("graffiti hoodie", "그래피티 후디", "Sweatshirts", HOODIE, ("sweat",), ("grey/neonorange/cobalt/black", "black/lime/neonorange/white", "white/cobalt/brightred/black"), graphics=("spray",), gender="unisex", price=(59, 89)),
    Recipe("box-logo T-shirt", "박스 로고 티셔츠", "Tshirts", replace(OVERSIZED, sleeve="wide_short", rib=True), ("jersey",), ("white/brightred", "black/brightred", "grey/cobalt"), graphics=("box_logo",), gender="unisex", price=(29, 49)),
    Recipe("varsity jacket", "바시티 재킷", "Jackets", replace(KNIT, closure="buttons", pockets="welts", sleeve="loose", trims=("contrast", "sleeve_stripes")).wide(12), ("wool",), ("black/white", "cobalt/white", "forest/white"), graphics=("monogram",), metal="steel", gender="unisex", price=(119, 169)),
    Recipe("grey cargo joggers", "카고 조거 팬츠", "Track Pants", Trousers("jogger", waistband="rib", pockets="cargo"), ("sweat", "nylon"), ("grey/white", "black/neonorange", "charcoal/white"), gender="unisex", price=(55, 85)),
    Recipe("graphic sweatshirt", "그래픽 스웨트셔츠", "Sweatshirts", replace(KNIT, sleeve="loose").wide(14), ("sweat:halves", "sweat"), ("black/grey/neonorange/white", "grey/black/cobalt", "white/black/brightred"), graphics=("spray", "letters"), gender="unisex", price=(45, 69)),
    Recipe("paint-splash denim jacket", "페인트 데님 재킷", "Jackets", replace(SHIRT, pockets="western", hem_shape="straight", length=410, sleeve="loose").wide(14), ("denim:@splash",), ("black/white/neonorange/cobalt", "lightdenim/white/neonorange/black", "charcoal/white/lime"), metal="steel", gender="unisex", price=(89, 129), spacing=96, size=24),
    Recipe("coach jacket with lettering", "레터링 코치 재킷", "Jackets", replace(REGULAR, collar="shirt", closure="buttons", sleeve="loose", pockets="welts").wide(10), ("nylon",), ("black/white", "cobalt/white", "neonorange/black"), graphics=("letters",), metal="white", gender="unisex", price=(69, 99)),
    Recipe("chunky sneakers", "청키 스니커즈", "Casual Shoes", Accessory("sneakers", ("high",)), ("leather", "suede"), ("white/black", "grey/neonorange", "black/white"), gender="unisex", price=(89, 139)),
)
