"""Consents: evidence of what a person agreed to, and what follows from it.

The latest decision on (person, restaurant, purpose, channel) holds. Withdrawing always works and holds from the moment
its transaction commits; a guest's marketing consent waits until the phone number or e-mail address itself confirms it.
"""
