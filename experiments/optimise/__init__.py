"""A search for a better strategy: levers move, candidates meet the same people, and those that look best are measured again on others.

The stages: candidates are asked of a sampler in batches and given up once they are clearly worse; the best of them are run again on fresh
seeds; the winner among these is measured once more, on people by whom nothing was chosen.
"""
