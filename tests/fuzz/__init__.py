"""Every reader of the program under files changed at random: none may fail, cost much or lose words.

``python -m tests.fuzz [READER...] [--cases N] [--seed S]`` tries as many as one has time for, each in a process of its
own; the suite tries a few hundred of each reader, always the same ones.
"""
