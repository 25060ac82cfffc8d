"""From what is due to the person who must know: notices, messages, channels, the worker."""
