import { Notification } from "@mail/core/common/notification_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(Notification.prototype, {
    /** @returns {string} why the gate kept the mail from this recipient, if it did */
    get refusal() {
        switch (this.failure_type) {
            case "privacy_erased":
                return _t("Not sent: the personal data of this contact was erased");
            case "privacy_stopped":
                return _t("Not sent: the person asked us to stop processing their data");
            case "privacy_erasure_requested":
                return _t("Not sent: the person asked us to erase their data");
            case "privacy_no_marketing_consent":
                return _t("Not sent: the person has not agreed to marketing mail");
            case "privacy_duplicate":
                return _t("Not sent: the contact is a duplicate");
        }
        return "";
    },

    get autoCanceledFailureType() {
        return this.refusal || super.autoCanceledFailureType;
    },
});
