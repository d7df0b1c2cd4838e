"""`catalog/icons`: pictures of interface icons and their names ("bookmark music outline").

Glyphs of seven open icon fonts, drawn in black on white at 48x48 pixels; the caption is the glyph's name with
spaces for hyphens. Names are made of parts, so a model can name a picture it has not seen.

Split: 80/10/10 by the SHA-256 of the base name: the name's words without words of style ("outline", "bold"), added
badges ("plus", "off", "check") and the value of numbers, in alphabetical order. `account`, `account-outline` and
`account-plus` share a base, in whichever font they occur. Names that draw the same picture share a split too
("exit to app", "login variant"). Of the test captions 81% consist of words that occur in training.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator

from datasets import Dataset, Features, Image, Value
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel, by_split, families, split_of

SIZE = 48
"""Width and height of a picture in pixels."""

_FONTS = {
    "materialdesignicons6-webfont": "6.9.96",
    "phosphor": "1.3.0",
    "remixicon": "2.5.0",
    "fontawesome6-solid-webfont": "6.7.2",
    "fontawesome6-regular-webfont": "6.7.2",
    "codicon": "0.0.36",
    "elusiveicons-webfont": "2.0",
}
_GLYPH = 40  # pixels that an em takes up; the rest is margin
_STYLE = re.compile(r"alt|bold|duotone|fill|filled|light|line|o|outline|regular|simple|solid|thick|thin|variant")
_BADGE = re.compile(
    r"add|alert|cancel|check|clock|cog|edit|exclamation|heart|info|lock|marker|minus|multiple|off|on|plus|question|"
    r"refresh|remove|search|settings|sign|slash|star|sync|x|xmark"
)
_FEATURES = Features({"image": Image(), "caption": Value("string")})


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    names: list[str] = []
    pictures: list[bytes] = []
    for font, version in _FONTS.items():
        for name, picture in _glyphs(archive, font, version):
            names.append(name)
            pictures.append(picture)
    columns: dict[str, list] = {
        "image": [{"bytes": picture, "path": None} for picture in pictures],
        "caption": [name.replace("-", " ").lower() for name in names],
    }
    splits = (split_of(family) for family in families([base_name(name) for name in names], pictures))
    return by_split(splits, columns, _FEATURES)


def _glyphs(archive: zipfile.ZipFile, name: str, version: str) -> Iterator[tuple[str, bytes]]:
    """Names and PNG files of a font's glyphs, blank ones left out."""
    characters = json.loads(archive.read(f"qtawesome/fonts/{name}-charmap-{version}.json"))
    file = io.BytesIO(archive.read(f"qtawesome/fonts/{name}-{version}.ttf"))
    font = ImageFont.truetype(file, _GLYPH, layout_engine=ImageFont.Layout.BASIC)
    for glyph, code in characters.items():
        picture = draw(chr(int(code, 16)), font)
        if picture.getextrema() != (255, 255):
            png = io.BytesIO()
            picture.save(png, format="PNG")
            yield glyph, png.getvalue()


def draw(character: str, font: ImageFont.FreeTypeFont) -> Picture.Image:
    """A glyph in the middle of a white square; glyphs wider than the square are drawn smaller."""
    left, top, right, bottom = font.getbbox(character)
    extent = max(right - left, bottom - top)
    if extent > SIZE:
        font = font.font_variant(size=int(font.size * SIZE / extent))
        left, top, right, bottom = font.getbbox(character)
    picture = Picture.new("L", (SIZE, SIZE), 255)
    corner = ((SIZE - left - right) // 2, (SIZE - top - bottom) // 2)
    ImageDraw.Draw(picture).text(corner, character, font=font, fill=0)
    return picture


def base_name(name: str) -> str:
    """What an icon's variants have in common: `account-plus-outline` -> `account`, `battery-20` -> `# battery`."""
    words = re.sub(r"\d+", "#", name.lower()).split("-")
    kept = [word for word in words if not _STYLE.fullmatch(word) and not _BADGE.fullmatch(word)]
    return " ".join(sorted(kept or words[:1]))


ICONS = CatalogSet(
    name="icons",
    title="Icons of QtAwesome",
    description="pictures of interface icons, 48x48, and their names",
    wheel=Wheel(
        package="qtawesome",
        version="1.4.2",
        sha256="dbf08524428fa2df73918ce362153254cd44f089380576d84bfaad8f40eece45",
        megabytes=2.6,
    ),
    licence="package and Phosphor MIT; Material Design Icons and Remix Icon Apache-2.0; Font Awesome and Elusive Icons "
    "OFL; Codicons CC-BY-4.0",
    citation="The Spyder Development Team and QtAwesome Contributors. QtAwesome 1.4.2.",
    homepage="https://github.com/spyder-ide/qtawesome",
    columns=("image", "caption"),
    rows=_rows,
)
