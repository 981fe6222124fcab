"""The systems that FLOW speaks with, a folder each with the same few files.

`signature.py` checks deliveries, `payload.py` reads them, `applying.py` lets them take effect, `calls.py` calls back.
"""
