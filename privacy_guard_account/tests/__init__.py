from . import test_invoices, test_invoices_kept
