"""Mutants of the code that reads, checks and merges: each is a small mistake that some test should notice.

``python -m tests.mutation [--sample N] [--seed S] [--only PATH]`` draws mutants at random and runs each against the
tests that reach it. What is mutated, and which tests are left out, stands in pyproject.toml under ``tool.mutmut``.

Not mutated are what stands outside functions, decorated functions and the texts of f-strings. Which tests reach what is
measured where there is no mutants/ yet, and of new tests at every run; without that folder it is measured afresh.
"""
