"""Words for what the reader chooses and sees: periods, comparisons, channels, statuses, hours, days, months."""

from __future__ import annotations

from datetime import date, timedelta

from flow.analytics.metrics.types import AnswerRow, Blank, Breakdown, Source
from flow.delivery.dashboards.types import ComparisonKey, PeriodKey
from flow.kit.period import Period
from flow.web.formats import UNKNOWN
from flow.web.i18n import N_, Translator

_WEEKDAYS = 8  # beyond that many days, weekdays would repeat
_PERIODS: dict[PeriodKey, str] = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "7d": N_("7 days"),
    "30d": N_("30 days"),
    "month": N_("This month"),
    "last_month": N_("Last month"),
    "12m": N_("12 months"),
}
_COMPARISONS: dict[ComparisonKey, str] = {
    "last_week": N_("A week earlier"),
    "last_year": N_("Last year"),
    "previous": N_("Period before"),
    "none": N_("Nothing"),
}
_CHANNELS = {
    "": N_("Without a known visit"),
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
UNDERWAY = "active"
"""In addresses: every status on the way through the kitchen."""
STATUSES = {
    UNDERWAY: N_("Underway"),
    "pending": N_("Waiting"),
    "confirmed": N_("Confirmed"),
    "preparing": N_("In the kitchen"),
    "ready": N_("Ready"),
    "delivering": N_("On the way"),
    "completed": N_("Completed"),
    "cancelled": N_("Cancelled"),
    "refunded": N_("Refunded"),
}
_FULFILLMENTS = {
    "delivery": N_("Delivery"),
    "pickup": N_("Pick-up"),
    "dine_in": N_("Eaten here"),
}
_DEVICES = {
    "mobile": N_("Telephone"),
    "tablet": N_("Tablet"),
    "desktop": N_("Computer"),
    "other": N_("Another device"),
}
_PROVIDERS = {
    "stripe": N_("Card"),
    "mobilepay": N_("MobilePay"),
    "cash": N_("Cash"),
    "invoice": N_("Invoice"),
    "external": N_("Paid elsewhere"),
    "simulated": N_("Simulated payment"),
}
PAYMENT_STATUSES = {
    "pending": N_("not paid yet"),
    "processing": N_("being paid"),
    "authorized": N_("reserved"),
    "completed": N_("paid"),
    "partially_refunded": N_("refunded in part"),
    "refunded": N_("refunded"),
    "disputed": N_("disputed"),
    "failed": N_("failed"),
    "cancelled": N_("called off"),
    "expired": N_("ran out"),
}
_BLANKS: dict[Blank, str] = {
    "no_data_then": N_("Nothing was recorded then"),
    "partial_data_then": N_("Recording began within that period"),
    "not_kept": N_("Visits of that day are no longer kept"),
    "not_collected": N_("FLOW does not collect this yet"),
    "not_permitted": N_("Your role does not show this"),
    "mixed_currencies": N_("Your restaurants use several currencies; choose one of them"),
}
_AWAITED: dict[Source, str] = {
    "visits": N_("Shows from the first visit on."),
    "provider_calls": N_("Shows from the first call to another system on."),
    "incoming_webhooks": N_("Shows from the first webhook of another system on."),
    "outgoing_webhooks": N_("Shows from the first event that an endpoint is told of on."),
}


def period(key: PeriodKey, days: Period, words: Translator) -> str:
    """The period's name; one of the reader's own is told by its days."""
    return words.gettext(_PERIODS[key]) if key in _PERIODS else words.period(days)


def comparison(key: ComparisonKey, days: Period, words: Translator) -> str:
    """What these days are held against."""
    if key == "last_week" and len(days) == 1:
        return words.gettext("Same weekday last week")
    return words.gettext(_COMPARISONS[key])


def compared_with(key: ComparisonKey, days: Period, words: Translator) -> str:
    """The same beside a figure, where it has to be short."""
    if key == "last_week" and len(days) == 1:
        weekday = words.weekday(days.first, style="long")
        return words.gettext("%(weekday)s the week before", weekday=weekday[:1].upper() + weekday[1:])
    return comparison(key, days, words)


def comparisons(days: Period, words: Translator) -> list[tuple[ComparisonKey, str]]:
    """Everything that these days can be held against."""
    return [(key, comparison(key, days, words)) for key in _COMPARISONS]


def channel(key: str, words: Translator) -> str:
    """A sales or traffic channel; one we have no word for is shown as it is."""
    return words.gettext(_CHANNELS[key]) if key in _CHANNELS else key


def status(key: str, words: Translator) -> str:
    """An order's status, or all that are underway."""
    return words.gettext(STATUSES[key])


def fulfillment(key: str, words: Translator) -> str:
    """How the guest gets the order."""
    return words.gettext(_FULFILLMENTS[key])


def device(key: str | None, words: Translator) -> str:
    """What a visitor looked at the page with; a kind that we have no word for is shown as it is."""
    return words.gettext(_DEVICES.get(key or "", key or "")) or UNKNOWN


def payment(provider: str, state: str, words: Translator) -> str:
    """How a payment is made, and how far it has come."""
    return f"{words.gettext(_PROVIDERS[provider])}, {words.gettext(PAYMENT_STATUSES[state])}"


def blank(reason: Blank, words: Translator) -> str:
    """Why there is no figure."""
    return words.gettext(_BLANKS[reason])


def awaited(source: Source, words: Translator) -> str:
    """What an empty tile waits for."""
    return words.gettext(_AWAITED.get(source, N_("Shows from the first order on.")))


def short_label(row: AnswerRow, breakdown: Breakdown, words: Translator, *, among: int = 1) -> str:
    """What stands under a bar; `among` is how many there are."""
    match breakdown:
        case "hour":
            return row.key
        case "day":
            day = first_day(row.key, breakdown)
            return words.weekday(day) if among <= _WEEKDAYS else words.date(day, style="shortest")
        case "week":
            return words.week(first_day(row.key, breakdown))
        case "month":
            return words.month(first_day(row.key, breakdown)).partition(" ")[0][:3]
        case _:
            return row.label if row.label is not None else channel(row.key, words)


def long_label(row: AnswerRow, breakdown: Breakdown, words: Translator) -> str:
    """What a table and a hint say."""
    match breakdown:
        case "hour":
            return words.gettext("%(hour)s:00–%(hour)s:59", hour=row.key)
        case "day":
            return words.date(first_day(row.key, breakdown), style="long")
        case "week":
            first = first_day(row.key, breakdown)
            return f"{words.week(first)}, {words.period(Period(first, first + timedelta(days=6)))}"
        case "month":
            return words.month(first_day(row.key, breakdown))
        case _:
            return short_label(row, breakdown, words)


def first_day(key: str, breakdown: Breakdown) -> date:
    """The first day of a row of days, weeks or months."""
    match breakdown:
        case "week":
            year, _, week = key.partition("-W")
            return date.fromisocalendar(int(year), int(week), 1)
        case "month":
            return date.fromisoformat(f"{key}-01")
        case _:
            return date.fromisoformat(key)
