"""What can go wrong in answering.

AssistantError
├── BadSetting        a setting has a value that cannot be used; the message names it and what is allowed
├── ModelUnavailable  the chat model gave no whole answer; the message says which model, why and what to do
├── BadQuestionSet    a question set cannot be used; the message names every bad line and why
└── BadRun            a file cannot be used as an evaluation run, or a run cannot be kept where it was asked for
"""


class AssistantError(Exception):
    """The root: the message is fit to show."""


class BadSetting(AssistantError):
    """A setting cannot be used."""


class ModelUnavailable(AssistantError):
    """The chat model does not answer, refuses, or broke off."""


class BadQuestionSet(AssistantError):
    """A question set cannot be used."""


class BadRun(AssistantError):
    """A file is no run, or none can be kept there."""
