"""Words for the values that figures are broken down by: channels, statuses, hours, days, months."""

from __future__ import annotations

from datetime import date

from flow.analytics.metrics.types import AnswerRow, Blank, Breakdown
from flow.web.i18n import N_, Translator

_WEEK = 8
_CHANNELS = {
    "": N_("Unknown"),
    "direct": N_("Direct"),
    "organic": N_("Search"),
    "organic_search": N_("Search"),
    "paid_search": N_("Paid search"),
    "social": N_("Social media"),
    "paid_social": N_("Paid social media"),
    "email": N_("E-mail"),
    "sms": N_("SMS"),
    "referral": N_("Other websites"),
    "display": N_("Display ads"),
    "affiliate": N_("Affiliates"),
    "qr": N_("QR code"),
    "delivery_platform": N_("Delivery platforms"),
    "ai_assistant": N_("AI assistants"),
    "messenger": N_("Messengers"),
    "web": N_("Web shop"),
    "app": N_("App"),
    "instagram": N_("Instagram"),
    "facebook": N_("Facebook"),
    "phone": N_("Telephone"),
    "wolt": N_("Wolt"),
    "ai_chat": N_("AI chat"),
    "pos": N_("Till"),
}
STATUSES = {
    "pending": N_("Waiting"),
    "confirmed": N_("Confirmed"),
    "preparing": N_("In the kitchen"),
    "ready": N_("Ready"),
    "delivering": N_("On the way"),
    "completed": N_("Completed"),
    "cancelled": N_("Cancelled"),
    "refunded": N_("Refunded"),
}
_BLANKS: dict[Blank, str] = {
    "no_data_then": N_("Nothing was recorded then"),
    "partial_data_then": N_("Recording began within that period"),
    "not_kept": N_("Visits of that day are no longer kept"),
    "not_collected": N_("FLOW does not collect this yet"),
    "not_permitted": N_("Your role does not show this"),
    "mixed_currencies": N_("Your restaurants use several currencies; choose one of them"),
}


def channel(key: str, words: Translator) -> str:
    """A sales or traffic channel; one we have no word for is shown as it is."""
    return words.gettext(_CHANNELS[key]) if key in _CHANNELS else key


def status(key: str, words: Translator) -> str:
    """An order's status."""
    return words.gettext(STATUSES[key])


def blank(reason: Blank, words: Translator) -> str:
    """Why there is no figure."""
    return words.gettext(_BLANKS[reason])


def short_label(row: AnswerRow, breakdown: Breakdown, words: Translator, *, among: int = 1) -> str:
    """What stands under a bar; `among` how many there are: beyond a week, weekdays would repeat."""
    match breakdown:
        case "hour":
            return row.key
        case "day":
            day = date.fromisoformat(row.key)
            return words.weekday(day) if among <= _WEEK else words.date(day, style="short")
        case "week":
            return row.key.partition("-W")[2].lstrip("0")
        case "month":
            return words.month(date.fromisoformat(f"{row.key}-01")).partition(" ")[0][:3]
        case _:
            return row.label if row.label is not None else channel(row.key, words)


def long_label(row: AnswerRow, breakdown: Breakdown, words: Translator) -> str:
    """What a table and a hint say."""
    match breakdown:
        case "hour":
            return words.gettext("%(hour)s:00–%(hour)s:59", hour=row.key)
        case "day":
            return words.date(date.fromisoformat(row.key), style="long")
        case "week":
            year, _, week = row.key.partition("-W")
            return words.week(date.fromisocalendar(int(year), int(week), 1))
        case "month":
            return words.month(date.fromisoformat(f"{row.key}-01"))
        case _:
            return short_label(row, breakdown, words)
