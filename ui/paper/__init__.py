"""A document on paper: laid out in millimetres, then drawn by one painter as PDF, as a picture or at a printer."""
