"""A configuration and what follows from it: the runs, their paths, what each rule reads."""
