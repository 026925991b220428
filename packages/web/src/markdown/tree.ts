// What a message's text means, without a word about how it looks.

export type Mark = "strong" | "emphasis" | "strike";

export type Inline =
  | { type: "text"; text: string }
  /** `:wave:`; whether there is such an emoji is known only when drawing. */
  | { type: "shortcode"; name: string }
  | { type: "code"; text: string }
  | { type: Mark; children: Inline[] }
  | {
      type: "link";
      href: string;
      /** Where the link really goes, when its text does not say so. */
      host: string | undefined;
      children: Inline[];
    };

export type Block =
  | { type: "paragraph"; children: Inline[] }
  | { type: "code-block"; language: string; text: string }
  | { type: "quote"; children: Block[] }
  | {
      type: "list";
      /** The first number, or undefined for bullets. */
      start: number | undefined;
      items: Block[][];
    };
