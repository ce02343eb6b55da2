"""Pictures from outside: what is taken is upright, clean and new; everything else is refused by its reason, and no
bytes make the reader raise.

Sample files are made with Pillow, so that Qt is not held against itself.
"""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from tests.ui.fictional_pictures import voucher_front
from ui.texts import LANGUAGES, Texts
from ui.widgets.picture_headers import PNG_MARK, Kind, pixels_only, png_chunks
from ui.widgets.picture_reader import (
    KEPT_SIDE,
    LEAST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    PictureRefused,
    Problem,
    ReadPicture,
    encoded,
    read_picture,
    read_picture_file,
)

FORMATS = ("PNG", "JPEG", "BMP", "TIFF")
RED, BLUE, GREEN, WHITE = (220, 20, 20), (20, 20, 220), (20, 160, 20), (255, 255, 255)


def quarters(wide: int = 96, tall: int = 64, mode: str = "RGB") -> Image.Image:
    """Red top left, blue top right, green bottom left, white bottom right: any turn or mirror shows."""
    image = Image.new("RGB", (wide, tall), WHITE)
    for colour, left, top in ((RED, 0, 0), (BLUE, wide // 2, 0), (GREEN, 0, tall // 2)):
        image.paste(colour, (left, top, left + wide // 2, top + tall // 2))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def read(data: bytes) -> ReadPicture:
    found = read_picture(data)
    assert isinstance(found, ReadPicture), found
    return found


def problem(data: bytes) -> Problem | None:
    found = read_picture(data)
    return found.problem if isinstance(found, PictureRefused) else None


def corners(one: ReadPicture) -> list[tuple[int, int, int]]:
    """The colours in the middle of the four quarters, from the stored PNG, read by Pillow."""
    image = Image.open(io.BytesIO(one.png)).convert("RGB")
    wide, tall = image.size
    places = ((wide // 4, tall // 4), (wide * 3 // 4, tall // 4), (wide // 4, tall * 3 // 4))
    return [image.getpixel((x, y)) for x, y in places]  # type: ignore[misc]


def like(found: list[tuple[int, int, int]], expected: tuple[tuple[int, int, int], ...]) -> bool:
    return all(
        abs(a - b) < 40
        for one, two in zip(found, expected, strict=True)
        for a, b in zip(one, two, strict=True)
    )


# --- what is taken ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_of_scan_becomes_a_png(themed: object, kind: str, mode: str) -> None:
    if kind == "JPEG" and mode in ("1", "P"):
        mode = "L"
    one = read(saved(quarters(mode=mode), kind))
    assert (one.width, one.height, one.reduced) == (96, 64, False)
    assert one.png.startswith(PNG_MARK)
    assert one.sha256 == hashlib.sha256(one.png).hexdigest()
    assert (one.image().width(), one.image().height()) == (96, 64)
    if mode in ("RGB", "P"):
        assert like(corners(one), (RED, BLUE, GREEN))


ORIENTED = {
    1: (RED, BLUE, GREEN), 2: (BLUE, RED, WHITE), 3: (WHITE, GREEN, BLUE), 4: (GREEN, WHITE, RED),
    5: (RED, GREEN, BLUE), 6: (GREEN, RED, WHITE), 7: (WHITE, BLUE, GREEN), 8: (BLUE, WHITE, RED),
}  # fmt: skip
"""What stands top left, top right and bottom left once the camera's word is followed (EXIF tag 0x0112)."""


@pytest.mark.parametrize("orientation", ORIENTED)
def test_a_photo_is_stored_upright(themed: object, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    one = read(saved(quarters(), "JPEG", exif=exif, quality=95))
    assert like(corners(one), ORIENTED[orientation])
    assert (one.width, one.height) == ((96, 64) if orientation < 5 else (64, 96))


def test_nothing_but_pixels_is_kept(themed: object) -> None:
    """Place, camera, comment, text and colour profile go, from a JPEG and from a PNG."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9003] = "Secret Maker", "2026:11:24 10:00:00"
    exif.get_ifd(0x8825)[2] = (30.0, 40.0, 0.0)
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "Secret account")
    info.add_itxt("Author", "Secret Maker", zip=True)
    for data in (
        saved(quarters(), "JPEG", exif=exif, comment=b"Secret account"),
        saved(quarters(), "PNG", pnginfo=info, exif=exif, icc_profile=b"Secret profile" * 9, dpi=(301, 301)),
    ):
        assert b"Secret" in data
        png = read(data).png
        assert b"Secret" not in png
        assert {name for name, _ in png_chunks(png)} <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
        kept = Image.open(io.BytesIO(png))
        assert not kept.getexif()
        assert set(kept.info) <= {"dpi"}
        assert kept.info.get("dpi", (96, 96))[0] < 100


def test_only_pixels_reach_the_decoder(themed: object) -> None:
    """A packed text or profile is dropped unread: it may unpack into any length."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 100_000, zip=True)
    data = saved(quarters(mode="P"), "PNG", pnginfo=info, icc_profile=b"p" * 9000)
    assert {b"zTXt", b"iCCP"} <= {name for name, _ in png_chunks(data)}
    handed = pixels_only(Kind.PNG, data)
    assert {name for name, _ in png_chunks(handed)} == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_the_same_pixels_have_the_same_digest_whatever_came_with_them(themed: object) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "one")
    plain, told = saved(quarters(), "PNG"), saved(quarters(), "PNG", pnginfo=info)
    assert plain != told
    assert read(plain) == read(told) == read(saved(quarters(), "BMP"))


def test_what_is_clear_is_white(themed: object) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert like(corners(read(saved(clear, "PNG"))), (WHITE, WHITE, WHITE))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_kept_smaller_in_its_own_shape(themed: object, kind: str) -> None:
    one = read(saved(quarters(KEPT_SIDE + 1904, 500), kind))
    assert one.reduced
    assert one.width == KEPT_SIDE
    assert one.height == pytest.approx(500 * KEPT_SIDE / (KEPT_SIDE + 1904), abs=1)
    assert like(corners(one), (RED, BLUE, GREEN))


# --- what is refused ----------------------------------------------------------------------------------------


def header_only(wide: int, tall: int) -> bytes:
    """A PNG of a stated size without a single pixel."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, tall, 8, 2, 0, 0, 0))
    return PNG_MARK + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def moving_png() -> bytes:
    return saved(quarters(), "PNG", save_all=True, append_images=[quarters().rotate(180)])


def packed_bmp() -> bytes:
    plain = bytearray(saved(quarters(), "BMP"))
    plain[30:34] = struct.pack("<I", 1)
    return bytes(plain)


FOREIGN: dict[str, Callable[[], bytes]] = {
    "gif": lambda: saved(quarters(), "GIF"),
    "moving gif": lambda: saved(quarters(), "GIF", save_all=True, append_images=[quarters().rotate(180)]),
    "webp": lambda: saved(quarters(), "WEBP"),
    "ico": lambda: saved(quarters(64, 64), "ICO"),
    "tga": lambda: saved(quarters(), "TGA"),
    "ppm": lambda: saved(quarters(), "PPM"),
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="9"/></svg>',
    "xml svg": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf": lambda: b"%PDF-1.7\n1 0 obj<<>>endobj\n",
    "html": lambda: b"<html><img src=x></html>",
    "text": "存款凭条".encode,
    "xpm": lambda: b'/* XPM */ static char *x[] = {"1 1 1 1","a c #fff","a"};',
    "packed bmp": packed_bmp,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_other_files_are_refused_whatever_they_are_called(themed: object, tmp_path: Path, name: str) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(FOREIGN[name]())
    assert read_picture_file(path) == PictureRefused(Problem.FOREIGN)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: b"", PictureRefused(Problem.EMPTY)),
        (moving_png, PictureRefused(Problem.MOVING)),
        (
            lambda: saved(quarters(), "TIFF", save_all=True, append_images=[quarters().rotate(90)]),
            PictureRefused(Problem.MOVING),
        ),
        (lambda: bytes(MOST_BYTES + 1), PictureRefused(Problem.TOO_HEAVY, 25, 24)),
        (lambda: header_only(8000, 5001), PictureRefused(Problem.TOO_LARGE, 40_008_000, MOST_PIXELS)),
        (lambda: header_only(20_001, 100), PictureRefused(Problem.TOO_LARGE, 2_000_100, MOST_PIXELS)),
        (lambda: header_only(2**31 - 1, 2**31 - 1), None),
        (lambda: header_only(8000, 5000), PictureRefused(Problem.DAMAGED)),
        (lambda: saved(quarters(200, 14), "PNG"), PictureRefused(Problem.TOO_SMALL, 14, LEAST_SIDE)),
    ],
    ids=["empty", "apng", "two pages", "heavy", "pixels", "long", "huge", "no pixels", "small"],
)
def test_a_file_is_refused_by_its_reason(
    themed: object, make: Callable[[], bytes], expected: PictureRefused | None
) -> None:
    """The size is the header's: the files too large have no pixels at all, and none is asked for."""
    found = read_picture(make())
    assert isinstance(found, PictureRefused)
    assert found == expected or (expected is None and found.problem in (Problem.TOO_LARGE, Problem.DAMAGED))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_was_cut_off_is_no_picture(themed: object, kind: str) -> None:
    """At every twentieth of it: not a part of a picture with grey below."""
    data = saved(quarters(300, 200), kind)
    taken = [n for n in range(1, 20) if problem(data[: len(data) * n // 20]) is None]
    assert taken == []
    assert problem(data[:-2]) is Problem.DAMAGED


def test_a_png_with_one_wrong_byte_is_damaged(themed: object) -> None:
    data = saved(quarters(), "PNG")
    for at in range(len(PNG_MARK), len(data), 7):
        assert problem(data[:at] + bytes([data[at] ^ 0x5A]) + data[at + 1 :]) is Problem.DAMAGED, at


@pytest.mark.parametrize("kind", FORMATS)
def test_no_bytes_make_the_reader_raise(themed: object, kind: str) -> None:
    """Noise behind a real beginning, and real files with noise in them: taken or refused, the window lives on."""
    noise, data = random.Random(kind), saved(quarters(), kind)
    for _ in range(150):
        keep = noise.randrange(0, 60)
        forged = data[:keep] + noise.randbytes(noise.randrange(0, 400))
        assert problem(forged) is not None
        broken = bytearray(data)
        for _ in range(noise.randrange(1, 12)):
            broken[noise.randrange(4, len(broken))] = noise.randrange(256)
        found = read_picture(bytes(broken))
        if isinstance(found, ReadPicture):
            assert found.width * found.height <= MOST_PIXELS
            assert not found.image().isNull()


def test_a_file_too_heavy_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "heavy.png"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    def opened(self: Path) -> bytes:
        raise AssertionError("it was opened")

    monkeypatch.setattr(Path, "read_bytes", opened)
    assert read_picture_file(path) == PictureRefused(Problem.TOO_HEAVY, 25, 24)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert read_picture_file(tmp_path / "gone.png") == PictureRefused(Problem.UNREADABLE)
    assert read_picture_file(tmp_path) == PictureRefused(Problem.UNREADABLE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", Problem)
def test_every_refusal_says_what_was_found_and_what_to_do(language: str, one: Problem) -> None:
    texts = Texts(language)
    found, following = PictureRefused(one, 1234, 56).words(texts)
    assert "{" not in found + following
    assert "picture." not in found + following
    if one in (Problem.TOO_HEAVY, Problem.TOO_LARGE):
        assert "1,234" in found
        assert "56" in found
    assert following.endswith("。" if language == "zh_CN" else ".")


def test_a_picture_drawn_here_goes_through(themed: object) -> None:
    one = read(encoded(voucher_front()))
    assert (one.width, one.height) == (1720, 800)
