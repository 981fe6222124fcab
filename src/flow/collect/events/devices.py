"""Device, browser and operating system of a visit, from its user agent.

The names are those of ua-parser's rules, which come with the library and are looked up offline. Two limits are the
browsers' own: an iPad that asks for desktop pages calls itself a Mac, and Chrome on Android no longer tells the model.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import ua_parser

__all__ = ["Device", "DeviceType", "parse"]

DeviceType = Literal["desktop", "mobile", "tablet", "other"]

_LONGEST: Final = 1024
"""Real ones have up to 500 characters; the rest of a longer one is ignored."""

_DESKTOPS: Final = frozenset({"Windows", "Mac OS X", "Linux", "Chrome OS", "FreeBSD", "OpenBSD", "NetBSD", "Solaris"})
_PHONES: Final = frozenset({"Windows Phone", "BlackBerry OS", "Symbian OS", "KaiOS", "Firefox OS", "Bada", "MeeGo"})
_TABLET: Final = re.compile(r"iPad|Tablet(?! PC)|\bTab\b|Kindle|Silk/(?!.*\bMobile\b)|PlayBook")
_PHONE: Final = re.compile(r"\bMobi|iPhone|iPod|Opera Mini|MIDP")
_LINUX_DESKTOP: Final = re.compile(r"X11|Wayland")
_NEITHER: Final = re.compile(r"TV\b|BRAVIA|\bAFT|CrKey|Roku|PlayStation|Xbox|Nintendo|Watch OS|QtCarBrowser")

_resolver: Final = ua_parser.BestAvailableResolver(ua_parser.load_lazy_builtins())


@dataclass(frozen=True, slots=True)
class Device:
    """`browser` and `os` are "Other" when unknown; `browser_version` is the major one, such as "142"."""

    device_type: DeviceType
    browser: str
    browser_version: str | None
    os: str


def parse(user_agent: str) -> Device:
    """What `user_agent` says of the visitor's device; never raises."""
    return _parse(user_agent[:_LONGEST])


@lru_cache(maxsize=4096)
def _parse(user_agent: str) -> Device:
    found = _resolver(user_agent, ua_parser.Domain.USER_AGENT | ua_parser.Domain.OS)
    browser, os = found.user_agent, found.os
    family = os.family if os else "Other"
    return Device(
        device_type=_device_type(user_agent, family),
        browser=browser.family if browser else "Other",
        browser_version=browser.major if browser else None,
        os=family,
    )


def _device_type(user_agent: str, os: str) -> DeviceType:
    """By the words that platforms use for it; Android says "Mobile" on phones and leaves it out on tablets."""
    if _NEITHER.search(user_agent):
        return "other"
    if _TABLET.search(user_agent):
        return "tablet"
    if os in _PHONES or _PHONE.search(user_agent):
        return "mobile"
    if os == "Android":
        return "tablet"
    return "desktop" if os in _DESKTOPS or _LINUX_DESKTOP.search(user_agent) else "other"
