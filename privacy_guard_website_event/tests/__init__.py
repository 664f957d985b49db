from . import test_event_registration, test_event_tour, test_event_visits
