"""What each style group is about, in plain sentences of two languages; shown on its page.

Pure Python, beside ``styles.taxonomy``. What the clothes look like, where the
look comes from and what to look for, without promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from styles.languages import is_korean


@dataclass(frozen=True)
class Story:
    """A style group in a few sentences; ``text`` is in the language of the request."""

    en: str
    ko: str

    @property
    def text(self) -> str:
        """The sentences in the active language: Korean for ``ko``, else English."""
        return self.ko if is_korean() else self.en


STORIES: Mapping[str, Story] = {
    "traditional": Story(
        en="Clothes that were right twenty years ago and will be right in twenty more. "
        "Classic is the trench coat, the tailored jacket, the plain knit; preppy adds the school "
        "crest, the checked skirt and the knitted vest. "
        "Look for navy, camel and grey, and for cloth that holds its shape.",
        ko="이십 년 전에도 좋았고 이십 년 뒤에도 좋을 옷들입니다. "
        "클래식은 트렌치코트와 테일러드 재킷, 무늬 없는 니트이고, 프레피는 여기에 엠블럼과 체크 "
        "스커트, 니트 조끼를 더합니다. "
        "네이비와 카멜, 그레이, 그리고 형태가 잘 잡히는 원단을 눈여겨보세요.",
    ),
    "mannish": Story(
        en="Menswear, borrowed and kept. "
        "Wide shoulders, straight trousers, crisp shirts and ties make the mannish look; tomboy "
        "wears it looser, with overalls and sneakers. "
        "The lines are straight and the colours quiet.",
        ko="남성복에서 빌려 와 내 것으로 만든 스타일입니다. "
        "넓은 어깨와 일자 바지, 빳빳한 셔츠와 타이가 매니시의 기본이고, 톰보이는 멜빵바지와 "
        "운동화로 더 느슨하게 입습니다. "
        "선은 곧고 색은 차분합니다.",
    ),
    "feminine": Story(
        en="Soft lines, fine fabrics and a waist you can see. "
        "Feminine is the blouse with a bow, romantic brings lace, frills and flowers, and sexy "
        "shows a shoulder or a leg and fits closely. "
        "Expect pink, cream and red, and cloth that moves.",
        ko="부드러운 선과 고운 원단, 살아 있는 허리선이 특징입니다. "
        "페미닌은 리본 블라우스, 로맨틱은 레이스와 프릴과 꽃무늬, 섹시는 몸에 꼭 맞으면서 어깨나 "
        "다리를 드러내는 옷입니다. "
        "핑크와 크림, 레드, 그리고 움직임을 따라 흐르는 원단이 많습니다.",
    ),
    "ethnic": Story(
        en="Patterns and cuts that carry a place with them. "
        "Hippie loves embroidery, fringes and long skirts, western the denim shirt and the suede "
        "boot, oriental the stand-up collar and the knotted button. "
        "One such piece is often enough; let the rest stay plain.",
        ko="무늬와 재단에 한 고장의 이야기가 담긴 옷입니다. "
        "히피는 자수와 프린지와 긴 치마를, 웨스턴은 데님 셔츠와 스웨이드 부츠를, 오리엔탈은 "
        "차이나 칼라와 매듭단추를 즐깁니다. "
        "한 벌이면 충분할 때가 많으니 나머지는 담백하게 두어 보세요.",
    ),
    "contemporary": Story(
        en="The wardrobe of a large city, now. "
        "Modern leaves out whatever is not needed, sophisticated adds good cloth and a little "
        "shine, and avant-garde cuts where nobody expected it. "
        "Black and white lead; the shape does the talking.",
        ko="지금, 대도시의 옷장입니다. "
        "모던은 필요 없는 것을 덜어 내고, 소피스트케이티드는 좋은 소재와 약간의 광택을 더하고, "
        "아방가르드는 뜻밖의 곳을 자릅니다. "
        "검정과 흰색이 앞장서고, 말은 실루엣이 합니다.",
    ),
    "natural": Story(
        en="Clothes for air, light and time off. "
        "Country keeps to linen, checks and knits in the colours of fields; resort goes to the "
        "sea, with wide trousers, long dresses and prints of leaves. "
        "Nothing pinches, and most of it may crease.",
        ko="바람과 햇빛, 쉬는 날을 위한 옷입니다. "
        "컨트리는 들판 빛깔의 리넨과 체크, 니트를 고르고, 리조트는 통 넓은 바지와 긴 원피스, "
        "잎사귀 무늬로 바다에 갑니다. "
        "조이는 데가 없고, 조금 구겨져도 괜찮습니다.",
    ),
    "genderfluid": Story(
        en="Clothes that do not ask who wears them. "
        "Straight cuts, one size more than usual and few ornaments: shirts, coats and trousers "
        "that hang on a common rail. "
        "Sizes matter more than sections here.",
        ko="누가 입는지 묻지 않는 옷입니다. "
        "곧은 재단에 한 치수 넉넉하고 장식이 적어, 셔츠와 코트와 바지가 모두 한 옷걸이에 "
        "걸립니다. "
        "여기서는 코너보다 치수가 중요합니다.",
    ),
    "sporty": Story(
        en="Made for moving, worn all day. "
        "Track suits, leggings, polo shirts, running shoes and caps, with stripes and logos that "
        "say where they come from. "
        "The fabrics stretch, dry quickly and want no ironing.",
        ko="움직이려고 만들어 하루 종일 입는 옷입니다. "
        "트랙 슈트와 레깅스, 폴로셔츠, 러닝화와 모자에 줄무늬와 로고가 출신을 말해 줍니다. "
        "원단은 잘 늘어나고 빨리 마르며 다림질이 필요 없습니다.",
    ),
    "subculture": Story(
        en="Looks that began with music, a scene or a joke. "
        "Retro brings a decade back, kitsch piles colours and cartoons high, hip-hop wears it "
        "large, and punk adds studs, checks and tears. "
        "Made to be noticed, and to be mixed.",
        ko="음악과 거리, 농담에서 시작된 스타일입니다. "
        "레트로는 지나간 시절을 다시 부르고, 키치는 색과 만화를 잔뜩 쌓고, 힙합은 크게 입고, "
        "펑크는 징과 체크와 찢어진 자국을 더합니다. "
        "눈에 띄라고, 그리고 섞어 입으라고 있는 옷입니다.",
    ),
    "casual": Story(
        en="What most people wear on most days. "
        "Street is the T-shirt, the hoodie, the jeans and the sneaker; military adds olive, "
        "camouflage, large pockets and strong boots. "
        "It goes with nearly everything else in the shop.",
        ko="많은 사람이 많은 날에 입는 옷입니다. "
        "스트리트는 티셔츠와 후드, 청바지와 스니커즈이고, 밀리터리는 카키와 카무플라주, 큰 "
        "주머니와 튼튼한 부츠를 더합니다. "
        "이 가게의 거의 모든 옷과 잘 어울립니다.",
    ),
    "other": Story(
        en="Pieces that belong to none of the ten groups: festive dress, uniforms, costumes, and "
        "whatever nobody has found a word for yet. "
        "Every taxonomy needs such a drawer.",
        ko="열 가지 그룹 어디에도 들지 않는 옷입니다. 예복과 제복, 무대 의상, 그리고 아직 이름이 "
        "없는 것들이 있습니다. "
        "어떤 분류에나 이런 서랍이 하나쯤은 필요합니다.",
    ),
}
