import { defineAsyncComponent, type Component } from "vue";
import { loadTexts, type TextPart } from "./i18n.ts";

/** A component that is loaded when it is first drawn, and its texts with it. */
export function lateComponent<Loaded extends Component>(
  load: () => Promise<{ default: Loaded }>,
  ...parts: TextPart[]
): Loaded {
  return defineAsyncComponent<Loaded>(async () => {
    const [component] = await Promise.all([
      load(),
      ...["more" as const, ...parts].map(loadTexts),
    ]);
    return component.default;
  });
}
