from odoo import api, fields, models

# Terms of the W3C's Data Privacy Vocabulary, in which receipts say what for
DPV_PURPOSES = [
    ("AccountManagement", "Managing accounts"),
    ("Advertising", "Advertising"),
    ("CommunicationForCustomerCare", "Customer service"),
    ("CustomerOrderManagement", "Handling orders"),
    ("CustomerRelationshipManagement", "Customer relationship"),
    ("DeliveryOfGoods", "Delivering goods"),
    ("DirectMarketing", "Direct marketing"),
    ("FraudPreventionAndDetection", "Preventing fraud"),
    ("HumanResourceManagement", "Human resources"),
    ("IdentityVerification", "Verifying identity"),
    ("ImproveExistingProductsAndServices", "Improving products and services"),
    ("LegalCompliance", "Obligations of law"),
    ("Marketing", "Marketing"),
    ("PaymentManagement", "Payments"),
    ("Personalisation", "Personalisation"),
    ("PersonalisedAdvertising", "Personalised advertising"),
    ("ProvideEventRecommendations", "Recommending events"),
    ("ProvideProductRecommendations", "Recommending products"),
    ("PublicRelations", "Public relations"),
    ("ScientificResearch", "Research"),
    ("SellDataToThirdParties", "Selling data to others"),
    ("ServiceProvision", "Providing a service"),
    ("ServiceUsageAnalytics", "Analysing usage"),
    ("SocialMediaMarketing", "Marketing in social media"),
]
# the same of its vocabulary of personal data; the last one is of the core
DPV_DATA = [
    ("BankAccount", "Bank account"),
    ("BirthDate", "Date of birth"),
    ("BrowsingBehaviour", "Behaviour on websites"),
    ("Contact", "Contact details"),
    ("EmailAddress", "E-mail address"),
    ("Family", "Family"),
    ("Financial", "Finances"),
    ("Gender", "Gender"),
    ("Health", "Health"),
    ("Interest", "Interests"),
    ("Language", "Language"),
    ("Location", "Location"),
    ("MaritalStatus", "Marital status"),
    ("Name", "Name"),
    ("Nationality", "Nationality"),
    ("OfficialID", "Official identification"),
    ("PhysicalAddress", "Postal address"),
    ("Picture", "Picture"),
    ("Preference", "Preferences"),
    ("Professional", "Profession"),
    ("ServiceConsumptionBehaviour", "Use of mails and documents"),
    ("Tax", "Tax number"),
    ("TelephoneNumber", "Telephone number"),
    ("Transactional", "Purchases and payments"),
    ("PersonalData", "Other personal data"),
]
# a part of the name of a field -> what it holds
HINTS = {
    "email": "EmailAddress",
    "phone": "TelephoneNumber",
    "mobile": "TelephoneNumber",
    "street": "PhysicalAddress",
    "city": "PhysicalAddress",
    "zip": "PhysicalAddress",
    "country": "PhysicalAddress",
    "state_id": "PhysicalAddress",
    "birth": "BirthDate",
    "gender": "Gender",
    "vat": "Tax",
    "iban": "BankAccount",
    "acc_number": "BankAccount",
    "image": "Picture",
    "lang": "Language",
    "function": "Professional",
    "title": "Professional",
    "nationality": "Nationality",
    "name": "Name",
}


class ConsentPurpose(models.Model):
    """What receipts say of a consent for programs (EVI-3)."""

    _inherit = "consent.purpose"

    dpv_purpose = fields.Selection(
        DPV_PURPOSES,
        "Purpose in receipts",
        compute="_compute_dpv_purpose",
        store=True,
        readonly=False,
        help="What for, as receipts tell programs: a term of the W3C's Data Privacy"
        " Vocabulary.",
    )
    dpv_data = fields.Selection(
        DPV_DATA,
        "Data in receipts",
        compute="_compute_dpv_data",
        store=True,
        readonly=False,
        help="Which kind of data, as receipts tell programs: a term of the W3C's Data"
        " Privacy Vocabulary.",
    )
    recipients = fields.Text(
        translate=True,
        help="Who gets the data besides the company, one a line, as receipts say.",
    )

    @api.depends("kind", "covers_email")
    def _compute_dpv_purpose(self):
        """A suggestion; what was chosen stays."""
        for purpose in self.filtered(lambda purpose: not purpose.dpv_purpose):
            purpose.dpv_purpose = purpose._suggest_dpv_purpose()

    def _suggest_dpv_purpose(self):
        if self.kind == "tracking":
            return "ServiceUsageAnalytics"
        if self.kind == "data":
            return "CustomerRelationshipManagement"
        return "DirectMarketing" if self.covers_email else "Marketing"

    @api.depends("kind", "covers_email", "field_id")
    def _compute_dpv_data(self):
        """As above."""
        for purpose in self.filtered(lambda purpose: not purpose.dpv_data):
            purpose.dpv_data = purpose._suggest_dpv_data()

    def _suggest_dpv_data(self):
        if self.kind == "tracking":
            return "ServiceConsumptionBehaviour"
        if self.kind == "data":
            # superuser: definitions of fields are not every user's to read
            name = self.sudo().field_id.name or ""
            hints = (term for part, term in HINTS.items() if part in name)
            return next(hints, "PersonalData")
        return "EmailAddress" if self.covers_email else "Contact"

    def _receipt_data(self):
        """:return: list of (term, name) of the data that it is about"""
        self.ensure_one()
        terms = dict(self._fields["dpv_data"]._description_selection(self.env))
        # superuser: as above
        field = self.sudo().field_id
        return [(self.dpv_data, field.field_description or terms[self.dpv_data])]
