"""The local Telegram, tested over HTTP in its own process; limits and HTML also by themselves."""
