# All functions of rules are written: Snakemake is told their parameters, see asked_of_every_job.

from snakemake.resources import Resource

for function in list(globals().values()):
    if inspect.isfunction(function) and "wildcards" in inspect.signature(function).parameters:
        asked_of_every_job(function)
asked_of_every_job(Resource.evaluate)  # a job's resource, which then asks for ours
