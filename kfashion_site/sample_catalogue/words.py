"""The words of the catalogue in English and Korean: colours, fabrics, prints; `grammar` names products with them."""

from typing import NamedTuple


class Tint(NamedTuple):
    """A colour with its name, the basic colour shoppers filter by, and its sRGB value."""

    en: str
    ko: str
    basic: str
    rgb: tuple[int, int, int]


TINTS: dict[str, Tint] = {
    "white": Tint("white", "화이트", "White", (246, 245, 242)),
    "ivory": Tint("ivory", "아이보리", "Cream", (243, 235, 218)),
    "cream": Tint("cream", "크림", "Cream", (238, 224, 196)),
    "oat": Tint("oatmeal", "오트밀", "Beige", (216, 204, 184)),
    "beige": Tint("beige", "베이지", "Beige", (206, 186, 154)),
    "sand": Tint("sand", "샌드", "Beige", (194, 170, 132)),
    "camel": Tint("camel", "카멜", "Tan", (184, 138, 86)),
    "tan": Tint("tan", "탄", "Tan", (170, 116, 68)),
    "brown": Tint("brown", "브라운", "Brown", (104, 70, 46)),
    "chocolate": Tint("chocolate", "초콜릿", "Brown", (70, 46, 36)),
    "rust": Tint("rust", "러스트", "Rust", (168, 80, 44)),
    "terracotta": Tint("terracotta", "테라코타", "Rust", (190, 102, 70)),
    "black": Tint("black", "블랙", "Black", (34, 33, 36)),
    "charcoal": Tint("charcoal", "차콜", "Grey", (68, 70, 76)),
    "grey": Tint("grey", "그레이", "Grey", (142, 146, 150)),
    "silver": Tint("silver", "실버", "Silver", (190, 194, 200)),
    "stone": Tint("stone", "스톤", "Grey", (178, 172, 160)),
    "greige": Tint("greige", "그레이지", "Beige", (168, 158, 142)),
    "navy": Tint("navy", "네이비", "Navy Blue", (36, 46, 80)),
    "indigo": Tint("indigo", "인디고", "Navy Blue", (44, 58, 98)),
    "denim": Tint("mid blue", "미디엄 블루", "Blue", (74, 104, 150)),
    "lightdenim": Tint("light blue", "라이트 블루", "Blue", (142, 172, 204)),
    "blue": Tint("blue", "블루", "Blue", (46, 92, 178)),
    "cobalt": Tint("cobalt", "코발트", "Blue", (30, 70, 190)),
    "sky": Tint("sky blue", "스카이 블루", "Blue", (168, 204, 230)),
    "powder": Tint("powder blue", "파우더 블루", "Blue", (186, 204, 222)),
    "slate": Tint("slate", "슬레이트", "Blue", (96, 112, 132)),
    "turquoise": Tint("turquoise", "터콰이즈", "Turquoise Blue", (52, 178, 182)),
    "teal": Tint("teal", "틸", "Teal", (28, 104, 108)),
    "mint": Tint("mint", "민트", "Green", (176, 220, 200)),
    "sage": Tint("sage", "세이지", "Green", (154, 168, 138)),
    "green": Tint("green", "그린", "Green", (42, 120, 72)),
    "jade": Tint("jade", "제이드", "Green", (70, 150, 124)),
    "emerald": Tint("emerald", "에메랄드", "Green", (20, 96, 74)),
    "forest": Tint("forest green", "포레스트 그린", "Green", (36, 70, 52)),
    "avocado": Tint("avocado", "아보카도", "Green", (124, 132, 58)),
    "olive": Tint("olive", "올리브", "Olive", (94, 96, 60)),
    "khaki": Tint("khaki", "카키", "Khaki", (136, 126, 88)),
    "moss": Tint("moss", "모스", "Olive", (72, 78, 50)),
    "lime": Tint("neon lime", "네온 라임", "Green", (190, 240, 60)),
    "yellow": Tint("yellow", "옐로", "Yellow", (246, 208, 62)),
    "lemon": Tint("lemon", "레몬", "Yellow", (250, 234, 130)),
    "mustard": Tint("mustard", "머스터드", "Mustard", (208, 156, 44)),
    "gold": Tint("gold", "골드", "Gold", (204, 164, 84)),
    "orange": Tint("orange", "오렌지", "Orange", (232, 120, 44)),
    "neonorange": Tint("neon orange", "네온 오렌지", "Orange", (255, 118, 46)),
    "coral": Tint("coral", "코럴", "Orange", (244, 126, 104)),
    "peach": Tint("peach", "피치", "Peach", (248, 202, 174)),
    "apricot": Tint("apricot", "애프리콧", "Peach", (238, 176, 128)),
    "red": Tint("red", "레드", "Red", (190, 34, 44)),
    "brightred": Tint("bright red", "브라이트 레드", "Red", (222, 44, 50)),
    "burgundy": Tint("burgundy", "버건디", "Burgundy", (104, 28, 44)),
    "wine": Tint("wine", "와인", "Burgundy", (122, 30, 56)),
    "pink": Tint("pink", "핑크", "Pink", (240, 182, 196)),
    "blush": Tint("blush", "블러시", "Pink", (244, 214, 210)),
    "rose": Tint("dusty rose", "더스티 로즈", "Pink", (206, 140, 146)),
    "hotpink": Tint("hot pink", "핫핑크", "Pink", (246, 66, 150)),
    "fuchsia": Tint("fuchsia", "푸크시아", "Magenta", (204, 40, 124)),
    "lilac": Tint("lilac", "라일락", "Lavender", (204, 188, 226)),
    "lavender": Tint("lavender", "라벤더", "Lavender", (182, 168, 212)),
    "purple": Tint("purple", "퍼플", "Purple", (112, 64, 146)),
    "plum": Tint("plum", "플럼", "Purple", (86, 42, 76)),
    "mauve": Tint("mauve", "모브", "Purple", (168, 134, 156)),
    "taupe": Tint("taupe", "토프", "Taupe", (146, 128, 114)),
}

FABRIC_WORDS: dict[str, tuple[str, str]] = {
    "denim": ("denim", "데님"), "linen": ("linen", "리넨"), "knit": ("knit", "니트"), "rib": ("ribbed", "골지"), "cable": ("cable-knit", "케이블"),
    "wool": ("wool", "울"), "tweed": ("tweed", "트위드"), "boucle": ("bouclé", "부클레"), "corduroy": ("corduroy", "코듀로이"),
    "leather": ("leather", "레더"), "patent": ("patent", "페이턴트"), "suede": ("suede", "스웨이드"), "satin": ("satin", "새틴"), "silk": ("silk", "실크"),
    "velvet": ("velvet", "벨벳"), "nylon": ("nylon", "나일론"), "puffer": ("puffer", "패딩"), "quilt": ("quilted", "퀼팅"), "fleece": ("fleece", "플리스"),
    "lace": ("lace", "레이스"), "mesh": ("mesh", "메시"), "tulle": ("tulle", "튤"), "chiffon": ("chiffon", "시폰"), "crochet": ("crochet", "크로셰"),
    "straw": ("straw", "스트로"), "poplin": ("poplin", "포플린"), "cotton": ("cotton", "코튼"), "jersey": ("jersey", "저지"), "sweat": ("fleeceback", "기모"), "suiting": ("", ""),
}

PATTERN_WORDS: dict[str, tuple[str, str]] = {
    "solid": ("", ""), "wash": ("washed", "워싱"), "stripes": ("striped", "스트라이프"), "wide_stripes": ("wide-striped", "와이드 스트라이프"),
    "vertical_stripes": ("striped", "스트라이프"), "awning": ("awning-striped", "어닝 스트라이프"), "pinstripe": ("pinstripe", "핀스트라이프"),
    "gingham": ("gingham", "깅엄"), "tartan": ("tartan", "타탄체크"), "buffalo": ("buffalo check", "버펄로 체크"), "madras": ("madras", "마드라스"),
    "glen": ("glen check", "글렌체크"), "houndstooth": ("houndstooth", "하운드투스"), "herringbone": ("herringbone", "헤링본"), "argyle": ("argyle", "아가일"),
    "dots": ("polka-dot", "도트"), "checkers": ("checkerboard", "체커보드"), "chevron": ("chevron", "셰브런"), "circles": ("circle-print", "서클 프린트"),
    "waves": ("wave-print", "웨이브 프린트"), "camouflage": ("camouflage", "카무플라주"), "tie_dye": ("tie-dye", "타이다이"), "ombre": ("ombré", "옴브레"),
    "snake": ("snake-print", "스네이크"), "zebra": ("zebra", "지브라"), "granny": ("granny-square", "그래니 스퀘어"), "patchwork": ("patchwork", "패치워크"),
    "halves": ("two-tone", "투톤"), "blocks": ("colour-block", "컬러 블록"), "slanted": ("diagonal-block", "사선 블록"),
    "@blossom": ("floral", "플로럴"), "@rose": ("rose-print", "로즈 프린트"), "@daisy": ("daisy-print", "데이지"), "@hibiscus": ("hibiscus", "히비스커스"),
    "@palm": ("palm-leaf", "팜리프"), "@paisley": ("paisley", "페이즐리"), "@leopard": ("leopard", "레오파드"), "@heart": ("heart-print", "하트"),
    "@star": ("star-print", "스타"), "@cherry": ("cherry-print", "체리"), "@smiley": ("smiley-print", "스마일"), "@cat": ("cat-print", "고양이"),
    "@skull": ("skull-print", "스컬"), "@bolt": ("lightning-print", "번개"), "@crane": ("crane-print", "학"), "@cloud": ("cloud-pattern", "구름무늬"),
    "@splash": ("paint-splash", "페인트"), "@flower_power": ("flower-power", "플라워 파워"), "@gem": ("confetti", "콘페티"),
}

GRAPHIC_WORDS: dict[str, tuple[str, str]] = {
    "number": ("number", "넘버링"), "letters": ("lettering", "레터링"), "box_logo": ("box-logo", "박스 로고"), "monogram": ("monogram", "이니셜"),
    "spray": ("graffiti", "그래피티"), "crest": ("crest", "크레스트"), "sunset": ("sunset", "선셋"), "cat": ("cat", "고양이"), "heart": ("heart", "하트"),
    "smiley": ("smiley", "스마일"), "cherry": ("cherry", "체리"), "skull": ("skull", "스컬"), "bolt": ("lightning", "번개"), "star": ("star", "스타"),
    "crane": ("crane", "학"), "flower_power": ("flower", "플라워"), "daisy": ("daisy", "데이지"), "rose": ("rose", "로즈"),
}
