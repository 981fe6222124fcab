"""The words of the integration pages: providers by their names, states, and what went wrong."""

from __future__ import annotations

from typing import Final

from flow.collect.integrations.sentences import retold
from flow.web.i18n import N_, Translator

__all__ = [
    "BY_HAND",
    "DONE",
    "EFFECTS",
    "KINDS",
    "NAMES",
    "PROBLEMS",
    "REASONS",
    "REGISTERED",
    "STATES",
    "STATUSES",
    "reason",
]

NAMES: Final = {
    "stripe": "Stripe",
    "mobilepay": "Vipps MobilePay",
    "inmobile": "InMobile",
    "instagram": "Instagram",
    "facebook": "Facebook Messenger",
    "wolt": "Wolt",
    "wolt-drive": "Wolt Drive",
    "economic": "e-conomic",
}

KINDS: Final = {
    "payment": N_("Payment"),
    "accounting": N_("Accounting"),
    "sms": N_("SMS"),
    "social": N_("Messages"),
    "delivery": N_("Delivery"),
}

STATES: Final = {
    "active": N_("Connected"),
    "error": N_("Needs attention"),
    "pending_setup": N_("Not tested yet"),
    "inactive": N_("Not connected"),
}

STATUSES: Final = {
    "received": N_("Waiting"),
    "done": N_("Applied"),
    "ignored": N_("Nothing to do"),
    "parked": N_("Parked"),
    "queued": N_("Waiting"),
    "failed": N_("Failed"),
}

REGISTERED: Final = {
    "mobilepay": N_("FLOW has registered the address there by itself; there is nothing to copy."),
    "inmobile": N_("Each text message names the address for its reports; copy it for incoming messages."),
    "instagram": N_("FLOW has subscribed the account to messages; the address itself is set in the app at Meta."),
    "facebook": N_("FLOW has subscribed the page to messages; the address itself is set in the app at Meta."),
    "wolt-drive": N_("FLOW has registered the address there by itself; there is nothing to copy."),
}

BY_HAND: Final = N_("Copy it to %(name)s. It belongs to this connection alone; do not share it.")

PROBLEMS: Final = {
    "connection_refused": N_("The other system does not accept these settings. Check what you typed."),
    "credentials_refused": N_("The other system does not accept these settings. Check what you typed."),
    "call_refused": N_("The other system refuses."),
    "provider_away": N_("The other system does not answer."),
    "account_taken": N_("Another restaurant is connected to this account already."),
    "invalid_input": N_("Fill in every required field."),
    "not_connected": N_("This is not connected."),
}

REASONS: Final = {
    **PROBLEMS,
    "cannot_be_opened": N_("It was sealed with a secret that is gone."),
    "not_registered": N_("The address for webhooks has to be registered by hand."),
    "unreadable_delivery": N_("It is signed, but cannot be understood."),
    "another_number": N_("It is for a number that no restaurant has connected."),
    "echo": N_("What the restaurant sent itself."),
    "known_message": N_("The message is known already."),
    "nothing_of_ours": N_("It is about nothing that FLOW sent."),
    "old_report": N_("Something later is known already."),
    "unknown_message": N_("FLOW did not send this message."),
    "unknown_shape": N_("It holds nothing that FLOW uses."),
    "unknown_state": N_("FLOW does not use this event."),
    "without_effect": N_("FLOW does not use this event."),
}

EFFECTS: Final = {
    "cancel": N_("Call off"),
    "capture": N_("Take reserved money"),
    "credit": N_("Make a credit note"),
    "draft": N_("Make an invoice"),
    "fetch": N_("Fetch an order"),
    "look": N_("Look up"),
    "refund": N_("Pay back"),
}
"""What FLOW wants done at another system, by the kind of its call."""

DONE: Final = {
    "connected": N_("Connected: a test call was answered."),
    "untried": N_("Saved untried: the other system does not answer. Test the connection when it is back."),
    "tested": N_("The test call was answered."),
    "disconnected": N_("Disconnected. The credentials are gone."),
    "again": N_("It is applied again; look again in a moment."),
}


def reason(told: str, words: Translator) -> str:
    """Why something is as it is: one of our codes, or the sentence of a provider's folder."""
    return words.gettext(REASONS[told]) if told in REASONS else retold(told, words)
