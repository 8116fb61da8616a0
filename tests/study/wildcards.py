"""A job's wildcards, as Snakemake hands them to the rules' functions."""


class Job(dict):
    """They are looked up by name, and are attributes as well."""

    def __getattr__(self, name: str) -> str:
        return self[name]
