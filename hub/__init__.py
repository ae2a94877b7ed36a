"""What we ask of Durable: start, tell, look. Of ours, it knows only `rollout/`."""
