"""What a stage is told: the models, and how they are pretrained, fine-tuned and evaluated.

A rule hands its stage one of these as JSON; the script reads it back with `model_validate_json`.
The same classes are parts of the configuration (`showhow.study.configuration`). A file holds
what belongs to the same stages, so that a new key makes no other stage stale.
"""
