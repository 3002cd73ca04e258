// Finds links and anchors in Markdown, as far as a report needs it: line by line, without code.

export interface Link {
  line: number;
  target: string;
}

/** A document's links, and the names that a link may point to. */
export interface Page {
  links: Link[];
  anchors: Set<string>;
}

const INLINE = /!?\[(?:[^[\]]|!?\[[^\]]*\]\([^)]*\))*\]\(\s*(<[^>]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)[^()]*\)/g;
const INSIDE_TEXT = /!\[[^\]]*\]\(\s*(<[^>]*>|[^\s()]*)[^()]*\)/g;
const DEFINITION = /^ {0,3}\[[^^\]][^\]]*\]:\s*(<[^>]*>|\S+)/;
const AUTOLINK = /<(https?:\/\/[^\s>]+)>/g;
const HTML_LINK = /<(?:a|img)\b[^>]*?\b(?:href|src)=["']([^"']*)["']/gi;
const HTML_ANCHOR = /<\w+\b[^>]*?\b(?:id|name)=["']([^"']+)["']/gi;

export function readPage(text: string): Page {
  const page: Page = { links: [], anchors: new Set() };
  let fence: string | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const marker = /^\s*(`{3,}|~{3,})/.exec(raw)?.[1];
    if (marker !== undefined && (fence === undefined || marker.startsWith(fence))) {
      fence = fence === undefined ? marker : undefined;
    } else if (fence === undefined) {
      readLine(raw, index + 1, page);
    }
  }
  return page;
}

function readLine(raw: string, line: number, page: Page): void {
  const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(raw)?.[1];
  if (heading !== undefined) addHeading(heading, page.anchors);
  for (const [, anchor = ""] of raw.matchAll(HTML_ANCHOR)) page.anchors.add(anchor);
  const text = raw.replace(/(`+)(?:(?!\1).)+\1/g, "");
  const add = (target = "") => page.links.push({ line, target: target.replace(/^<(.*)>$/, "$1") });
  for (const link of text.matchAll(INLINE)) {
    add(link[1]);
    // A badge: an image that is a link's text.
    for (const image of link[0].slice(1).matchAll(INSIDE_TEXT)) add(image[1]);
  }
  for (const pattern of [AUTOLINK, HTML_LINK]) for (const link of text.matchAll(pattern)) add(link[1]);
  const definition = DEFINITION.exec(text);
  if (definition) add(definition[1]);
}

/** The heading's anchor as GitHub makes it: lowercase, hyphens for blanks, a number behind a repeated one. */
function addHeading(heading: string, anchors: Set<string>): void {
  const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  const slug = words.replace(/[^\p{L}\p{N}\p{M} _-]/gu, "").replaceAll(" ", "-");
  let anchor = slug;
  for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`;
  anchors.add(anchor);
}
