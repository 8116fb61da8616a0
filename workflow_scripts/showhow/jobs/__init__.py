"""How a stage is run: its options, its record, its devices, what a killed one leaves."""
