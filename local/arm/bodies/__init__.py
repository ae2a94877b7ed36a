"""The model rendered as ARM's JSON. Shapes are those of recorded exchanges, api 2024-07-01."""
