"""The providers, simulated: one application that speaks the documented wire format of them all, and misbehaves on wish.

    FLOW's call → misbehaving (delay, error, lost answer, outage) → the provider's routes → books
    guest's or provider's act (page, control) → books → post office (sign, deliver, again, twice, shuffled) → FLOW

It is written by the providers' documents and knows nothing of FLOW's own code for them.
"""

from flow.demo.providers.app import create_simulator

__all__ = ["create_simulator"]
