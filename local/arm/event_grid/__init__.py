"""A simulated Event Grid: subscriptions, at-least-once delivery with its retries, custom topics."""
