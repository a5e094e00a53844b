"""What can go wrong in answering.

AssistantError
└── BadSetting    a setting has a value that cannot be used; the message names it and what is allowed
"""


class AssistantError(Exception):
    """The root: the message is fit to show."""


class BadSetting(AssistantError):
    """A setting cannot be used."""
