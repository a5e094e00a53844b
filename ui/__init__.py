"""People and programs meet the assistant here: the command line and the chat page."""
