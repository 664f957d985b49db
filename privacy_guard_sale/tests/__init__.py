from . import test_orders_kept, test_relationships, test_tours, test_viewed_orders
