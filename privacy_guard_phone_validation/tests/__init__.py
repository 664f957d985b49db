from . import (
    test_channel_gate,
    test_number_formatting,
    test_number_search,
    test_text_messages,
)
