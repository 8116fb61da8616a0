"""Fine-tuning: examples, batches, optimisers, the trainer and its budget."""
