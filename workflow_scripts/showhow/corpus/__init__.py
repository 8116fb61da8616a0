"""What models of the ladder are pretrained on."""
