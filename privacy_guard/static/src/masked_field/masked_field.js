import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useAutoresize } from "@web/core/utils/autoresize";
import { useService } from "@web/core/utils/hooks";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";

// How a mask, and what stands for a value that cannot be decrypted, begin on the server.
const MASK = "••••";
const UNREADABLE = "⚠ ";
const SECONDS_SHOWN = 30;

/**
 * An encrypted value: its mask, and an eye that shows it to privacy officers for a while.
 *
 * The mask is never in the input, but its placeholder: typing replaces the value, and
 * leaving without typing changes nothing. A revealed value stays in this component, the
 * record knows the mask only.
 */
export class MaskedField extends Component {
    static template = "privacy_guard.MaskedField";
    static props = {
        ...standardFieldProps,
        placeholder: { type: String, optional: true },
        hasEye: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ revealed: null, busy: false });
        this.inputRef = useRef("input");
        useInputField({
            ref: this.inputRef,
            getValue: () => (this.isMasked ? "" : this.value),
            parse: (text) => (this.field.trim ? text.trim() : text),
        });
        if (this.isMultiline) {
            useAutoresize(this.inputRef, { minimumHeight: 50 });
        }
        onWillStart(async () => {
            this.isOfficer =
                this.props.hasEye &&
                (await user.hasGroup("privacy_guard.group_privacy_officer"));
        });
        useEffect(
            (shown) => {
                if (shown) {
                    const timer = browser.setTimeout(() => this.hide(), SECONDS_SHOWN * 1000);
                    return () => browser.clearTimeout(timer);
                }
            },
            () => [this.isRevealed]
        );
        useEffect(
            () => () => this.hide(),
            () => [this.props.record.resId, this.value]
        );
    }

    get field() {
        return this.props.record.fields[this.props.name];
    }
    get value() {
        return this.props.record.data[this.props.name] || "";
    }
    get isMultiline() {
        return this.field.type === "text";
    }
    get isMasked() {
        return this.value.startsWith(MASK);
    }
    get isReadonly() {
        return this.props.readonly || this.value.startsWith(UNREADABLE);
    }
    get isRevealed() {
        return this.isMasked && this.state.revealed !== null;
    }
    get canReveal() {
        return this.isOfficer && this.isMasked && Boolean(this.props.record.resId);
    }
    get canClear() {
        return this.isMasked && !this.isReadonly && !this.isRevealed;
    }
    get eyeLabel() {
        return this.isRevealed
            ? _t("Hide %s", this.field.string)
            : _t("Show %s. This is logged.", this.field.string);
    }
    get clearLabel() {
        return _t("Clear %s", this.field.string);
    }

    hide() {
        this.state.revealed = null;
    }

    async onEyeClick() {
        if (this.isRevealed) {
            return this.hide();
        }
        const { record, name } = this.props;
        const resId = record.resId;
        this.state.busy = true;
        try {
            const value = await this.orm.call(record.resModel, "privacy_reveal", [[resId], name]);
            if (this.props.record.resId === resId) {
                this.state.revealed = value;
            }
        } finally {
            this.state.busy = false;
        }
    }

    async onClearClick() {
        await this.props.record.update({ [this.props.name]: false });
        this.inputRef.el?.focus();
    }
}

export const maskedField = {
    component: MaskedField,
    displayName: _t("Encrypted value"),
    supportedTypes: ["char", "text"],
    extractProps: ({ placeholder, viewType }) => ({
        placeholder,
        hasEye: viewType === "form",
    }),
};

registry.category("fields").add("privacy_masked", maskedField);
