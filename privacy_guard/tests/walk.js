/**
 * Walks through actions as somebody does who looks at everything: each view, filter and
 * grouping, the first record, its tabs and its smart buttons. Whatever fails is an error
 * of the page; the test that runs this fails by it.
 */
const { rpcBus } = odoo.loader.modules.get("@web/core/network/rpc");
const { App } = odoo.loader.modules.get("@odoo/owl");
const { env } = odoo.__WOWL_DEBUG__.root;
const MENU = ".o_searchview_dropdown_toggler";
const FILTERS = ".o_filter_menu > .o_menu_item:not(.o_add_custom_filter)";
const GROUPS = ".o_group_by_menu > .o_menu_item";
const DATES = ".o_filter_menu .o_accordion_toggle, .o_group_by_menu .o_accordion_toggle";
const RECORD =
    ".o_list_view .o_data_row .o_data_cell:not(.o_list_button), .o_kanban_view .o_kanban_record:not(.o_kanban_ghost)";
const TABS = ".o_form_view .o_notebook_headers .nav-link:not(.disabled):not(.active)";
const SMART = ".o_form_view .oe_stat_button:not([disabled]):not(.d-none)";
// a dialogue that fills the screen has an arrow
const CLOSE = ".modal-header .btn-close, .modal-header .oi-arrow-left";
const CARD = ".modal .o_kanban_record:not(.o_kanban_ghost)";
const FITTING =
    ".modal-body, .modal .o_list_renderer, .o_form_sheet, .o_kanban_record";

const calls = new Set();
rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => calls.add(detail.data.id));
rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => calls.delete(detail.data.id));
let place = "";

const all = (selector) => [...document.querySelectorAll(selector)];
const frame = () => new Promise((resolve) => setTimeout(resolve, 4));
const isBusy = () =>
    calls.size || [...App.apps].some((app) => app.scheduler.tasks.size);

/** Wait until nothing is asked of the server and nothing is drawn any more. */
async function settled() {
    for (let quiet = 0; quiet < 2; ) {
        await frame();
        const error = document.querySelector(".o_error_dialog");
        if (error) {
            throw new Error(`${place}: ${error.textContent}`);
        }
        quiet = isBusy() ? 0 : quiet + 1;
    }
    if (env.isSmall) {
        checkWidth();
    }
}

/** On a phone nothing is to be scrolled sideways but whole lists, in themselves. */
function checkWidth() {
    for (const element of [document.documentElement, ...all(FITTING)]) {
        if (element.scrollWidth > element.clientWidth + 1) {
            const size = `${element.scrollWidth} in ${element.clientWidth}`;
            throw new Error(`${place}: ${element.className || "page"} has ${size}`);
        }
    }
}

async function click(element, what) {
    place = `${place.split(" > ")[0]} > ${what} ${element.textContent.trim()}`;
    element.click();
    await settled();
}

async function clickEach(selector, what) {
    for (let index = 0; index < all(selector).length; index++) {
        await click(all(selector)[index], what);
    }
}

async function clearSearch() {
    while (all(".o_facet_remove").length) {
        await click(all(".o_facet_remove")[0], "remove");
    }
}

async function openMenu() {
    if (!all(".o_filter_menu, .o_group_by_menu").length) {
        await click(all(MENU)[0], "search");
    }
}

/** All filters at once cost one answer each; groupings one after the other. */
async function search() {
    if (!all(MENU).length) {
        return;
    }
    await clearSearch();
    await openMenu();
    await clickEach(FILTERS, "filter");
    await clickEach(DATES, "date");
    await clickEach(".o_accordion_values > .dropdown-item:first-child", "date");
    await clearSearch();
    for (let index = 0; ; index++) {
        await openMenu();
        if (index >= all(GROUPS).length) {
            break;
        }
        await click(all(GROUPS)[index], "group");
        await clearSearch();
    }
    if (all(".o_filter_menu").length) {
        await click(all(MENU)[0], "search");
    }
}

/** Smart buttons of our forms only: those of others lead anywhere. */
async function walkForm(model) {
    await clickEach(TABS, "tab");
    if (env.services.action.currentController.action.res_model !== model) {
        return;
    }
    for (let index = 0; index < all(SMART).length; index++) {
        await click(all(SMART)[index], "smart button");
        await clickEach(CLOSE, "close");
        const back = all(".o_breadcrumb .o_back_button, .breadcrumb-item a").at(-1);
        if (!all(SMART).length && back) {
            await click(back, "back");
        }
    }
}

async function walkAction({ id, name, model, views, context }, withSearch) {
    place = name;
    await env.services.action.doAction(id, {
        clearBreadcrumbs: true,
        additionalContext: context,
    });
    await settled();
    await clickEach(".modal .nav-link:not(.active)", "tab");
    if (all(CARD).length) {
        await click(all(CARD)[0], "card");
    }
    while (all(CLOSE).length) {
        await click(all(CLOSE).at(-1), "close");
    }
    if (withSearch) {
        await search();
    }
    // on a phone the view that opens there
    const here = env.services.action.currentController?.view?.type;
    const offered = env.isSmall ? views.filter((view) => view === here) : views;
    for (const view of offered) {
        place = `${name} > ${view}`;
        if (!env.isSmall && !all(`.o_switch_view.o_${view}`).length) {
            continue;
        }
        await env.services.action.switchView(view);
        await settled();
        await clearSearch();
        const record = all(RECORD).find((el) => !el.closest(".o_view_sample_data"));
        if (record) {
            await click(record, "record");
        }
        if (all(".o_form_view").length) {
            await walkForm(model);
            await env.services.action.doAction(id, { clearBreadcrumbs: true });
            await settled();
        }
    }
}

async function walk(actions, withSearch) {
    try {
        for (const action of actions) {
            const begun = performance.now();
            await walkAction(action, withSearch);
            const passed = Math.round(performance.now() - begun);
            console.log(`walked ${action.name} in ${passed} ms`);
        }
        console.log("test successful");
    } catch (error) {
        console.error(`${place}: ${error.stack}`);
    }
}
