"""A realtime backend: FastAPI, PyJWT and the stock `pusher` package, in front of hosted Pusher or of Fanfare."""
