import { limits } from "@parley/protocol";

/** `unread` counts up to 100 and then means "or more". */
export function unreadLabel(unread: number): string {
  return unread < limits.unreadCount
    ? String(unread)
    : `${limits.unreadCount - 1}+`;
}
