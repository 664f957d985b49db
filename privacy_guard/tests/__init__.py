from . import (
    test_access_rights,
    test_api,
    test_contrast,
    test_import,
    test_jobs,
    test_method_chains,
    test_other_company,
    test_removal,
    test_tours,
    test_views_lists,
    test_visible_rows,
    test_walk,
)

# Odoo runs what is called test_ in here.
from .asking import *
from .consent import *
from .encryption import *
from .erasure import *
from .evidence import *
from .export import *
from .gate import *
from .mail import *
from .page import *
from .personal import *
from .purpose import *
from .request import *
from .settings import *
from .subject import *
from .withholding import *
