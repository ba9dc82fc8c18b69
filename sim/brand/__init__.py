"""What the brand does: its goods, its plan, and the processes that carry the plan out."""
