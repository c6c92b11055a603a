"""What holds for all tests."""

import os

from hypothesis import settings

# In CI the same examples every time: a change is judged by itself, not by the dice. Elsewhere new
# ones each time, so that what they find is found by whoever runs them.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    settings.load_profile("ci")
