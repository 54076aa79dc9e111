/** The app's own page in Slack. */
import { blocks } from "../blocks/blocks.js";
import { state } from "../state.js";
import { toast } from "../ui/toast.js";
import { h } from "../ui/vdom.js";
import { viewSurface } from "./surfaces.js";

export function homeView() {
  const view = state.slack.home;
  const report = (text) => text && toast(text, null, "warning");
  return h(
    "section",
    { class: "channel home", "aria-label": "Tierdesk, home" },
    h("header", { class: "channel-head" }, h("h2", { class: "channel-name" }, "Tierdesk"), h("p", { class: "channel-topic" }, "Home")),
    h("div", { class: "messages home-body" }, view ? blocks(view.blocks, viewSurface(view, null, report)) : empty()),
  );
}

function empty() {
  return h("div", { class: "empty" }, h("h3", null, "Nothing here yet"), h("p", null, "Tierdesk has not published a home page for you."));
}
