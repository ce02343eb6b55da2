"""How two names may come near: tables from a pack, folds of encoding, readings, holders, detectors, and their order.

Pure; stands on OpenCC, pypinyin and rapidfuzz for their tables and distances. What a teller is told of a result is
``desk.rules.name_rules``'s.
"""
