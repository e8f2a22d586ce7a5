"""What goes wrong, in Telegram's words.

The descriptions follow the open source Bot API server (github.com/tdlib/telegram-bot-api, Client.cpp).
"""


class ApiError(Exception):
    """A refused Bot API call: HTTP status, Telegram's description and, for 429, `retry_after` in seconds."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, object]:
        """The answer on the wire."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class UserError(Exception):
    """A script or the chat page asked for something a user can't do: HTTP status and a sentence."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def bad_request(message: str) -> ApiError:
    """400. The first letter is lowered, unless it begins a code such as BUTTON_DATA_INVALID."""
    code_like = message[1:2] == "_" or message[1:2].isupper()
    return ApiError(400, "Bad Request: " + (message if code_like else message[:1].lower() + message[1:]))


def forbidden(message: str) -> ApiError:
    return ApiError(403, "Forbidden: " + message)


def conflict(message: str) -> ApiError:
    return ApiError(409, "Conflict: " + message)


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def query_too_old() -> ApiError:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
