"""The single checks of a voucher, in small groups; ``desk.rules.voucher_rules`` runs them in order."""
