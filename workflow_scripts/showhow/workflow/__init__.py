"""What turns a study into jobs: configuration, grid, fingerprints, and how a stage is run."""
