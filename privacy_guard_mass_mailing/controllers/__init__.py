from . import counting, mailing
