"""Mutants of the code that reads, checks and merges: each is a small mistake that some test should notice.

``python -m tests.mutation [--sample N] [--seed S] [--only PATH]`` draws mutants at random and runs each against the
tests that reach it. What is mutated, and which tests are left out, stands in pyproject.toml under ``tool.mutmut``.
"""
