"""One job per module; standard library only, so that it runs before anything is installed."""
