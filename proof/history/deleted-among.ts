/** Which of these messages are told as deleted: nothing for a record if none is. */
export function deletedAmong(
  messages: readonly { seq: number; deleted?: true }[],
): { deleted?: number[] } {
  const deleted = messages.filter((one) => one.deleted).map(({ seq }) => seq);
  return deleted.length === 0 ? {} : { deleted };
}
