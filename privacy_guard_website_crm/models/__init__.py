from . import privacy_gate, website_visitor
