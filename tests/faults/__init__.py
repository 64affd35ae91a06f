"""Faults caused on purpose: kills, power cuts, bad disks, damaged files, hostile input, and guards that are broken.

Each module is one row of the table in docs/reliability.md, and says which. ``goals`` is the table; its counts are small
in an ordinary test run and those of a release under ``python3 dev.py faults --full``.
"""
