"""Acting as a user: what a person does in a Telegram client, for scripts, tests and the chat page.

`acts.py` does it and tells the bot by updates, `view.py` shows what the person sees, `launch.py` opens the
Mini App with signed initData, `routes.py` is the HTTP. Nothing here answers for the bot.
"""
