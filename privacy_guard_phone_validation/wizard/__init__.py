from . import phone_blacklist_remove
