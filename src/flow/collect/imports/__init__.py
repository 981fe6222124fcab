"""Imports: orders out of files that other systems export, read by a small mapping file.

`reading` joins the rows of all files into orders in a scratch file on disk, so that neither the size nor the order of
the rows matters and every fault is known before the first order is written; `service` writes them in batches.
"""
