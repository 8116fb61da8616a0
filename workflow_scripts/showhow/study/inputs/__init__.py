"""What each rule reads and is told: one module for each file of rules, one method for each word.

A method gets the wildcards of a job. What it gives is an input file, a list of them, or what the
stage is told as one JSON object: the value of its flag --options (showhow.jobs.options).
"""

from showhow.study.studies import Studies


class Inputs:
    """What all of them ask: the studies, and the configuration behind these."""

    def __init__(self, studies: Studies):
        self.studies = studies
        self.configuration = studies.configuration
