from . import test_orders_kept, test_viewed_orders
