"""How fast the kernel is, how it scales, and what the same rules cost in plain SimPy."""
