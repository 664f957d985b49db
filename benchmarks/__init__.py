"""What Privacy Guard costs, against a peer in the same run. `make bench` runs all."""
