/** Block Kit's select menus: fixed lists, lists the bot answers, people and channels. */
import { state } from "../state.js";
import { combobox } from "../ui/combobox.js";
import { agreed, marks } from "./asking.js";
import { unescape } from "./mrkdwn.js";

export function select(block, el, surface, label) {
  const many = el.type.startsWith("multi_");
  const kind = el.type.replace("multi_", "").replace("_select", "");
  const source = SOURCES[kind] ?? SOURCES.static;
  const held = surface.value(block, el);
  const name = source.names[many ? 1 : 0];
  const now = many ? held[name] : [held[name]];
  const set = async (chosen) => {
    const picked = chosen.map(source.toValue);
    if (await agreed(el)) surface.set(block, el, { [name]: many ? picked : (picked[0] ?? null) });
  };
  return combobox({
    id: label.id,
    label: label.labelledby ? null : unescape(el.placeholder?.text ?? "Choose"),
    labelledby: label.labelledby,
    describedby: label.describedby,
    invalid: label.invalid,
    placeholder: unescape(el.placeholder?.text ?? "Choose"),
    chosen: (now ?? []).filter(Boolean).map(source.toChoice),
    many,
    atLeast: kind === "external" ? (el.min_query_length ?? 3) : 0,
    focus: el.focus_on_load,
    data: marks(block, el),
    load: (typed) => source.load(block, el, surface, typed),
    set,
  });
}

function optionChoice(option, group) {
  return {
    key: option.value,
    label: unescape(option.text.text),
    note: option.description ? unescape(option.description.text) : "",
    group,
    option,
  };
}

function listed(holder) {
  const groups = holder.option_groups ?? [{ options: holder.options ?? [] }];
  return groups.flatMap((group) => group.options.map((one) => optionChoice(one, group.label?.text)));
}

function matching(choices, typed) {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return choices.filter((choice) => plain(choice.label).includes(plain(typed)));
}

function personChoice(id) {
  const found = state.slack?.users.find((one) => one.id === id);
  return { key: id, label: found?.real_name || found?.name || id, note: found?.title ?? "" };
}

function channelChoice(id) {
  const found = state.slack?.channels.find((one) => one.id === id);
  return { key: id, label: `#${found?.name ?? "private channel"}` };
}

const channels = (names) => ({
  names,
  toChoice: channelChoice,
  toValue: (choice) => choice.key,
  load: (block, el, surface, typed) => matching(state.slack.channels.map((one) => channelChoice(one.id)), typed),
});

const SOURCES = {
  static: {
    names: ["selected_option", "selected_options"],
    toChoice: (option) => optionChoice(option),
    toValue: (choice) => choice.option,
    load: (block, el, surface, typed) => matching(listed(el), typed),
  },
  external: {
    names: ["selected_option", "selected_options"],
    toChoice: (option) => optionChoice(option),
    toValue: (choice) => choice.option,
    load: async (block, el, surface, typed) => listed(await surface.options(block, el, typed)),
  },
  users: {
    names: ["selected_user", "selected_users"],
    toChoice: personChoice,
    toValue: (choice) => choice.key,
    load: (block, el, surface, typed) =>
      matching(state.slack.users.filter((one) => !one.is_bot).map((one) => personChoice(one.id)), typed),
  },
  conversations: channels(["selected_conversation", "selected_conversations"]),
  channels: channels(["selected_channel", "selected_channels"]),
};
