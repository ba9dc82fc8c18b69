"""What a comparison is asked, and its answer: as settings, as numbers, in a sentence."""
