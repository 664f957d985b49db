from odoo.addons.privacy_guard.extending import Mask, value_behind


class NumberMask(Mask):
    """The mask of a formatted number. People see as little of it as of any value; code
    compares it as the number it is: with the blacklist, or to leave out those who got
    the same text message already."""

    __slots__ = ()

    def __eq__(self, other):
        return value_behind(self) == value_behind(other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(value_behind(self))
