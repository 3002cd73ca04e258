"""Why a run did not succeed, and why something was not saved."""

from .bindings import types


class Failure(Exception):
    """Ends the run. Raise it to say whether running the job again may help.

    Every other exception that nobody catches ends the run, too, as a failure that is not retryable, with its stack
    trace in the log. The cause given with `raise … from` becomes part of the message.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
        """Whether running the job again may succeed: the host tries again as the job's retry policy says."""

    @property
    def message(self) -> str:
        """The text that the job's owner reads."""
        text = str(self)
        cause = self.__cause__
        seen: set[BaseException] = {self}
        while cause is not None and cause not in seen:
            seen.add(cause)
            # A cause that the text already ends with is not said twice.
            if str(cause) and not text.endswith(str(cause)):
                text = f"{text}: {cause}"
            cause = cause.__cause__
        return text


class SaveError(Exception):
    """Why a result or a checkpoint was not saved. The job may go on without it; unless it is caught, the job fails."""


class InvalidJsonError(SaveError):
    """The value does not become a JSON object."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not saved, because the value is not a JSON object: {reason}")
        self.reason = reason
        """What is wrong, and where."""


class TooLargeError(SaveError):
    """The JSON text is larger than the host allows."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"not saved, because the JSON text is larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes
        """The most that the host takes."""


class LimitReachedError(SaveError):
    """A limit of the job is used up."""

    def __init__(self, limit: str) -> None:
        super().__init__(f"not saved, because a limit of the job is used up: {limit}")
        self.limit = limit
        """Which limit, in the host's words."""


def from_host(error: types.SaveError) -> SaveError:
    """The host's refusal as an exception."""
    match error:
        case types.SaveError_InvalidJson(reason):
            return InvalidJsonError(reason)
        case types.SaveError_TooLarge(limit_bytes):
            return TooLargeError(limit_bytes)
        case types.SaveError_LimitReached(limit):
            return LimitReachedError(limit)
