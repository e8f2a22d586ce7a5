"""The bot: what it says, shown without a bot; and whole conversations with the real one in the real sandbox."""
