from . import test_lead_form
