/** The workspace's sidebar: who you are, the channels you are in, the app. */
import { state } from "../state.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";
import { h } from "../ui/vdom.js";
import { becomeAgent, openChannel, openHome } from "./acts.js";
import { topLevel } from "./channel.js";

export function sidebar() {
  const { team, channels } = state.slack;
  return h(
    "aside",
    { class: "sidebar", "aria-label": "Slack workspace" },
    h("div", { class: "team" }, h("span", { class: "team-name" }, team.name), h("span", { class: "team-kind" }, "Slack workspace")),
    agentSelect(),
    h(
      "nav",
      { class: "channels", "aria-label": "Channels" },
      h("p", { class: "sidebar-label", "aria-hidden": "true" }, "Channels"),
      channels.filter((one) => !one.is_im).map(channelButton),
      h("p", { class: "sidebar-label", "aria-hidden": "true" }, "Apps"),
      homeButton(),
      channels.filter((one) => one.is_im).map(channelButton),
    ),
  );
}

function agentSelect() {
  const people = state.slack.users.filter((one) => !one.is_bot);
  const me = people.find((one) => one.id === state.ui.agent);
  return h(
    "label",
    { class: "agent" },
    h("span", { class: "agent-label" }, "You are"),
    h(
      "span",
      { class: "agent-line" },
      avatar(me?.real_name || me?.name, me?.color),
      h(
        "span",
        { class: "agent-who", "aria-hidden": "true" },
        h("span", null, me?.real_name || me?.name),
        h("span", { class: "agent-title" }, me?.title),
      ),
      h(
        "select",
        {
          class: "agent-select",
          "data-testid": "agent-select",
          prop: { value: state.ui.agent },
          on: { change: (event) => becomeAgent(event.target.value) },
        },
        people.map((one) => h("option", { key: one.id, value: one.id }, describe(one))),
      ),
      icon("down"),
    ),
  );
}

function describe(person) {
  return [person.real_name || person.name, person.title].filter(Boolean).join(", ");
}

function channelButton(channel) {
  const unread = unreadIn(channel.id);
  const here = !state.ui.home && channel.id === state.ui.channel;
  return h(
    "button",
    {
      key: channel.id,
      type: "button",
      class: `side-item${unread ? " unread" : ""}`,
      "data-testid": `channel-${channel.id}`,
      "aria-current": here ? "page" : null,
      on: { click: () => openChannel(channel.id) },
    },
    channelSign(channel),
    h("span", { class: "side-name" }, channel.is_im ? "Messages" : channel.name),
    channel.is_private && h("span", { class: "visually-hidden" }, "(private)"),
    unread > 0 && h("span", { class: "badge", "aria-label": `${unread} unread` }, unread),
  );
}

function channelSign(channel) {
  if (channel.is_im) return icon("thread");
  return channel.is_private ? icon("lock") : h("span", { class: "hash", "aria-hidden": "true" }, "#");
}

function homeButton() {
  return h(
    "button",
    {
      type: "button",
      class: "side-item",
      "data-testid": "app-home",
      "aria-current": state.ui.home ? "page" : null,
      on: { click: openHome },
    },
    icon("home"),
    h("span", { class: "side-name" }, "Tierdesk"),
  );
}

function readKey(channel) {
  return `${state.ui.agent}/${channel}`;
}

export function unreadIn(channel) {
  const from = state.ui.lastRead[readKey(channel)] ?? 0;
  const others = (one) => one.user !== state.ui.agent && !one.ephemeral;
  return topLevel(channel).filter((one) => others(one) && Number(one.ts) > from).length;
}

/** What is on the screen counts as read. */
export function markRead(channel) {
  const last = topLevel(channel).at(-1);
  if (last) state.ui.lastRead[readKey(channel)] = Number(last.ts);
}
