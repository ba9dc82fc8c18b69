"""The configuration tree: what can be tried. Hydra reads it as ``pkg://configs``, from a checkout or an installed wheel."""
