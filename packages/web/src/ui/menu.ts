/** One thing to choose from a menu. */
export interface MenuItem<Key extends string, Icon extends string> {
  key: Key;
  label: string;
  icon: Icon;
  /** Whether it is on, for what is on or off. */
  isOn?: boolean;
  isDanger?: boolean;
}

/** What a menu opens beside: a button's edges, or a point. */
export interface MenuPlace {
  top: number;
  bottom: number;
  left: number;
  right: number;
  /** Whether its ends meet the right edge instead of the left. */
  alignsEnd?: boolean;
  /** Pressed again, the button closes it by itself. */
  button?: Element;
}

/** Beside the button that was pressed. */
export function besideButton(event: Event, alignsEnd = false): MenuPlace {
  const button = event.currentTarget as Element;
  return { ...edgesOf(button), alignsEnd, button };
}

/** Where the pointer is; the key for menus opens one below what has the focus. */
export function atPointer(event: MouseEvent): MenuPlace {
  const { clientX: x, clientY: y } = event;
  const isByKey = x === 0 && y === 0;
  if (!isByKey) return { top: y, bottom: y, left: x, right: x };
  return edgesOf(event.currentTarget as Element);
}

function edgesOf(element: Element): MenuPlace {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return { top, bottom, left, right };
}
