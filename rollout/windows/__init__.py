"""When a batch may begin: windows, freezes, and what fits into them."""
