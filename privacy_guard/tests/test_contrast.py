from itertools import product

from odoo.tests import BaseCase, tagged

from ..tools import contrast


@tagged("post_install", "-at_install")
class TestContrast(BaseCase):
    """Whatever colour a company has, people can read the page."""

    def test_known_ratios(self):
        self.assertAlmostEqual(contrast.ratio((0, 0, 0), contrast.WHITE), 21)
        self.assertAlmostEqual(contrast.ratio((119, 119, 119), contrast.WHITE), 4.48, 2)

    def test_every_colour_becomes_readable(self):
        colors = ("#ffffff", "#ffff00", "#f00", "875A7B", "#000000", None)
        for color, ground in product(colors, (contrast.WHITE, contrast.DARK)):
            with self.subTest(color, ground=ground):
                rgb = contrast.parse(contrast.readable(color, "#000000", ground))
                self.assertGreaterEqual(contrast.ratio(rgb, ground), contrast.AA_TEXT)

    def test_what_is_readable_stays(self):
        self.assertEqual(contrast.readable("#1F4E79", "#000000"), "#1f4e79")

    def test_anything_else_falls_back(self):
        for color in (None, "", "red", "#12345", "#fff;background:url(x)"):
            with self.subTest(color):
                self.assertEqual(contrast.readable(color, "#123456"), "#123456")
