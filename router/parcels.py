"""Numbers of parcels and of Amazon's orders, whose shape proves them without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import Found
from router.normal import Normal

_LANDS = (
    "ad ae af ag ai al am an ao ar at au aw az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by"
    " bz ca cd cf cg ch ci cl cm cn co cr cu cv cw cy cz de dj dk dm do dz ec ee eg er es et fi fj"
    " fo fr ga gb gd ge gg gh gi gl gm gn gq gr gt gw gy hk hn hr ht hu id ie il in iq ir is it je"
    " jm jo jp ke kg kh ki km kn kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mk ml"
    " mm mn mo mr mt mu mv mw mx my mz na nc ne ng ni nl no np nr nz om pa pe pf pg ph pk pl pr ps"
    " pt py qa ro rs ru rw sa sb sc sd se sg si sk sl sm sn so sr st sv sy sz td tg th tj tl tm tn"
    " to tr tt tw tz ua ug us uy uz va vc ve vg vn vu ws ye za zm zw"
)
_SHAPES = re.compile(
    r"(?<![a-z0-9])(?<![a-z0-9][\-/.])(?:"
    rf"[a-hlmp-vxyz][a-z](?: ?\d){{9}} ?(?:{'|'.join(_LANDS.split())})"  # UPU S10
    r"|1z(?: ?[0-9a-z]){8}(?: ?\d){8}"  # UPS
    r"|j?jd(?: ?\d){16,20}"  # DHL, Yodel: ANSI MH10.8.2, data identifier J
    r"|tba\d{12}"  # Amazon Logistics
    r"|(?:\(00\) ?)?0 ?0 ?3 ?4 ?0 ?4 ?3 ?4(?: ?\d){12}"  # SSCC of Deutsche Post
    r"|\d{3}-\d{7}-\d{7}"  # orders of Amazon
    r")(?![a-z0-9]|[\-/.][a-z0-9])"
)
"""Check digits are not asked for: people mistype, and the shape says enough."""


def parcels(normal: Normal) -> Iterator[Found]:
    """Items in the mail of every country (Universal Postal Union, standard S10: two letters, nine
    digits, country) and those of big carriers. Letters with spaces between are capitals: else
    they are words."""
    for match in _SHAPES.finditer(normal.text):
        raw = normal.quote(*match.span())
        if " " not in match[0] or raw == raw.upper():
            yield *match.span(), DataClass.ORDER_NUMBER
