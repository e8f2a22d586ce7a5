// A message's text and its entities as nodes. Offsets count UTF-16 units, and so do JavaScript's strings.

import { make } from "./dom.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

// `actions`: command(text) sends a command, link(url) opens an address.
export function formatted(text, entities, actions) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const nodes = [];
  fill(nodes, text, sorted, 0, text.length, actions);
  return nodes;
}

function fill(nodes, text, entities, begin, end, actions) {
  let at = begin;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const first = Math.max(entity.offset, at);
    const last = Math.min(entity.offset + entity.length, end);
    if (first > at) nodes.push(text.slice(at, first));
    const inside = [];
    fill(inside, text, entities, first, last, actions);
    nodes.push(wrap(entity, text.slice(first, last), inside, actions));
    at = last + (BLOCKS.has(entity.type) && text[last] === "\n" ? 1 : 0); // a block brings its own line break
  }
  if (at < end) nodes.push(text.slice(at, end));
}

function wrap(entity, plain, inside, actions) {
  if (TAGS[entity.type]) return make(TAGS[entity.type], { "data-language": entity.language }, ...inside);
  switch (entity.type) {
    case "spoiler":
      return make("span", { class: "spoiler", title: "Show", onclick: (event) => event.currentTarget.classList.add("shown") }, ...inside);
    case "text_link":
      return link(entity.url, inside, actions);
    case "url":
      return link(plain, inside, actions);
    case "bot_command":
      return make("a", { href: "#", onclick: (event) => { event.preventDefault(); actions.command(plain); } }, ...inside);
    case "mention": case "text_mention": case "hashtag":
      return make("span", { class: "mention" }, ...inside);
    default:
      return make("span", {}, ...inside);
  }
}

function link(url, inside, actions) {
  const safe = /^(https?|tg|mailto|tel):/i.test(url) ? url : "#";
  const open = (event) => { event.preventDefault(); actions.link(safe); };
  return make("a", { href: safe, title: url, rel: "noopener noreferrer", onclick: open }, ...inside);
}
