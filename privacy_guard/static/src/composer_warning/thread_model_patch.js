import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";

patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        /** What to know before one writes to the people of this document; may be empty. */
        this.privacy_warning = "";
    },
});
