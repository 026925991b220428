/**
 * The id of the one author who is nobody: what the server itself does, and the
 * operator at its command line.
 */
export const founder = "u_0founder0";
