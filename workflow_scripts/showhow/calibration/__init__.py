"""How often the claims' verdicts are wrong: studies simulated from a known truth.

A scenario is a truth, a study of it, and what a verdict may not say of it. Every claim has some:
a null at the edge of its criterion, the artefacts that could be taken for it, and an effect that
it has to find.
"""
