"""A small linear model of the project's own beside the lexicons."""
