"""Trainer of the bundled model: a tiny causal language model that scores and teaches in a small generated domain."""
