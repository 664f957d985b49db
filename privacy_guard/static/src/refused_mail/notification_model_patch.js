import { Notification } from "@mail/core/common/notification_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** Why the gate kept a mail from somebody, shown on the message. */
patch(Notification.prototype, {
    get autoCanceledFailureType() {
        switch (this.failure_type) {
            case "privacy_erased":
                return _t("Not sent: the personal data of this contact was erased");
            case "privacy_stopped":
                return _t("Not sent: the person asked us to stop processing their data");
            case "privacy_erasing":
                return _t("Not sent: the person asked us to erase their data");
            case "privacy_unwilling":
                return _t("Not sent: the person has not agreed to marketing mail");
            case "privacy_duplicate":
                return _t("Not sent: the contact is a duplicate");
        }
        return super.autoCanceledFailureType;
    },
});
