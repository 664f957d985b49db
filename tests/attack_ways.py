"""The ways in, by name; those of each kind are in a module of their own."""

WAYS = {}
# where it is not any of the transports
VIA = {}
PAGES = ("http",)
# XML-RPC takes no None, and no record among values
JSON = ("jsonrpc", "json2", "session")
P = "res.partner"


def way(name, via=None):
    """Register a function that takes an :class:`Attack` and returns its answer.

    :param via: the transports that it works over, ``http`` for pages and routes
    """

    def register(function):
        assert name not in WAYS, name
        WAYS[name] = function
        if via:
            VIA[name] = via
        return function

    return register


class Attack:
    """One attacker who tries one way. Keeps every answer, of each of its steps."""

    def __init__(self, world, who, transport):
        self.world, self.who, self.transport = world, who, transport
        self.client = world.clients[who]
        self.answers = []

    def __getattr__(self, name):
        return getattr(self.world, name)

    def __call__(self, model, method, ids=None, **kwargs):
        return self.keep(self.client.call(self.transport, model, method, ids, **kwargs))

    def get(self, path):
        return self.keep(self.client.http(path))

    def route(self, path, **params):
        return self.keep(self.client.rpc(path, **params))

    def form(self, path, **data):
        return self.keep(self.client.form(path, **data))

    def keep(self, answer):
        self.answers.append(answer)
        return answer

    @property
    def own(self):
        """:return: id of the attacker's own contact"""
        return self.world.partners.get(self.who, 0)
