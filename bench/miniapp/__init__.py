"""The Mini App, measured: what it weighs, how quickly it answers a finger, whether everybody can use it."""
