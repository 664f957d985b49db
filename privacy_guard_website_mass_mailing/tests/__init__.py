from . import test_newsletter, test_newsletter_form, test_newsletter_tour
