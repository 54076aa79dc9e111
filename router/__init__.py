"""Detectors, rules and the ordered router. Pure but for reading files of rules and words."""
