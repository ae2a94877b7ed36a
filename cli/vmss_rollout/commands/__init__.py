"""The commands, by what they are about. Each module has an `add_to` for the whole."""
