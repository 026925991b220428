/** A media query: there is no mouse, and most likely no keyboard. */
export const touchOnly = "(hover: none) and (pointer: coarse)";
