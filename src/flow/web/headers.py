"""The security headers of every answer: what browsers may do with our pages, and other sites with our answers.

An answer that already has one of them keeps its own: the tracker and what else other sites load says `cross-origin`.
"""

from __future__ import annotations

# Nothing is allowed but what is named: scripts, styles, fonts and data of this site alone, none of them inline.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_UNUSED_FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # what frame-ancestors says, for what does not know it
    "referrer-policy": "same-origin",  # addresses of pages hold signed links
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "x-permitted-cross-domain-policies": "none",
    "cache-control": "private, no-cache",
}
_A_YEAR = 31_536_000


def security_headers(*, https: bool) -> tuple[tuple[bytes, bytes], ...]:
    """The headers, as ASGI has them; with HTTPS browsers are told to come by it alone, for a year."""
    policy, headers = CONTENT_SECURITY_POLICY, dict(_HEADERS)
    if https:
        policy += "; upgrade-insecure-requests"
        headers["strict-transport-security"] = f"max-age={_A_YEAR}; includeSubDomains"
    headers["content-security-policy"] = policy
    return tuple((name.encode(), value.encode()) for name, value in headers.items())
