/** How the generator talks to every server of the tutorial's three keys. */
export function simpleWire(port: number): string[] {
  return [
    ...["--port", String(port), "--path", "/ws"],
    "--post",
    '{"email":"p{n}@example.org","username":"p{n}","message":"{body}"}',
    // In 500 ms the last one's subscription has happened as well; this wire
    // has no word for it.
    ...["--settle", "0.5"],
  ];
}
