import { describe, expect, test } from "bun:test";
import { parseMarkdown } from "./parse.ts";
import type { Block, Inline } from "./tree.ts";

/** A tree as one line, so that a test reads like what is seen. */
function show(text: string): string {
  return parseMarkdown(text).map(showBlock).join(" | ");
}

function showBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return block.children.map(showInline).join("");
    case "code-block":
      return `fence(${block.language}: ${block.text})`;
    case "quote":
      return `quote(${block.children.map(showBlock).join(" | ")})`;
    case "list": {
      const items = block.items.map((item) => item.map(showBlock).join(" | "));
      return `list${String(block.start ?? "")}(${items.join(", ")})`;
    }
  }
}

function showInline(node: Inline): string {
  switch (node.type) {
    case "text":
      return node.text;
    case "shortcode":
      return `emoji(${node.name})`;
    case "code":
      return `code(${node.text})`;
    case "link": {
      const label = node.children.map(showInline).join("");
      return `link(${label} -> ${node.href}${node.host === undefined ? "" : ` at ${node.host}`})`;
    }
    case "strong":
    case "emphasis":
    case "strike":
      return `${node.type}(${node.children.map(showInline).join("")})`;
  }
}

describe("marks", () => {
  test.each([
    ["**bold**", "strong(bold)"],
    ["*it* and _it_", "emphasis(it) and emphasis(it)"],
    ["~~gone~~ ~one~", "strike(gone) ~one~"],
    ["***both***", "emphasis(strong(both))"],
    ["**a *b* c**", "strong(a emphasis(b) c)"],
    ["*foo**bar*", "emphasis(foo**bar)"],
    ["snake_case_name", "snake_case_name"],
    ["a * b * c", "a * b * c"],
    ["\\*not\\*", "*not*"],
    ["¯\\_(ツ)_/¯", "¯\\_(ツ)_/¯"],
    ["C:\\temp\\new", "C:\\temp\\new"],
    ["2 > 1 and >_<", "2 > 1 and >_<"],
    ["`a*b*` c", "code(a*b*) c"],
    ["`` a`b ``", "code(a`b)"],
    ["`open", "`open"],
    [":wave: at 12:30:45", "emoji(wave) at 12emoji(30)45"],
  ])("%p is %p", (text, expected) => {
    expect(show(text)).toBe(expected);
  });
});

describe("marks beside Chinese, Japanese and Korean text", () => {
  test.each([
    ["**テスト。**です", "strong(テスト。)です"],
    ["これは**「強調」**です", "これはstrong(「強調」)です"],
    ["**스크립트(script)**라고", "strong(스크립트(script))라고"],
    ["**真。**她", "strong(真。)她"],
    ["他说**“好”**。", "他说strong(“好”)。"],
    ["**“引号”**中文", "strong(“引号”)中文"],
    ["**注意！**明日", "strong(注意！)明日"],
    ["**テスト。**test", "strong(テスト。)test"],
    ["~~旧。~~新", "strike(旧。)新"],
    ['foo**"bar"**baz', 'foo**"bar"**baz'],
    ["a ** b ** c", "a ** b ** c"],
    ["2**3**4", "2strong(3)4"],
  ])("%p is %p", (text, expected) => {
    expect(show(text)).toBe(expected);
  });
});

describe("links", () => {
  test.each([
    [
      "see https://example.com/a?b=c.",
      "see link(https://example.com/a?b=c -> https://example.com/a?b=c).",
    ],
    [
      "(https://en.wikipedia.org/wiki/A_(b))",
      "(link(https://en.wikipedia.org/wiki/A_(b) -> https://en.wikipedia.org/wiki/A_(b)))",
    ],
    [
      "詳しくはhttps://example.comを見て",
      "詳しくはlink(https://example.com -> https://example.com/)を見て",
    ],
    [
      "https://example.com/fooを見て",
      "link(https://example.com/foo -> https://example.com/foo)を見て",
    ],
    [
      "https://ja.wikipedia.org/wiki/東京",
      "link(https://ja.wikipedia.org/wiki/東京 -> https://ja.wikipedia.org/wiki/%E6%9D%B1%E4%BA%AC)",
    ],
    [
      "https://example.com/パス。次",
      "link(https://example.com/パス -> https://example.com/%E3%83%91%E3%82%B9)。次",
    ],
    [
      "**https://example.com**",
      "strong(link(https://example.com -> https://example.com/))",
    ],
    ["www.example.org", "link(www.example.org -> https://www.example.org/)"],
    ["awww. www.x", "awww. www.x"],
    [
      "[the **docs**](https://example.com/d)",
      "link(the strong(docs) -> https://example.com/d at example.com)",
    ],
    [
      "[https://bank.example](https://evil.example)",
      "link(https://bank.example -> https://evil.example/ at evil.example)",
    ],
    [
      "https://аpple.com/x",
      "link(https://аpple.com/x -> https://xn--pple-43d.com/x at xn--pple-43d.com)",
    ],
    [
      "[mail](mailto:ann@example.org)",
      "link(mail -> mailto:ann@example.org at ann@example.org)",
    ],
    ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
    ["[x](JaVaScRiPt:alert(1))", "[x](JaVaScRiPt:alert(1))"],
    ["[x](java\tscript:alert(1))", "[x](java\tscript:alert(1))"],
    ["[x](&#106;avascript:alert(1))", "[x](&#106;avascript:alert(1))"],
    ["[x](data:text/html,a)", "[x](data:text/html,a)"],
    ["[x](vbscript:a) [y](blob:a)", "[x](vbscript:a) [y](blob:a)"],
    [
      "[x](/relative) [](https://a.example)",
      "[x](/relative) [](link(https://a.example -> https://a.example/))",
    ],
    [
      'https://a"onmouseover=alert(1)//',
      'link(https://a -> https://a/)"onmouseover=alert(1)//',
    ],
  ])("%p is %p", (text, expected) => {
    expect(show(text)).toBe(expected);
  });
});

describe("blocks", () => {
  test.each([
    ["a\nb", "a\nb"],
    ["a\n\nb", "a | b"],
    ["a\n\n\nb", "a | \nb"],
    [
      "```ts\nlet a = 1;\n\nb\n```\nafter",
      "fence(ts: let a = 1;\n\nb) | after",
    ],
    ["```\nopen", "fence(: open)"],
    ["> one\n> two\nthree", "quote(one\ntwo) | three"],
    ["> a\n>> b", "quote(a | quote(b))"],
    ["- a\n- b", "list(a, b)"],
    ["Steps:\n1. a\n2. b", "Steps: | list1(a, b)"],
    ["- a\n  - b\n- c", "list(a | list(b), c)"],
    ["3) x", "list3(x)"],
    ["-not a list", "-not a list"],
    ["<script>alert(1)</script>", "<script>alert(1)</script>"],
    ["", ""],
  ])("%p is %p", (text, expected) => {
    expect(show(text)).toBe(expected);
  });
});

test("[T13] [U6] ten thousand of the worst characters are read within 20 ms", () => {
  const worst = [
    "```\n".repeat(2_500),
    "*".repeat(10_000),
    "[".repeat(10_000),
    "![".repeat(5_000),
    ">".repeat(5_000),
    "> ".repeat(5_000),
    "- ".repeat(1_000),
    "|".repeat(3_000),
    `http://${"a.".repeat(4_996)}`,
    "www.".repeat(2_500),
    `http://a.example/${"(".repeat(4_990)}${")".repeat(4_990)}`,
    `http://a.example/${")".repeat(9_980)}`,
    ":".repeat(10_000),
    ":__proto__:".repeat(900),
    `a${"\u0301".repeat(5_000)}`,
    "﷽".repeat(10_000),
    "**a *b ".repeat(1_400),
    "*a ".repeat(1_600) + "a* ".repeat(1_600),
    "*a _b ".repeat(1_666),
    "a**b__c~~d".repeat(1_000),
    "[](".repeat(3_333),
    "[a](".repeat(2_500),
    "[a](http://b".repeat(833),
    `${"[a](http://b".repeat(830)})`,
    "[".repeat(5_000) + "]".repeat(5_000),
    "[a]".repeat(3_333),
    "http://[".repeat(1_250),
    "http://a.b ".repeat(909),
    "`".repeat(10_000),
    "`a".repeat(5_000),
    Array.from({ length: 140 }, (_, n) => "`".repeat(n)).join(" "),
    " a".padEnd(9_998, "b").concat("`"),
    "\\".repeat(10_000),
    "\n".repeat(10_000),
    "1. ".repeat(3_333),
    "- a\n".repeat(2_500),
    "  - a\n".repeat(1_600),
    "> - > - > - a\n".repeat(700),
    "_a_ ".repeat(2_500),
    "字**。".repeat(3_333),
  ];
  for (const text of worst) {
    // The best of some: a busy machine is slow by itself.
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      parseMarkdown(text.slice(0, 10_000));
      return performance.now() - start;
    });
    const label = JSON.stringify(text.slice(0, 30));
    expect(Math.min(...times), label).toBeLessThan(20);
  }
});

test("marks may nest thousands deep without harm", () => {
  const text = "*a ".repeat(3_000) + "a* ".repeat(3_000);
  let nodes = parseMarkdown(text);
  expect(nodes).toHaveLength(1);
  nodes = parseMarkdown("> ".repeat(5_000));
  expect(nodes).toHaveLength(1);
});
