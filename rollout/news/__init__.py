"""What goes out to people and programs about rollouts, and to whom."""
