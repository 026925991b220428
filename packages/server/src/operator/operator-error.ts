/** What an operator asked cannot be done; its message is a sentence for them. */
export class OperatorError extends Error {}
