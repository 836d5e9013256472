"""Base cuts that the looks vary.

Fitted to oversized tops, tailoring, bodices. All looks modules use them.
"""

from kfashion_site.sample_catalogue.cuts import Top

FITTED = Top(shoulder=103, chest=97, waist=86, hem=97, waist_y=330, length=430)
CROPPED = Top(shoulder=103, chest=97, waist=90, hem=92, waist_y=300, length=342)
REGULAR = Top(shoulder=114, chest=108, waist=105, hem=110, waist_y=340, length=452)
BOXY = Top(
    shoulder=127, chest=119, waist=121, hem=121, waist_y=340, length=440, sleeve="wide_short"
)
OVERSIZED = Top(
    shoulder=137, chest=129, waist=133, hem=130, waist_y=340, length=468, sleeve="loose"
)
SHIRT = Top(
    neck="crew",
    collar="shirt",
    closure="buttons",
    sleeve="long",
    cuff="shirt",
    hem_shape="shirt",
    shoulder=112,
    chest=107,
    waist=102,
    hem=108,
    waist_y=345,
    length=472,
)
BLAZER = Top(
    neck="jacket",
    collar="notch",
    closure="jacket",
    pockets="flaps",
    sleeve="long",
    hem_shape="round",
    shoulder=116,
    chest=109,
    waist=99,
    hem=113,
    waist_y=340,
    length=482,
)
COAT = Top(
    neck="jacket",
    collar="notch",
    closure="jacket",
    pockets="welts",
    sleeve="long",
    shoulder=120,
    chest=113,
    waist=109,
    hem=134,
    waist_y=350,
    length=612,
)
KNIT = Top(
    sleeve="long",
    cuff="rib",
    hem_shape="rib",
    rib=True,
    shoulder=114,
    chest=110,
    waist=107,
    hem=104,
    waist_y=345,
    length=442,
)
HOODIE = Top(
    collar="hood",
    sleeve="loose",
    cuff="rib",
    hem_shape="rib",
    pockets="kangaroo",
    shoulder=130,
    chest=122,
    waist=124,
    hem=118,
    waist_y=345,
    length=462,
)
BODICE = Top(
    shoulder=99, chest=93, waist=80, hem=75, waist_y=274, length=300, sleeve="none", neck="scoop"
)
CAMISOLE = Top(
    neck="sweetheart",
    sleeve="strap",
    shoulder=96,
    chest=92,
    waist=82,
    hem=92,
    waist_y=310,
    length=370,
)
