"""Draws the sample year's photos: synthetic pictures, each marked 「示意圖」, the same every time.

    .venv/bin/python tools/make_sample_photos.py

Reads which photos the content names and draws a motif that fits the caption. Needs a CJK font
(Debian's fonts-noto-cjk or fonts-cns11643-kai).
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CONTENT = Path(__file__).resolve().parent.parent / "workbooks" / "sample-114" / "content"
SIZE = WIDTH, HEIGHT = 1000, 750
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/cns11643/TW-Kai-98_1.ttf",
)
INK, BLUE, GREEN, ORANGE, SAND = "#22313f", "#2b6ca3", "#4a8f5c", "#d9822b", "#d8c9a8"
SKINS = ("#e8b98f", "#d9a273", "#c68c5e", "#f0c9a4")
SHIRTS = ("#3d6fa5", "#b5493c", "#4f8a5b", "#8a6fae", "#d39c3f", "#54707f")


def font(size: int) -> ImageFont.FreeTypeFont:
    """A CJK font of that size in pixels. Raises SystemExit when none is installed."""
    for path in FONTS:
        if Path(path).is_file():
            return ImageFont.truetype(path, size)
    raise SystemExit("no CJK font: install fonts-noto-cjk")


class Picture:
    """A canvas, its dice (the same for the same name), and the words to show."""

    def __init__(self, name: str, caption: str, title: str) -> None:
        self.image = Image.new("RGB", SIZE, "#f5f7f9")
        self.draw = ImageDraw.Draw(self.image)
        self.dice = random.Random(name)
        self.caption, self.title = caption, title

    def sky(self, horizon: int, low: str = "#e7eff5") -> None:
        """A sky that pales towards the horizon."""
        top, end = (120, 170, 215), tuple(int(low[i : i + 2], 16) for i in (1, 3, 5))
        for y in range(horizon):
            part = y / horizon
            shade = tuple(int(a + (b - a) * part) for a, b in zip(top, end, strict=True))
            self.draw.line([(0, y), (WIDTH, y)], fill=shade)

    def hills(self, horizon: int) -> None:
        """Two ranges of hills."""
        for color, height in (("#8fae9b", 150), ("#6d9479", 90)):
            points = [(0, horizon)]
            points.extend(
                (x, horizon - self.dice.randint(height // 3, height))
                for x in range(0, WIDTH + 100, 100)
            )
            self.draw.polygon([*points, (WIDTH, horizon)], fill=color)

    def panel(self, x: int, y: int, w: int, h: int, slant: int) -> None:
        """A solar panel lying on a roof."""
        corners = [(x, y + h), (x + slant, y), (x + w + slant, y), (x + w, y + h)]
        self.draw.polygon(corners, fill="#1f3f66", outline="#dfe8f0")
        for i in range(1, 6):
            left = x + w * i / 6
            self.draw.line([(left, y + h), (left + slant, y)], fill="#5d82ab")
        for i in range(1, 3):
            at = y + h * i / 3
            shift = slant * (1 - i / 3)
            self.draw.line([(x + shift, at), (x + w + shift, at)], fill="#5d82ab")

    def person(self, x: int, y: int, size: float) -> None:
        """A person from the waist up; (x, y) is the chin."""
        skin, shirt = self.dice.choice(SKINS), self.dice.choice(SHIRTS)
        head, body = 26 * size, 52 * size
        box = [x - body, y + 4, x + body, y + 3.2 * body]
        self.draw.rounded_rectangle(box, body * 0.7, fill=shirt)
        self.draw.ellipse([x - head, y - 2 * head, x + head, y + 0.3 * head], fill=skin)
        hair = [x - head, y - 2.1 * head, x + head, y - 0.2 * head]
        self.draw.pieslice(hair, 180, 360, fill=self.dice.choice(("#2a211d", "#4a3a30", "#8d8d8d")))

    def text(self, x: float, y: float, words: str, size: int, color: str = INK) -> None:
        """Words with their middle at (x, y)."""
        self.draw.text((x, y), words, font=font(size), fill=color, anchor="mm")


def chart(p: Picture) -> None:
    """Bars by month, falling where the caption speaks of days or calls, else rising."""
    values = [40 + 9 * i + p.dice.randint(-9, 9) for i in range(8)]
    if any(word in p.caption for word in ("日數", "客服")):
        values.reverse()
    _bars(p, [(f"{i + 4}月", value) for i, value in enumerate(values)])


def places_chart(p: Picture) -> None:
    """Bars by place."""
    _bars(p, [(f"{name}處", p.dice.randint(45, 115)) for name in "甲乙丙丁戊"])


def _bars(p: Picture, bars: list[tuple[str, int]]) -> None:
    p.text(WIDTH / 2, 60, p.caption, 36)
    base, left, step = 640, 130, 784 / len(bars)
    for i in range(5):
        y = base - i * 120
        p.draw.line([(left, y), (930, y)], fill="#c9d3dc", width=2)
    for i, (label, value) in enumerate(bars):
        x = left + 30 + i * step
        color = BLUE if i < len(bars) - 1 else ORANGE
        p.draw.rectangle([x, base - value * 4.4, x + 62, base], fill=color)
        p.text(x + 31, base + 32, label, 26)


def screen(p: Picture) -> None:
    """A web page on a monitor: a search field, a list of steps, a side chart."""
    _monitor(p)
    p.draw.rounded_rectangle([130, 170, 640, 216], 8, outline="#8fa3b5", width=3)
    p.draw.rounded_rectangle([660, 170, 780, 216], 8, fill=ORANGE)
    p.text(720, 193, "查詢", 26, "#ffffff")
    for i, step in enumerate(("受理", "審查", "會勘", "完成")):
        x = 190 + i * 190
        done = i < 3
        p.draw.line([(x, 290), (min(x + 190, 760), 290)], fill="#b6c4d0", width=6)
        p.draw.ellipse([x - 22, 268, x + 22, 312], fill=GREEN if done else "#b6c4d0")
        p.text(x, 345, step, 26)
    for row in range(5):
        y = 400 + row * 42
        p.draw.rectangle([130, y, 130 + p.dice.randint(240, 470), y + 16], fill="#dbe3ea")
        p.draw.rectangle([700, y, 700 + p.dice.randint(40, 160), y + 22], fill="#9cc0dc")


def underground(p: Picture) -> None:
    """On a monitor, a section through the ground: layers, a fault, wells, warmer below."""
    _monitor(p)
    layers = ("#e6dcc0", "#e3c294", "#d99c66", "#c9713f", "#a8432f")
    edges = [
        [(92 + x * 68, 210 + i * 78 + p.dice.randint(-14, 14)) for x in range(13)] for i in range(5)
    ]
    for edge, color in zip(edges, layers, strict=True):
        p.draw.polygon([*edge, (908, 618), (92, 618)], fill=color)
    p.draw.line([(560, 200), (660, 618)], fill=INK, width=5)
    for x, deep in ((210, 430), (370, 520), (480, 360), (770, 560)):
        p.draw.line([(x, 196), (x, deep)], fill=BLUE, width=8)
        p.draw.ellipse([x - 12, 184, x + 12, 208], fill=BLUE)
    for i, words in enumerate(("60℃", "100℃", "150℃")):
        p.text(850, 330 + i * 100, words, 26, "#ffffff")


def diagnosis(p: Picture) -> None:
    """On a monitor, what could be saved by kind of advice."""
    _monitor(p)
    p.text(500, 185, "可節省電費", 32)
    for i, words in enumerate(("契約容量", "功率因數", "離峰移轉", "設備效率")):
        y, long = 250 + i * 86, p.dice.randint(180, 500)
        p.text(190, y + 24, words, 28)
        p.draw.rectangle([270, y, 850, y + 48], fill="#eef2f5")
        p.draw.rectangle([270, y, 270 + long, y + 48], fill=GREEN if i % 2 else BLUE)


def login(p: Picture) -> None:
    """On a monitor, one sign-in beside the nine services that it opens."""
    _monitor(p)
    for y, words in ((200, "帳號"), (300, "密碼")):
        p.text(170, y + 24, words, 28)
        p.draw.rounded_rectangle([220, y, 480, y + 50], 8, outline="#8fa3b5", width=3)
    p.draw.rounded_rectangle([220, 410, 480, 470], 8, fill=ORANGE)
    p.text(350, 440, "登入", 30, "#ffffff")
    for i in range(9):
        x, y = 540 + i % 3 * 118, 190 + i // 3 * 130
        p.draw.rounded_rectangle([x, y, x + 98, y + 104], 12, fill=(BLUE, GREEN, "#8a6fae")[i % 3])
        p.draw.ellipse([x + 31, y + 22, x + 67, y + 58], fill="#ffffff")
        p.draw.rectangle([x + 20, y + 76, x + 78, y + 84], fill="#ffffff")


def _monitor(p: Picture) -> None:
    p.image.paste("#c8d2da", (0, 0, *SIZE))
    p.draw.rounded_rectangle([70, 50, 930, 640], 18, fill="#20262c")
    p.draw.rectangle([92, 72, 908, 618], fill="#ffffff")
    p.draw.polygon([(430, 640), (570, 640), (600, 715), (400, 715)], fill="#20262c")
    p.draw.rectangle([92, 72, 908, 138], fill=BLUE)
    p.text(500, 105, p.title[:20], 30, "#ffffff")


def map_view(p: Picture) -> None:
    """A map with stations of three colours."""
    p.image.paste("#cfe3ee", (0, 0, *SIZE))
    coast = [
        (300, 80),
        (480, 60),
        (640, 150),
        (700, 330),
        (620, 560),
        (500, 690),
        (420, 520),
        (330, 350),
    ]
    p.draw.polygon(coast, fill="#e9e3cf", outline="#9fae9d")
    for _ in range(46):
        x, y = p.dice.randint(360, 620), p.dice.randint(120, 600)
        p.draw.ellipse(
            [x - 9, y - 9, x + 9, y + 9], fill=p.dice.choice((GREEN, GREEN, ORANGE, "#b5493c"))
        )
    for i, (color, word) in enumerate(((GREEN, "符合"), (ORANGE, "改善中"), ("#b5493c", "逾期"))):
        p.draw.ellipse([760, 120 + i * 56, 786, 146 + i * 56], fill=color)
        p.text(850, 133 + i * 56, word, 28)


def roof(p: Picture) -> None:
    """Solar panels on a house before hills."""
    p.sky(430)
    p.hills(430)
    p.draw.rectangle([0, 430, WIDTH, HEIGHT], fill="#a9c28f")
    p.draw.rectangle([180, 430, 820, 690], fill="#efe4d2")
    p.draw.polygon([(120, 440), (260, 260), (900, 260), (860, 440)], fill="#8c5a45")
    for row in range(2):
        for col in range(4):
            p.panel(190 + col * 155 + row * -32, 285 + row * 74, 130, 58, 40)
    for x in (260, 480, 680):
        p.draw.rectangle([x, 510, x + 90, 600], fill="#a9c7d8", outline="#6f5a4a", width=5)


def field(p: Picture) -> None:
    """A field of panels with a drone above."""
    p.sky(320)
    p.hills(320)
    p.draw.rectangle([0, 320, WIDTH, HEIGHT], fill="#9db57f")
    for row in range(5):
        for col in range(5):
            p.panel(20 + col * 210 - row * 16, 350 + row * 78, 170, 44 + row * 5, 44)
    p.draw.rounded_rectangle([440, 130, 540, 165], 12, fill="#30363c")
    for x in (400, 580):
        p.draw.line([(490, 145), (x, 122)], fill="#30363c", width=6)
        p.draw.ellipse([x - 52, 112, x + 52, 126], fill="#7b8790")


def counter(p: Picture) -> None:
    """A service counter, staff behind it and visitors before it."""
    p.image.paste("#eef1ee", (0, 0, *SIZE))
    p.draw.rectangle([0, 0, WIDTH, 120], fill=BLUE)
    p.text(500, 62, "服務櫃檯", 50, "#ffffff")
    for x in (230, 500, 770):
        p.person(x, 300, 1.2)
    p.draw.rectangle([60, 400, 940, 560], fill="#c59b6d")
    p.draw.rectangle([60, 400, 940, 424], fill="#a77d52")
    for x in (340, 640):
        p.person(x, 560, 1.5)


def gathering(p: Picture) -> None:
    """People in rows before a screen."""
    p.image.paste("#e9e4da", (0, 0, *SIZE))
    p.draw.rectangle([200, 40, 800, 300], fill="#ffffff", outline="#7a7266", width=6)
    p.text(500, 130, p.title[:14], 40)
    for i in range(3):
        p.draw.rectangle(
            [280, 190 + i * 30, 280 + p.dice.randint(240, 420), 202 + i * 30], fill="#c9d3dc"
        )
    for row in range(3):
        count = 6 - row
        for i in range(count):
            x = 90 + (i + 0.5) * (WIDTH - 180) / count + p.dice.randint(-12, 12)
            p.person(int(x), 400 + row * 125, 0.95 + row * 0.28)


def visit(p: Picture) -> None:
    """Two or three people at work in a room or yard."""
    p.image.paste("#dfe9e4", (0, 0, *SIZE))
    p.draw.rectangle([0, 520, WIDTH, HEIGHT], fill=SAND)
    p.draw.rectangle([620, 150, 900, 520], fill="#f6f3ea", outline="#7a7266", width=6)
    p.draw.rounded_rectangle([680, 210, 840, 420], 16, fill="#ffffff", outline="#90a0ad", width=5)
    p.draw.ellipse([735, 250, 785, 300], fill=ORANGE)
    p.draw.rectangle([720, 330, 800, 345], fill="#90a0ad")
    for i, x in enumerate((200, 400, 560)):
        p.person(x, 330 + i * 22, 1.75)
    p.draw.rounded_rectangle([340, 480, 460, 570], 8, fill="#30363c")
    p.draw.rectangle([352, 490, 448, 560], fill="#bfe0f2")


MOTIFS: tuple[tuple[tuple[str, ...], Callable[[Picture], None]], ...] = (
    (("地圖",), map_view),
    (("剖面",), underground),
    (("診斷",), diagnosis),
    (("登入",), login),
    (("畫面", "櫥窗"), screen),
    (("每月", "各月", "次數"), chart),
    (("各部落",), places_chart),
    (("無人機",), field),
    (("櫃檯",), counter),
    (("屋頂", "光電"), roof),
    (("說明會", "訓練", "工作坊", "討論", "學生", "演練"), gathering),
    ((), visit),
)


def main() -> None:
    """Draw every photo that the content names."""
    folder = CONTENT / "photos"
    folder.mkdir(exist_ok=True)
    for path in sorted(CONTENT.glob("[01][0-9].toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        titles = {item["item"]: item["name"] for item in content["enrolment"].get("items", [])}
        for row in content.get("report", {}).get("photos", []):
            picture = Picture(row["photo"], row["caption"].split("（")[0], titles[row["of"]])
            next(
                draw
                for words, draw in MOTIFS
                if not words or any(w in row["caption"] for w in words)
            )(picture)
            picture.draw.rounded_rectangle(
                [WIDTH - 130, HEIGHT - 58, WIDTH - 14, HEIGHT - 14], 8, fill="#ffffff"
            )
            picture.text(WIDTH - 72, HEIGHT - 37, "示意圖", 28, "#5b6670")
            picture.image.save(folder / row["photo"], "JPEG", quality=80, optimize=True)


if __name__ == "__main__":
    main()
