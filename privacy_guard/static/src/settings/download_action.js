import { registry } from "@web/core/registry";

/** Download something, and go on to what comes next, if anything does. */
async function download(env, { params }) {
    await env.services.action.doAction({
        type: "ir.actions.act_url",
        url: params.url,
        target: "download",
    });
    return params.next;
}

registry.category("actions").add("privacy_guard_download", download);
